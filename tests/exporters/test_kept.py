from exporters.kept import Kept, place_of
from kpi_state.read.sample import Person
from kpi_state.read.slots import Slot
from tests.exporters.floor import NOW, seen


def test_the_version_is_that_of_the_last_change_of_anything() -> None:
    kept = Kept()
    kept.people.put("ann", Person("ann", "", ""), 3)

    assert kept.follow(5) == 3


def test_a_place_is_a_slot_without_a_bucket() -> None:
    places = {place_of(sample) for sample in seen().reader().samples(NOW, current=True)}

    assert Slot("touchpoints", "rep", "anna", "day", "", (("channel", "call"),)) in places
    assert {place.bucket for place in places} == {""}
