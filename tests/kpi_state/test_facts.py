from itertools import permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_state.events import FIELDS, TIMELINES, ContractError, Event, decode
from kpi_state.facts import Line, decided, first_owner, merge, owner_at, owner_now, state
from kpi_state.rows import Row
from tests.extremes import lines
from tests.statements import account, appointment, call, contact, lead, rep
from tests.told import at, told


def known(row: Row) -> tuple[object, ...]:
    return row.earliest, row.facts, row.lines


def merged(events: list[Event]) -> Row:
    row = Row()
    for event in events:
        merge(row, event)
    return row


def accepted(batch: list[bytes]) -> list[Event]:
    events = []
    for line in batch:
        try:
            events.append(decode(line))
        except ContractError:
            continue
    return events


@st.composite
def about_one(draw: st.DrawFn) -> list[Event]:
    """Events of one kind, read as if they were about one subject; many share their stamps."""
    kind = draw(st.sampled_from(tuple(FIELDS)))
    events = accepted(draw(st.lists(lines((kind,)), max_size=6)))
    stamps = st.tuples(st.integers(0, 2), st.just(""), st.just("s"), st.sampled_from("ab"))
    return [Event(event.kind, "x", draw(stamps), event.fields) for event in events]


@given(about_one(), st.randoms(use_true_random=False))
def test_facts_do_not_depend_on_the_order_of_their_events(events: list[Event], chance: Random) -> None:
    assert known(merged(chance.sample(events, len(events)))) == known(merged(events))


@given(about_one(), st.integers(0, 6))
def test_facts_do_not_depend_on_how_often_their_events_come(events: list[Event], some: int) -> None:
    again = merged(events)

    changed = [merge(again, event) for event in events[:some]]

    assert known(again) == known(merged(events))
    assert changed == [False] * len(changed)


@given(about_one())
def test_merging_says_whether_anything_changed(events: list[Event]) -> None:
    row = Row()
    for event in events:
        before = row.earliest, dict(row.facts), {field: list(line) for field, line in row.lines.items()}

        assert merge(row, event) == (known(row) != before)


def test_of_two_statements_the_later_time_wins_whenever_it_arrives() -> None:
    early = call("x", "2024-01-05 10:00", phone="+31")
    late = call("x", "2024-01-05 10:01", phone="+32")

    assert told("call", [early, late]).get("phone") == told("call", [late, early]).get("phone") == "+32"


@pytest.mark.parametrize(
    ("smaller", "larger"),
    [
        ({"sequence": "01", "source": "/z", "id": "z"}, {"sequence": "02", "source": "/a", "id": "a"}),
        ({"sequence": "01", "source": "/a", "id": "z"}, {"sequence": "01", "source": "/b", "id": "a"}),
        ({"sequence": "01", "source": "/a", "id": "a"}, {"sequence": "01", "source": "/a", "id": "b"}),
        ({"sequence": "9", "source": "/a", "id": "a"}, {"sequence": "99", "source": "/a", "id": "a"}),
    ],
)
def test_at_one_time_sequence_then_source_then_id_decide(smaller: dict[str, str], larger: dict[str, str]) -> None:
    one = call("x", "2024-01-05", phone="+39", **smaller)
    two = call("x", "2024-01-05", phone="+31", **larger)

    assert told("call", [one, two]).get("phone") == told("call", [two, one]).get("phone") == "+31"


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("phone", ["+31", "+32"]),
        ("phone", [None, "x", "n"]),
        ("talk_seconds", [9, 10, None]),
        ("started_at", ["2024-01-05 10:00", "2024-01-05 10:01"]),
        ("deleted", [True, False, None]),
    ],
)
def test_on_a_full_tie_one_content_wins_in_every_order(field: str, values: list[object]) -> None:
    events = [call("x", "2024-01-05", id="same", **{field: value}) for value in values]

    assert len({repr(told("call", order).get(field)) for order in permutations(events)}) == 1


def test_on_a_full_tie_the_larger_canonical_text_wins_and_not_the_larger_number() -> None:
    events = [call("x", "2024-01-05", id="same", talk_seconds=seconds) for seconds in (9, 10)]

    assert told("call", events).get("talk_seconds") == 9


def test_a_full_tie_within_a_timeline_leaves_one_statement() -> None:
    events = [appointment("x", "2024-01-05", id="same", verdict=verdict) for verdict in ("rejected", "accepted")]

    for order in permutations(events):
        assert [value for _, value in told("appointment", order).lines["verdict"]] == ["rejected"]


def test_a_field_that_is_absent_is_unchanged_and_one_that_is_null_is_cleared() -> None:
    row = told(
        "call", [call("x", "2024-01-05", phone="+31", rep_id="r1"), call("x", "2024-01-06", phone=None, direction=None)]
    )

    assert (row.get("phone"), row.get("rep_id")) == (None, "r1")


def test_an_event_states_all_its_fields_whichever_of_them_are_timelines() -> None:
    said = lead("x", "2024-01-05", owner_id="r1", origin="fair", status="new", contact_id="c1", outcome="open")
    row = told("lead", [said])

    assert {field: row.last(field) for field in row.lines} == {"owner_id": "r1", "status": "new", "outcome": "open"}
    assert {field: row.get(field) for field in row.facts} == {"origin": "fair", "contact_id": "c1"}


def test_a_later_statement_of_a_timeline_is_a_change() -> None:
    row = told("lead", [lead("x", "2024-01-05", status="new")])

    assert merge(row, decode(later := lead("x", "2024-01-06", status="new")))
    assert not merge(row, decode(later))
    assert merge(row, decode(lead("x", "2024-01-05 13:00", status="new")))


def test_a_timeline_keeps_every_statement_in_the_order_of_their_stamps() -> None:
    events = [lead("x", f"2024-01-0{day}", status=status) for day, status in ((7, "new"), (5, "new"), (6, "working"))]

    line = told("lead", events).lines["status"]

    assert [(stamp[0], value) for stamp, value in line] == [
        (at("2024-01-05"), "new"),
        (at("2024-01-06"), "working"),
        (at("2024-01-07"), "new"),
    ]


def test_everything_about_people_is_a_timeline() -> None:
    assert told("rep", [rep("x", team="A"), rep("x", "2024-01-05", team="B")]).lines["team"][0][1] == "A"


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        *((kind, "owner_id") for kind in ("account", "contact", "lead", "opportunity", "contract", "purchase")),
        ("lead", "status"),
        ("lead", "outcome"),
        ("appointment", "verdict"),
        ("opportunity", "stage"),
        ("opportunity", "outcome"),
        ("contact", "phones"),
    ],
)
def test_what_a_number_may_look_back_on_is_a_timeline(kind: str, field: str) -> None:
    assert (kind, field) in TIMELINES


def test_the_earliest_time_of_a_subject_is_that_of_any_of_its_events() -> None:
    row = told("call", [call("x", "2024-01-05", phone="+31"), call("x", "2024-01-03"), call("x", "2024-01-04")])

    assert row.earliest == at("2024-01-03")


def test_a_known_statement_changes_no_timeline() -> None:
    line: Line = [((5, "", "s", "a"), "r1"), ((7, "", "s", "b"), "r2")]

    assert not state("account", "owner_id", line, (5, "", "s", "a"), "r1")
    assert state("account", "owner_id", line, (5, "", "s", "a"), "r9")
    assert state("account", "owner_id", line, (6, "", "s", "a"), "r5")
    assert [value for _, value in line] == ["r9", "r5", "r2"]


def test_the_deciding_fact_is_the_first_statement_of_the_last_unbroken_run() -> None:
    def said(*statuses: str) -> int:
        days = (f"2024-01-{day:02}" for day in range(1, 32))
        row = told("lead", [lead("x", day, status=status) for day, status in zip(days, statuses, strict=False)])
        return decided(row.lines["status"])

    assert said("disqualified") == at("2024-01-01")
    assert said("new", "disqualified", "disqualified", "disqualified") == at("2024-01-02")
    assert said("disqualified", "working", "disqualified", "disqualified") == at("2024-01-03")


OWNED = told(
    "contact",
    [
        contact("x", "2024-01-05", owner_id=None),
        contact("x", "2024-01-10", owner_id="r1"),
        contact("x", "2024-01-15", owner_id="r2"),
        contact("x", "2024-01-20", owner_id=None),
    ],
)


@pytest.mark.parametrize(
    ("day", "owner"),
    [
        ("2024-01-04", "r1"),  # before the first statement: the first that names somebody
        ("2024-01-05", "unassigned"),
        ("2024-01-10", "r1"),
        ("2024-01-14", "r1"),
        ("2024-01-16", "r2"),
        ("2024-01-21", "unassigned"),
    ],
)
def test_the_owner_as_of_an_instant_is_the_last_statement_at_or_before_it(day: str, owner: str) -> None:
    assert owner_at(OWNED, at(day)) == owner


def test_the_first_owner_is_the_first_one_named_and_the_present_one_the_last_statement() -> None:
    assert first_owner(OWNED) == "r1"
    assert owner_now(OWNED) == "unassigned"
    assert owner_now(told("account", [account("x", "2024-01-05", owner_id="r1")])) == "r1"


@pytest.mark.parametrize("lines_", [[], [lead("x", "2024-01-05", owner_id=None)], [lead("x", "2024-01-05")]])
def test_what_nobody_ever_owned_is_unassigned(lines_: list[bytes]) -> None:
    row = told("lead", lines_)

    assert [first_owner(row), owner_now(row), owner_at(row, at("2024-01-04"))] == ["unassigned"] * 3
