"""#13 Effective touchpoints."""

from __future__ import annotations

from kpi_state.buckets import Contributions, quarter
from kpi_state.entities.activity import ActivityView
from kpi_state.entities.call import CHANNEL, CallView
from kpi_state.entities.slot import SlotView
from kpi_state.kpis.kpi import Example, Kpi, Target, total

STEM = "touchpoints"


def call(view: CallView, out: Contributions) -> None:
    """An attempt and talk time for who made or answered it."""
    if view.attempted:
        out[(STEM, view.rep, quarter(view.at), (CHANNEL,))] = (0, 1, view.talk_us)


def activity(view: ActivityView, out: Contributions) -> None:
    """An attempt for who did it."""
    out[(STEM, view.rep, quarter(view.at), (view.channel,))] = (0, 1, 0)


def slot(view: SlotView, out: Contributions) -> None:
    """A touchpoint, when its earliest touch was."""
    out[(STEM, view.rep, quarter(view.at), (view.channel,))] = (1, 0, 0)


KPI = Kpi(
    number=13,
    stem=STEM,
    title="Effective touchpoints",
    help="Effective conversations and messages, at most one a rep, party, channel and hour.",
    formula="number of slots with an effective touch",
    unit="touchpoints",
    article="Inside sales KPI's #13",
    attribution="actor",
    windows=("hour", "day", "week", "month", "rolling_1h", "rolling_7d"),
    parts=("touchpoints", "attempts", "talk_seconds"),
    reading="sums",
    value=total("touchpoints"),
    amounts=3,
    measure_labels=("channel",),
    label_sets=((), ("channel",)),
    target=Target(direction="at_least", note="a daily quota per rep"),
    contribute={"call": call, "activity": activity, "slot": slot},
    example=Example(
        story=(
            "Anna talks to one number twice within an hour, 40 seconds and 5 minutes, and leaves a voicemail at "
            "another: one touchpoint, three attempts."
        ),
        events=(
            '{"type": "hr.rep.v1", "subject": "anna", "time": "2020-01-01T00:00:00Z", "data": {"team": "North"}}',
            (
                '{"type": "telephony.call.v1", "subject": "t1", "time": "2026-03-02T10:05:00Z",'
                ' "data": {"rep_id": "anna", "direction": "outbound", "phone": "+31201234567",'
                ' "disposition": "answered", "talk_seconds": 40}}'
            ),
            (
                '{"type": "telephony.call.v1", "subject": "t2", "time": "2026-03-02T10:50:00Z",'
                ' "data": {"rep_id": "anna", "direction": "outbound", "phone": "+31201234567",'
                ' "disposition": "answered", "talk_seconds": 300}}'
            ),
            (
                '{"type": "telephony.call.v1", "subject": "t3", "time": "2026-03-02T10:58:00Z",'
                ' "data": {"rep_id": "anna", "direction": "outbound", "phone": "+31207654321",'
                ' "disposition": "voicemail"}}'
            ),
        ),
        as_of="2026-03-02T11:00:00Z",
        sample={
            "grain": "rep",
            "key": "anna",
            "window": "day",
            "bucket": "2026-03-02",
            "labels": {},
            "parts": {"touchpoints": 1, "attempts": 3, "talk_seconds": 340},
            "value": 1,
        },
    ),
)
