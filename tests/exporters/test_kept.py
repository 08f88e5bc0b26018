from exporters.kept import Kept, place_of
from kpi_state.read.sample import Person
from kpi_state.read.slots import Slot
from tests.exporters.floor import NOW, seen
from tests.exporters.passing import come_and_go


def test_the_version_is_that_of_the_last_change_of_anything() -> None:
    kept = Kept()
    kept.people.put("ann", Person("ann", "", ""), 3)

    assert kept.follow(5) == 3


def test_a_place_is_a_slot_without_a_bucket() -> None:
    places = {place_of(sample) for sample in seen().reader().samples(NOW, current=True)}

    assert Slot("touchpoints", "rep", "anna", "day", "", (("channel", "call"),)) in places
    assert {place.bucket for place in places} == {""}


def test_who_looked_before_what_is_forgotten_went_begins_anew() -> None:
    kept = Kept()
    for version in (1, 2):
        kept.people.put("ann", Person("ann", "", ""), version)
        assert kept.known_since(kept.follow(version)) == version

    last = come_and_go(kept, 2)

    assert [kept.known_since(version) for version in (0, 1, 2, last)] == [0, 0, 0, last]
