from itertools import permutations
from typing import Any

import pytest

from kpi_state.buckets import NO_BUCKET
from kpi_state.entities.registry import ENTITIES
from kpi_state.links import ACCEPTED, CONTRACT, MERGE, OPPORTUNITY, TOUCH
from kpi_state.quality import JUDGES, WIDTHS
from tests.statements import appointment, call, contact, contract, event, lead, opportunity, purchase
from tests.told import SUBJECT, gives, told

DAY = "2024-01-05"


def incomplete(kind: str, lines: list[bytes], links: dict[str, dict[str, Any]] | None = None) -> set[str]:
    """The fields that are counted as missing of an entity."""
    return {field for field, _ in to_ask(kind, lines, links)}


def to_ask(kind: str, lines: list[bytes], links: dict[str, dict[str, Any]] | None = None) -> set[tuple[str, str]]:
    """Those fields, each with the source to ask."""
    given = gives("incomplete", kind, told(kind, lines, links))
    assert all(
        (rep, bucket, labels[0], amounts) == ("", NO_BUCKET, kind, (1,))
        for (rep, bucket, labels), amounts in given.items()
    )
    return {(field, source) for _, _, (_, field, source) in given}


COMPLETE: dict[str, bytes] = {
    "lead": lead(SUBJECT, DAY, created_at=DAY),
    "appointment": appointment(SUBJECT, DAY, set_at=DAY),
    "opportunity": opportunity(SUBJECT, DAY, outcome="won", amount_minor=1, currency="EUR"),
    "contract": contract(SUBJECT, DAY, starts_on="2024-01-05", value_minor=1, currency="EUR"),
    "purchase": purchase(SUBJECT, DAY, at=DAY, amount_minor=1, currency="EUR"),
}


@pytest.mark.parametrize("kind", COMPLETE)
def test_what_has_every_field_a_kpi_needs_is_complete(kind: str) -> None:
    assert incomplete(kind, [COMPLETE[kind]]) == set()


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("lead", "created_at"),
        ("appointment", "set_at"),
        ("opportunity", "amount_minor"),
        ("opportunity", "currency"),
        ("contract", "starts_on"),
        ("contract", "value_minor"),
        ("contract", "currency"),
        ("purchase", "at"),
        ("purchase", "amount_minor"),
        ("purchase", "currency"),
    ],
)
def test_a_field_that_a_kpi_needs_is_incomplete_while_it_is_missing(kind: str, field: str) -> None:
    cleared = [COMPLETE[kind], event(kind, SUBJECT, "2024-01-06", **{field: None})]

    assert incomplete(kind, cleared) == {field}
    assert incomplete(kind, [*cleared, event(kind, SUBJECT, "2024-01-07", deleted=True)]) == set()


def test_a_value_of_nothing_needs_its_currency_too() -> None:
    assert incomplete("purchase", [purchase(SUBJECT, DAY, at=DAY, amount_minor=0)]) == {"currency"}


def test_an_appointment_that_is_decided_needs_no_set_at() -> None:
    assert incomplete("appointment", [appointment(SUBJECT, DAY, verdict="accepted")]) == set()


@pytest.mark.parametrize("outcome", ["open", "lost", None])
def test_an_opportunity_needs_an_amount_only_when_it_is_won(outcome: str | None) -> None:
    assert incomplete("opportunity", [opportunity(SUBJECT, DAY, outcome=outcome)]) == set()


def test_a_won_opportunity_that_a_contract_names_needs_no_amount() -> None:
    named = {CONTRACT: {"c1": [100, "EUR", "", "", 1, "r1"]}}

    assert incomplete("opportunity", [opportunity(SUBJECT, DAY, outcome="won")], named) == set()


@pytest.mark.parametrize(
    "links",
    [
        {TOUCH: {"s1": [5, "call", "r1"]}},
        {ACCEPTED: {"a1": True}},
        {OPPORTUNITY: {"o1": ["open", 0]}},
        {MERGE: {"y": {"y": [["y"], [[], [], False, False, None]]}}},
    ],
    ids=["touch", "appointment", "opportunity", "merge"],
)
def test_a_lead_that_only_others_name_is_one_without_created_at(links: dict[str, dict[str, Any]]) -> None:
    assert incomplete("lead", [], links) == {"created_at"}


def test_a_lead_that_nobody_names_any_more_is_none() -> None:
    assert incomplete("lead", [], {TOUCH: {"s1": None}, OPPORTUNITY: {"o1": None}}) == set()


def test_a_lead_of_which_nothing_is_said_but_that_it_is_there_is_incomplete() -> None:
    assert incomplete("lead", [lead(SUBJECT, DAY)]) == {"created_at"}


def test_the_source_to_ask_is_the_one_that_spoke_of_it_last_in_whatever_order_it_arrived() -> None:
    said = [
        lead(SUBJECT, "2024-01-05", source="/a", owner_id="r1"),
        lead(SUBJECT, "2024-01-07", source="/b", status="working"),
        lead(SUBJECT, "2024-01-06", source="/c", origin="fair"),
    ]

    assert {frozenset(to_ask("lead", list(some))) for some in permutations(said)} == {frozenset({("created_at", "/b")})}
    assert to_ask("lead", [*said, lead(SUBJECT, "2024-01-08", source="/d", origin="list")]) == {("created_at", "/d")}


def test_whoever_cleared_a_field_is_asked_about_it_whoever_spoke_since() -> None:
    said = [
        lead(SUBJECT, "2024-01-05", source="/a", created_at=DAY),
        lead(SUBJECT, "2024-01-06", source="/b", created_at=None),
        lead(SUBJECT, "2024-01-07", source="/c", status="working"),
    ]

    assert to_ask("lead", said) == {("created_at", "/b")}


def test_of_what_only_others_name_no_source_is_to_be_asked() -> None:
    assert to_ask("lead", [], {OPPORTUNITY: {"o1": ["open", 0]}}) == {("created_at", "")}
    assert to_ask("lead", [lead(SUBJECT, DAY)]) == {("created_at", "")}


@pytest.mark.parametrize("kind", ["lead", "opportunity"])
def test_what_is_merged_away_misses_nothing(kind: str) -> None:
    lines = [event(kind, SUBJECT, DAY, outcome="won", merged_into="w")]

    assert incomplete(kind, lines) == set()


PAYLOADS: dict[str, list[Any]] = {
    "account": [[0, None, [], []], [], [], []],
    "contact": [None, False],
    "lead": [[], [], False, False, None],
    "opportunity": [None, []],
}


@pytest.mark.parametrize("kind", PAYLOADS)
def test_what_a_ninth_merge_cuts_off_is_counted_where_it_stays_behind(kind: str) -> None:
    too_far, far = [f"e{n}" for n in range(8)], [f"f{n}" for n in range(7)]
    merged = {MERGE: {"e7": {"e0": [too_far, PAYLOADS[kind]]}, "f6": {"f0": [far, PAYLOADS[kind]]}}}
    said = [
        event(kind, SUBJECT, DAY, merged_into="w", source="/merger"),
        event(kind, SUBJECT, "2024-01-09", owner_id="r1", source="/other"),
    ]
    row = told(kind, said, merged)

    assert gives("merge_too_deep", kind, row) == {("", NO_BUCKET, (kind, "/merger")): (1,)}
    assert gives("merge_too_deep", kind, told(kind, [], merged)) == {}


def test_only_what_can_be_incomplete_or_merged_is_asked() -> None:
    assert set(JUDGES) == {*COMPLETE, *PAYLOADS}
    assert set(JUDGES) < set(ENTITIES)
    assert set(WIDTHS) == {"incomplete", "merge_too_deep"}


def test_a_call_or_a_contact_misses_nothing() -> None:
    assert incomplete("call", [call(SUBJECT, DAY)]) == set()
    assert incomplete("contact", [contact(SUBJECT, DAY)]) == set()
