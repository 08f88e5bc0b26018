from typing import Any

from kpi_state.links import TOUCH, slot_subject
from tests.told import says, told, viewed

CALLED = slot_subject("r1", "n+31", "call", 5)
MAILED = slot_subject("r1", "cc1", "email", 5)


def links(subject: str, touches: dict[str, Any]) -> dict[tuple[str, ...], Any]:
    return says("slot", told("slot", links={TOUCH: touches}), subject)


def test_a_slot_is_counted_for_its_rep_and_channel_when_its_earliest_touch_was() -> None:
    view = viewed("slot", told("slot", links={TOUCH: {"t1": [7, None, None], "t2": [5, "c1", None]}}), CALLED)

    assert (view.rep, view.channel, view.at) == ("r1", "call", 5)


def test_a_slot_whose_touches_are_all_gone_is_none() -> None:
    row = told("slot", links={TOUCH: {"t1": None}})

    assert viewed("slot", row, CALLED) is None
    assert says("slot", row, CALLED) == {}


def test_each_contact_and_lead_learns_of_the_first_touch_aimed_at_it() -> None:
    touches = {"t1": [7, "c1", "l1"], "t2": [5, "c2", None], "t3": [9, "c1", None], "t4": [6, None, "l1"]}

    assert links(MAILED, touches) == {
        ("contact", "c1", TOUCH): [7, "t1", "r1"],
        ("contact", "c2", TOUCH): [5, "t2", "r1"],
        ("lead", "l1", TOUCH): [6, "t4", "r1"],
    }


def test_of_two_touches_at_one_instant_the_smaller_id_is_the_first() -> None:
    assert links(MAILED, {"b": [5, "c1", None], "a": [5, "c1", None]}) == {("contact", "c1", TOUCH): [5, "a", "r1"]}


def test_a_touch_that_names_nobody_reaches_nobody_through_its_slot() -> None:
    assert links(CALLED, {"t1": [5, None, None], "t2": [5, "", ""]}) == {}


def test_contacts_and_leads_of_one_name_are_told_apart() -> None:
    assert links(CALLED, {"t1": [5, "x", "x"]}) == {
        ("contact", "x", TOUCH): [5, "t1", "r1"],
        ("lead", "x", TOUCH): [5, "t1", "r1"],
    }
