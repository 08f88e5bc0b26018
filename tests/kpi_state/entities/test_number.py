import pytest

from kpi_state.definitions import Definitions
from kpi_state.entities.number import claims, holder
from kpi_state.links import CLAIM, REACHED, TOUCH
from kpi_state.rows import Row
from tests.told import says, told

KNOWN = [(10, 20, "b"), (10, None, "c"), (15, 18, "a"), (30, None, "d"), (30, None, "e")]


@pytest.mark.parametrize(
    ("time", "contact"),
    [
        (5, "b"),  # nobody yet: the next who gets it, tie: smallest id
        (10, "b"),
        (15, "a"),  # among holders the one who got it last
        (17, "a"),
        (18, "b"),  # a claim does not hold its end
        (20, "c"),
        (29, "c"),
        (30, "d"),
    ],
)
def test_a_call_belongs_to_who_held_the_number_then(time: int, contact: str) -> None:
    assert holder(KNOWN, time) == contact


def test_after_the_last_claim_ended_a_call_belongs_to_nobody() -> None:
    assert holder([(10, 20, "a")], 20) is None
    assert holder([], 20) is None


def test_between_two_claims_a_call_belongs_to_the_next() -> None:
    assert holder([(10, 20, "a"), (30, 40, "b")], 25) == "b"


def numbered(claimed: dict[str, object], calls: dict[str, object]) -> Row:
    return told("number", links={CLAIM: claimed, TOUCH: calls})


def test_every_contact_learns_of_the_first_touch_while_it_held_the_number() -> None:
    row = numbered(
        {"a": [[0, 20]], "b": [[20, None]]},
        {"t1": [5, "t1", "r1"], "t2": [20, "t2", "r1"], "t3": [4, "t3", "r2"], "t4": [25, "t4", "r2"]},
    )

    assert says("number", row) == {
        ("contact", "a", REACHED): [4, "t3", "r2"],
        ("contact", "b", REACHED): [20, "t2", "r1"],
    }


@pytest.mark.parametrize("claimed", [{}, {"a": None}, {"a": []}])
def test_a_number_nobody_ever_held_tells_nobody(claimed: dict[str, object]) -> None:
    assert says("number", numbered(claimed, {"t1": [5, "t1", "r1"]})) == {}


def test_a_number_that_nobody_was_called_on_tells_nobody() -> None:
    assert says("number", numbered({"a": [[0, None]]}, {"t1": None})) == {}
    assert says("number", told("number", links={CLAIM: {"a": [[0, None]]}})) == {}


def test_a_touch_that_nobody_is_left_for_reaches_nobody() -> None:
    assert says("number", numbered({"a": [[0, 5]]}, {"t1": [5, "t1", "r1"]})) == {}


def test_claims_are_known_in_the_same_order_whatever_arrived_first() -> None:
    one, other = {"a": [[5, None]], "b": [[3, 5], [7, None]]}, {"b": [[3, 5], [7, None]], "a": [[5, None]]}

    assert (
        claims(numbered(one, {}), Definitions())
        == claims(numbered(other, {}), Definitions())
        == [(3, 5, "b"), (5, None, "a"), (7, None, "b")]
    )
