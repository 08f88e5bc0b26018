from collections.abc import Iterable

from kpi_state.events import Event, decode
from kpi_state.explain.witnesses import Who, Witnesses, shown
from tests.explaining import numbered
from tests.reference import microseconds
from tests.statements import appointment, contract, event, lead, opportunity

AS_OF = microseconds("2024-06-30T00:00:00Z")
LEAD = Who("lead", "l1")


def decided(witnesses: Witnesses, line: bytes, *fields: str) -> None:
    """Say that statements of an event decided something."""
    stated: Event = decode(line)
    for field in fields or stated.fields:
        witnesses.said(Who(stated.kind, stated.subject), field, stated.stamp, stated.fields[field])


def lost(witnesses: Witnesses, lines: Iterable[bytes]) -> list[tuple[str, str, list[str]]]:
    witnesses.hear(numbered(lines), AS_OF)
    return [(each.reason, each.why, [said.at for said in each.decided_by]) for each in witnesses.lost()]


def test_a_statement_is_found_where_it_stands_first_and_counted_wherever_it_stands() -> None:
    line = lead("l1", "2024-01-05", owner_id="r1")
    witnesses = Witnesses()
    decided(witnesses, line)

    witnesses.hear(numbered([b"nonsense", lead("l2", "2024-01-05", owner_id="r1"), line, line]), AS_OF)

    (said,) = (witnesses.said(LEAD, "owner_id", decode(line).stamp, "r1"),)
    assert (said.at, said.times, said.time, said.source) == ("events:3", 2, "2024-01-05T12:00:00Z", "/crm")


def test_the_same_said_again_later_is_a_repetition() -> None:
    first, again = lead("l1", "2024-01-05", owner_id="r1"), lead("l1", "2024-01-06", owner_id="r1")
    witnesses = Witnesses()
    decided(witnesses, first)

    assert lost(witnesses, [again, first]) == []
    assert witnesses.said(LEAD, "owner_id", decode(first).stamp, "r1").times == 2


def test_what_was_said_before_is_superseded_and_what_was_said_later_came_too_late() -> None:
    before, middle, after = (lead("l1", f"2024-01-0{day}", owner_id=f"r{day}") for day in (1, 2, 3))
    witnesses = Witnesses()
    decided(witnesses, middle)

    assert lost(witnesses, [after, middle, before]) == [
        ("superseded", "owner_id = r1 lost against the later r2", ["events:3", "events:2"]),
        ("superseded", "owner_id = r3 came later, the earlier r2 decides", ["events:1", "events:2"]),
    ]


def test_of_what_was_said_often_and_lost_the_latest_is_shown() -> None:
    lines = [lead("l1", f"2024-01-0{day}", status="new") for day in (2, 1, 3)]
    last = lead("l1", "2024-01-09", status="working")
    witnesses = Witnesses()
    decided(witnesses, last)

    witnesses.hear(numbered([*lines, last]), AS_OF)

    (found,) = witnesses.lost()
    assert (found.decided_by[0].at, found.decided_by[0].times) == ("events:3", 3)


def test_of_two_contents_of_one_event_the_smaller_lost() -> None:
    one, other = (event("lead", "l1", "2024-01-05", id="same", status=status) for status in ("new", "working"))
    witnesses = Witnesses()
    decided(witnesses, other)

    assert lost(witnesses, [one, other]) == [
        (
            "superseded",
            "status = new lost against working, the larger of two contents of one event",
            ["events:1", "events:2"],
        )
    ]


def test_what_is_said_for_a_later_time_is_not_yet() -> None:
    line = lead("l1", "2024-01-05", status="new")
    later = [lead("l1", "2024-07-05", status="new"), lead("l1", "2024-07-06", status="working")]
    witnesses = Witnesses()
    decided(witnesses, line)

    assert lost(witnesses, [line, *later]) == [
        (
            "after_as_of",
            "status = working is said for 2024-07-06T12:00:00Z, after the instant asked for",
            ["events:3", "events:1"],
        )
    ]


def test_what_was_left_out_loses_nothing() -> None:
    line = lead("l1", "2024-01-05", deleted=True)
    witnesses = Witnesses()
    witnesses.said(LEAD, "deleted", decode(line).stamp, True, decides=False)

    assert lost(witnesses, [line, lead("l1", "2024-01-04", deleted=False)]) == []


def test_several_statements_of_a_field_may_decide_together() -> None:
    lines = [lead("l1", f"2024-01-0{day}", owner_id=f"r{day}") for day in (1, 2, 3)]
    witnesses = Witnesses()
    decided(witnesses, lines[0])
    decided(witnesses, lines[2])

    assert lost(witnesses, lines) == [
        ("superseded", "owner_id = r2 lost against the later r3", ["events:2", "events:3"])
    ]


def test_the_time_that_counts_is_that_of_the_earliest_event_the_smallest_of_equal_ones() -> None:
    lines = [event("call", "k1", "2024-01-05", id=name, rep_id="r1") for name in ("b", "a", "c")]
    witnesses = Witnesses()
    said = witnesses.began(Who("call", "k1"), microseconds("2024-01-05T12:00:00Z"))

    witnesses.hear(numbered([*lines, event("call", "k1", "2024-01-06")]), AS_OF)

    assert (said.field, said.value, said.id, said.at, said.times) == (
        "time",
        "2024-01-05T12:00:00Z",
        "a",
        "events:2",
        3,
    )
    assert witnesses.began(Who("call", "k1"), microseconds("2024-01-05T12:00:00Z")) is said


def test_values_are_shown_as_events_write_them() -> None:
    line = opportunity("o1", "2024-01-05", closed_at="2024-01-05", splits={"r1": 0.50}, amount_minor=5, deleted=True)
    fields = decode(line).fields

    assert {field: shown("opportunity", field, value) for field, value in fields.items()} == {
        "closed_at": "2024-01-05T12:00:00Z",
        "splits": {"r1": "0.5"},
        "amount_minor": 5,
        "deleted": True,
    }
    assert shown(
        "contract", "starts_on", decode(contract("k", "2024-01-05", starts_on="2024-02-29")).fields["starts_on"]
    ) == ("2024-02-29")
    assert shown("appointment", "set_at", decode(appointment("a", "2024-01-05", set_at=None)).fields["set_at"]) is None
