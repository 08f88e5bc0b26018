"""Outbound calls, and what tells calling from gaming."""

from __future__ import annotations

from kpi_state.buckets import Contributions, quarter
from kpi_state.entities.call import CallView
from kpi_state.entities.dial import DialView
from kpi_state.kpis.kpi import Example, Kpi, total

STEM = "outbound_calls"


def call(view: CallView, out: Contributions) -> None:
    """One for who made it, and whether it was short or to the organisation itself."""
    if view.outbound:
        out[(STEM, view.rep, quarter(view.at), ())] = (1, int(view.short), int(view.own), 0)


def dial(view: DialView, out: Contributions) -> None:
    """A number, when it was first called that day."""
    out[(STEM, view.rep, quarter(view.at), ())] = (0, 0, 0, 1)


MEASURE = Kpi(
    number=0,
    stem=STEM,
    title="Outbound calls",
    help=(
        "Outbound call legs of the window; beside them the short ones (under 10 s), those to own numbers "
        "([telephony] own_numbers), and how many different numbers they went to: few numbers or many short calls may "
        "be calls for the count's sake."
    ),
    formula=(
        "number of outbound legs of a rep; short: ended_at − started_at, else the talk time of an answered leg, is "
        "known and under 10 s; numbers: each number once a rep id as sent and day of UTC, at its first call that day"
    ),
    unit="calls",
    article="supports #13",
    attribution="actor",
    windows=("day", "week", "month", "rolling_7d"),
    parts=("calls", "short", "own", "numbers"),
    reading="sums",
    value=total("calls"),
    amounts=4,
    contribute={"call": call, "dial": dial},
    example=Example(
        story=(
            "Anna calls one number twice, hanging up after 4 seconds the first time, and another once. A call that she "
            "receives is none of them."
        ),
        events=(
            '{"type": "hr.rep.v1", "subject": "anna", "time": "2020-01-01T00:00:00Z", "data": {"team": "North"}}',
            (
                '{"type": "telephony.call.v1", "subject": "t1", "time": "2026-03-02T10:05:04Z", "data":'
                ' {"rep_id": "anna", "direction": "outbound", "phone": "+31201234567", "disposition": "no_answer",'
                ' "started_at": "2026-03-02T10:05:00Z", "ended_at": "2026-03-02T10:05:04Z"}}'
            ),
            (
                '{"type": "telephony.call.v1", "subject": "t2", "time": "2026-03-02T10:50:00Z", "data":'
                ' {"rep_id": "anna", "direction": "outbound", "phone": "+31201234567", "disposition": "answered",'
                ' "talk_seconds": 300}}'
            ),
            (
                '{"type": "telephony.call.v1", "subject": "t3", "time": "2026-03-02T10:58:00Z", "data":'
                ' {"rep_id": "anna", "direction": "outbound", "phone": "+31207654321", "disposition": "voicemail"}}'
            ),
            (
                '{"type": "telephony.call.v1", "subject": "t4", "time": "2026-03-02T11:10:00Z", "data":'
                ' {"rep_id": "anna", "direction": "inbound", "phone": "+31209999999", "disposition": "answered"}}'
            ),
        ),
        as_of="2026-03-02T12:00:00Z",
        sample={
            "grain": "rep",
            "key": "anna",
            "window": "day",
            "bucket": "2026-03-02",
            "labels": {},
            "parts": {"calls": 3, "short": 1, "own": 0, "numbers": 2},
            "value": 3,
        },
    ),
)
