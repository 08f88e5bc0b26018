from typing import Any

import pytest

from kpi_state.entities.contact import claimed
from kpi_state.links import CLAIM, FIRST, LEAD, MERGE, REACHED, TOUCH
from tests.statements import contact
from tests.told import at, says, told, viewed


def touch(day: str, rep: str = "r1") -> list[object]:
    return [at(day), f"call of {day}", rep]


def test_the_first_touch_is_the_earliest_aimed_at_it_its_numbers_or_its_leads() -> None:
    by_slot: dict[str, dict[str, object]] = {TOUCH: {"s1": touch("2024-01-07"), "s2": touch("2024-01-06")}}
    by_number: dict[str, dict[str, object]] = {REACHED: {"+31": touch("2024-01-05")}}
    by_lead: dict[str, dict[str, object]] = {LEAD: {"l1": [False, touch("2024-01-04")], "l2": [False, None]}}

    assert viewed("contact", told("contact", links=by_slot)).first_touch == touch("2024-01-06")
    assert viewed("contact", told("contact", links=by_slot | by_number)).first_touch == touch("2024-01-05")
    assert viewed("contact", told("contact", links=by_slot | by_number | by_lead)).first_touch == touch("2024-01-04")


def test_a_contact_nobody_touched_has_no_first_touch() -> None:
    assert viewed("contact", told("contact")).first_touch is None
    assert viewed("contact", told("contact", links={TOUCH: {"s1": None}})).first_touch is None


def test_of_two_touches_at_one_instant_the_smaller_id_is_the_first() -> None:
    links = {TOUCH: {"s1": [5, "b", "r1"], "s2": [5, "a", "r2"]}}

    assert viewed("contact", told("contact", links=links)).first_touch == [5, "a", "r2"]


@pytest.mark.parametrize(
    ("leads", "qualified"),
    [({}, False), ({"l1": [False, None]}, False), ({"l1": [False, None], "l2": [True, None]}, True)],
)
def test_a_contact_is_qualified_once_any_of_its_leads_ever_was(leads: dict[str, object], qualified: bool) -> None:
    assert viewed("contact", told("contact", links={LEAD: leads})).qualified is qualified


def test_a_merged_contact_hands_its_winner_everything_and_counts_for_nothing_itself() -> None:
    row = told(
        "contact",
        [contact("x", "2024-01-05", merged_into="w")],
        {TOUCH: {"s1": touch("2024-01-06")}, LEAD: {"l": [True, None]}},
    )

    assert not viewed("contact", row).alive
    assert says("contact", row) == {("contact", "w", MERGE): {"x": [["x"], [touch("2024-01-06"), True]]}}


def test_what_was_merged_into_a_contact_counts_for_it_and_not_as_its_own() -> None:
    row = told(
        "contact",
        links={
            TOUCH: {"s1": touch("2024-01-06")},
            MERGE: {"y": {"y": [["y"], [touch("2024-01-05"), True]], "z": [["z", "y"], [None, False]]}},
        },
    )
    view = viewed("contact", row)

    assert (view.alive, view.first_touch, view.qualified) == (True, touch("2024-01-05"), True)
    assert view.own == [touch("2024-01-06"), False]


def test_each_number_learns_when_it_was_held_even_by_a_merged_contact() -> None:
    row = told(
        "contact",
        [
            contact("x", "2024-01-05", phones=["+31", "+32"]),
            contact("x", "2024-01-07", phones=["+32"], merged_into="w"),
        ],
    )

    told_numbers = {to: value for to, value in says("contact", row).items() if to[2] == CLAIM}
    assert told_numbers == {
        ("number", "+31", CLAIM): [[at("2024-01-05"), at("2024-01-07")]],
        ("number", "+32", CLAIM): [[at("2024-01-05"), None]],
    }


def test_a_deleted_contact_says_nothing() -> None:
    row = told(
        "contact",
        [contact("x", "2024-01-05", phones=["+31"], merged_into="w", deleted=True)],
        {TOUCH: {"s1": touch("2024-01-06")}},
    )

    assert viewed("contact", row) is None
    assert says("contact", row) == {}


def held(*statements: tuple[str, list[str] | None]) -> dict[str, list[list[int | None]]]:
    return claimed(told("contact", [contact("x", time, phones=phones) for time, phones in statements]).lines["phones"])


def test_a_number_is_held_from_the_first_statement_that_has_it_to_the_first_that_has_not() -> None:
    assert held(("2024-01-01", ["+1"]), ("2024-01-02", ["+1", "+2"]), ("2024-01-03", None), ("2024-01-04", ["+1"])) == {
        "+1": [[at("2024-01-01"), at("2024-01-03")], [at("2024-01-04"), None]],
        "+2": [[at("2024-01-02"), at("2024-01-03")]],
    }


def test_a_number_that_is_named_twice_in_one_statement_is_held_once() -> None:
    assert held(("2024-01-01", ["+1", "+1"])) == {"+1": [[at("2024-01-01"), None]]}


def test_a_number_that_is_got_and_lost_at_one_instant_was_never_held() -> None:
    assert held(("2024-01-01", ["+1", "+2"]), ("2024-01-01", ["+2"]), ("2024-01-05", ["+1", "+2"])) == {
        "+1": [[at("2024-01-05"), None]],
        "+2": [[at("2024-01-01"), None]],
    }
    assert held(("2024-01-01", ["+1"]), ("2024-01-01", [])) == {}


def test_its_leads_and_what_was_merged_into_it_learn_when_it_was_first_touched() -> None:
    heard: dict[str, dict[str, Any]] = {
        TOUCH: {"s": [7, "t", "r1"]},
        LEAD: {"l1": [False, None]},
        MERGE: {"y": {"y": [["y"], [[5, "u", "r2"], False]]}},
    }
    row = told("contact", links=heard)

    assert says("contact", row) == {("lead", "l1", FIRST): 5, ("contact", "y", FIRST): 5}


def test_a_merged_contact_tells_its_leads_what_the_survivor_says() -> None:
    said = [contact("x", "2024-01-05", merged_into="w")]
    heard: dict[str, dict[str, Any]] = {TOUCH: {"s": [7, "t", "r1"]}, LEAD: {"l1": [False, None]}}
    lonely, told_of = told("contact", said, heard), told("contact", said, heard | {FIRST: {"w": 3, "v": 4}})

    assert ("lead", "l1", FIRST) not in says("contact", lonely)
    assert says("contact", told_of)["lead", "l1", FIRST] == 3
    assert ("contact", "w", FIRST) not in says("contact", told_of)
