import pytest

from kpi_state.definitions import Definitions
from kpi_state.links import DIALLED, dial_subject
from kpi_state.measures.outbound_calls import STEM
from tests.statements import call
from tests.told import at, gives, q, told

START = "2024-01-05 10:00"
CALLED = {"rep_id": "r1", "direction": "outbound", "phone": "+31201234567", "started_at": START}


def counted(**said: object) -> tuple[int, ...] | None:
    definitions = Definitions(own_numbers=("+3120999", "+49"))
    row = told("call", [call("x", START, **CALLED | said)])
    return gives(STEM, "call", row, definitions=definitions).get(("r1", q(START), ()))


def test_an_outbound_leg_counts_for_its_rep_whatever_became_of_it() -> None:
    assert counted(disposition="no_answer") == (1, 0, 0, 0)
    assert counted(phone=None) == (1, 0, 0, 0)
    assert counted(direction="inbound", disposition="answered") is None
    assert counted(direction=None) is None


@pytest.mark.parametrize(
    ("said", "short"),
    [
        ({"ended_at": "2024-01-05T10:00:09.999999Z"}, 1),
        ({"ended_at": "2024-01-05T10:00:10Z"}, 0),
        ({"ended_at": "2024-01-05T09:59:59Z"}, 0),
        ({"disposition": "answered", "talk_seconds": 9}, 1),
        ({"disposition": "answered", "talk_seconds": 9, "ended_at": "2024-01-05T10:00:30Z"}, 0),
        ({"disposition": "answered"}, 0),
        ({"disposition": "busy", "talk_seconds": 0}, 0),
        ({"disposition": "answered", "started_at": None, "answered_at": START, "ended_at": "2024-01-05T10:00:01Z"}, 1),
    ],
)
def test_it_is_short_if_its_length_is_known_and_under_10_seconds(said: dict[str, object], short: int) -> None:
    assert counted(**said) == (1, short, 0, 0)


@pytest.mark.parametrize(("phone", "own"), [("+31209991", 1), ("+491", 1), ("+3120", 0), (None, 0)])
def test_a_call_to_a_number_of_the_organisation_is_marked(phone: str | None, own: int) -> None:
    assert counted(phone=phone) == (1, 0, own, 0)


def test_a_number_counts_at_its_first_call_of_the_day() -> None:
    subject = dial_subject("r1", "+31", 19_727)
    row = told("dial", links={DIALLED: {"k1": at("2024-01-05 11:00"), "k2": at(START), "k3": None}})

    assert gives(STEM, "dial", row, subject) == {("r1", q(START), ()): (0, 0, 0, 1)}
