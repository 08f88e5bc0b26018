from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_state.catalogue import CHOICES
from kpi_state.events import FIELDS, SHAPE_OF, TIMELINES
from kpi_state.rows import (
    Inbox,
    Row,
    Shelf,
    decode_row,
    decode_shelf,
    encode_row,
    encode_shelf,
    entity_of,
    key_of,
)

WIDE = st.integers(-(2**63), 2**63 - 1)
TIMES = st.integers(-3, 3) | st.integers(-(2**56), 2**58)
UUIDS = st.uuids().map(str)
stamps = st.tuples(TIMES, st.sampled_from(("", "01")), st.sampled_from(("/crm", "/hr")), st.text(min_size=1) | UUIDS)
values = st.none() | st.booleans() | WIDE | st.text() | st.lists(st.text()) | st.dictionaries(st.text(), st.text())
said = st.recursive(values, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=4)
inboxes: st.SearchStrategy[Inbox] = st.dictionaries(st.text(), st.tuples(st.integers(0, 2**40), said), max_size=3)
relations = st.sampled_from("thlm")


def values_of(kind: str, field: str) -> st.SearchStrategy[Any]:
    if SHAPE_OF[kind][field] == "time":
        return st.none() | TIMES
    return st.none() | st.sampled_from(CHOICES[kind, field]) if (kind, field) in CHOICES else values


def lines_of(kind: str, field: str) -> st.SearchStrategy[list[Any]]:
    said = st.tuples(stamps, values_of(kind, field))
    return st.lists(said, min_size=1, max_size=4, unique_by=lambda statement: statement[0]).map(sorted_by_stamp)


def sorted_by_stamp(line: list[Any]) -> list[Any]:
    return sorted(line, key=lambda statement: statement[0])


@st.composite
def shelves(draw: st.DrawFn) -> Shelf:
    if draw(st.booleans()):
        return Shelf(draw(inboxes))
    return Shelf({}, draw(st.lists(said, min_size=16, max_size=16)))


@st.composite
def rows(draw: st.DrawFn, kinds: Sequence[str] = (*FIELDS, "slot", "number")) -> tuple[str, Row]:
    kind = draw(st.sampled_from(kinds))
    row = Row()
    row.rev = draw(st.integers(0, 2**40))
    row.links = draw(st.dictionaries(relations, inboxes, max_size=2))
    row.shelves = draw(st.dictionaries(relations, shelves(), max_size=2))
    if kind in FIELDS:
        for field in draw(st.lists(st.sampled_from(FIELDS[kind]), unique=True)):
            if (kind, field) in TIMELINES:
                row.lines[field] = draw(lines_of(kind, field))
            else:
                row.facts[field] = draw(st.tuples(stamps, values_of(kind, field)))
        kept = [stamp[0] for stamp, _ in row.facts.values()] + [s[0] for line in row.lines.values() for s, _ in line]
        row.earliest = draw(st.none() | TIMES) if not kept else min([*kept, draw(TIMES)])
    return kind, row


def same(one: Row, other: Row) -> bool:
    return (one.rev, one.earliest, one.facts, one.lines, one.links) == (
        other.rev,
        other.earliest,
        other.facts,
        other.lines,
        other.links,
    ) and {relation: (shelf.links, shelf.summaries) for relation, shelf in one.shelves.items()} == {
        relation: (shelf.links, shelf.summaries) for relation, shelf in other.shelves.items()
    }


@given(rows())
def test_a_row_comes_back_from_its_bytes(kind_and_row: tuple[str, Row]) -> None:
    kind, row = kind_and_row

    assert same(decode_row(kind, encode_row(kind, row)), row)


@given(shelves())
def test_a_shelf_comes_back_from_its_bytes(shelf: Shelf) -> None:
    back = decode_shelf(encode_shelf(shelf))

    assert (back.links, back.summaries) == (shelf.links, shelf.summaries)


@given(st.sampled_from([*FIELDS, "slot", "number"]), st.text())
def test_an_entity_comes_back_from_its_key(kind: str, subject: str) -> None:
    assert entity_of(key_of(kind, subject)) == (kind, subject)


def test_an_untouched_row_is_two_bytes() -> None:
    assert encode_row("call", Row()) == b"\x91\x00"


@pytest.mark.parametrize("earliest", [0, -1, 1])
def test_an_event_that_said_nothing_is_remembered_by_its_time_even_at_the_epoch(earliest: int) -> None:
    row = Row()
    row.earliest = earliest

    assert decode_row("lead", encode_row("lead", row)).earliest == earliest


def test_the_earliest_time_outlives_the_statement_that_brought_it() -> None:
    row = Row()
    row.earliest = 0
    row.facts["phone"] = ((5, "", "/pbx", "e2"), "+31")

    assert decode_row("call", encode_row("call", row)).earliest == 0


def test_the_earliest_time_costs_nothing_while_its_statement_is_kept() -> None:
    row, later = Row(), Row()
    row.facts["phone"] = later.facts["phone"] = ((2**50, "", "/pbx", "e2"), "+31")
    row.earliest = 2**50
    later.earliest = 2**50 - 1

    assert len(encode_row("call", row)) < len(encode_row("call", later))


def test_a_stamp_is_written_once_however_many_facts_share_it() -> None:
    one, two = Row(), Row()
    stamp = (2**50, "", "/telephony", "0b3c9c1e-6a52-4a3e-a2b1-0c8c1d3c7f00")
    one.facts = {"phone": (stamp, "")}
    two.facts = {"phone": (stamp, ""), "rep_id": (stamp, "")}

    assert len(encode_row("call", two)) == len(encode_row("call", one)) + 3


def test_what_a_row_says_is_none_where_nothing_was_said_or_it_was_cleared() -> None:
    row = Row()
    row.facts["phone"] = ((1, "", "s", "e"), None)
    row.lines["owner_id"] = [((1, "", "s", "e"), "r1"), ((2, "", "s", "f"), None)]

    assert [row.get("phone"), row.get("rep_id"), row.last("owner_id"), row.last("status")] == [None] * 4


def test_a_row_gives_what_stands() -> None:
    row = Row()
    row.facts["phone"] = ((1, "", "s", "e"), "+31")
    row.lines["owner_id"] = [((1, "", "s", "e"), "r1"), ((2, "", "s", "f"), "r2")]
    row.links["t"] = {"c1": (3, None), "c2": (1, [5])}

    assert row.get("phone") == "+31"
    assert row.last("owner_id") == "r2"
    assert row.live("t") == [("c2", [5])]
    assert row.live("m") == []
