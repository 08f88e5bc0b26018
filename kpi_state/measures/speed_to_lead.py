"""Speed to lead: how soon somebody speaks to a new lead, as a histogram, of which median and p90 are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from kpi_state.buckets import Contributions, quarter
from kpi_state.entities.lead import LeadView
from kpi_state.kpis.kpi import Example, Kpi, Ratio

STEM = "speed_to_lead"
_MINUTE: Final = 60
_HOUR: Final = 3_600
_DAY: Final = 86_400
WITHIN: Final[Mapping[str, int]] = {
    "within_5m": 5 * _MINUTE,
    "within_15m": 15 * _MINUTE,
    "within_1h": _HOUR,
    "within_4h": 4 * _HOUR,
    "within_1d": _DAY,
    "within_3d": 3 * _DAY,
    "within_7d": 7 * _DAY,
    "within_30d": 30 * _DAY,
}
"""Part → up to how many seconds, shortest first."""


def lead(view: LeadView, out: Contributions) -> None:
    """One for its first owner, when it was created, with how soon it or its contact was touched."""
    if view.alive and view.created is not None:
        before = answered = 0
        within = [0] * len(WITHIN)
        if view.reached is not None:
            waited = view.reached - view.created
            before, answered = int(waited < 0), int(waited >= 0)
            within = [int(0 <= waited <= 1_000_000 * seconds) for seconds in WITHIN.values()]
        amounts = (1, before, answered, *within)
        out[(STEM, view.first_owner, quarter(view.created), ())] = amounts


def quantile(per_cent: int) -> Callable[[Mapping[str, int]], Ratio]:
    """Seconds within which that share of the answered leads was answered.

    Between two bounds the leads are taken to be spread evenly; what is beyond the last bound is taken to be at it.
    """

    def value(parts: Mapping[str, int]) -> Ratio:
        answered, below, since = parts["answered"], 0, 0
        for part, seconds in WITHIN.items():
            upto = parts[part]
            if upto > below and 100 * upto >= per_cent * answered:
                width, share = seconds - since, per_cent * answered - 100 * below
                return since * 100 * (upto - below) + width * share, 100 * (upto - below)
            below, since = upto, seconds
        return since * answered, answered

    return value


_EVENTS = (
    '{"type": "hr.rep.v1", "subject": "anna", "time": "2020-01-01T00:00:00Z", "data": {"team": "North"}}',
    (
        '{"type": "crm.lead.v1", "subject": "l1", "time": "2026-03-02T09:00:00Z",'
        ' "data": {"created_at": "2026-03-02T09:00:00Z", "owner_id": "anna", "contact_id": "k1"}}'
    ),
    (
        '{"type": "crm.lead.v1", "subject": "l2", "time": "2026-03-03T09:00:00Z",'
        ' "data": {"created_at": "2026-03-03T09:00:00Z", "owner_id": "anna"}}'
    ),
    (
        '{"type": "crm.lead.v1", "subject": "l3", "time": "2026-03-04T09:00:00Z",'
        ' "data": {"created_at": "2026-03-04T09:00:00Z", "owner_id": "anna", "contact_id": "k1"}}'
    ),
    (
        '{"type": "crm.lead.v1", "subject": "l4", "time": "2026-03-05T09:00:00Z",'
        ' "data": {"created_at": "2026-03-05T09:00:00Z", "owner_id": "anna"}}'
    ),
    (
        '{"type": "telephony.call.v1", "subject": "t1", "time": "2026-03-02T09:03:00Z",'
        ' "data": {"rep_id": "anna", "contact_id": "k1", "disposition": "answered", "talk_seconds": 120}}'
    ),
    (
        '{"type": "crm.activity.v1", "subject": "e1", "time": "2026-03-03T09:45:00Z",'
        ' "data": {"rep_id": "anna", "lead_id": "l2", "channel": "email", "direction": "outbound"}}'
    ),
)
_STORY = (
    "Of Anna's four leads one is called within 3 minutes and one gets an e-mail within 45; the third is of a contact "
    "who had been spoken to before, the fourth still waits."
)
_PARTS = {
    "leads": 4, "touched_before": 1, "answered": 2, "within_5m": 1, "within_15m": 1, "within_1h": 2, "within_4h": 2,
    "within_1d": 2, "within_3d": 2, "within_7d": 2, "within_30d": 2,
}  # fmt: skip


def _example(tells: str, value: float) -> Example:
    place = {"grain": "rep", "key": "anna", "window": "month", "bucket": "2026-03", "labels": {}}
    return Example(
        story=f"{_STORY} {tells}",
        events=_EVENTS,
        as_of="2026-03-31T12:00:00Z",
        sample={**place, "parts": _PARTS, "value": value},
    )


MEASURE = Kpi(
    number=0,
    stem=STEM,
    title="Speed to lead",
    help=(
        "Median time from the creation of the leads of the window to their first effective touch, in seconds, of those "
        "that were touched since; within a step of the histogram times are taken to be spread evenly."
    ),
    formula=(
        "median of first effective touch of the lead or its contact − created_at; touched before: the first touch was "
        "before created_at; within: answered in at most that time, of which the median is interpolated"
    ),
    unit="seconds",
    article="supports #10",
    attribution="owner_first",
    windows=("day", "week", "month", "rolling_30d"),
    parts=("leads", "touched_before", "answered", *WITHIN),
    reading="sums",
    value=quantile(50),
    amounts=3 + len(WITHIN),
    contribute={"lead": lead},
    example=_example("Half of the two answered ones had their answer within 5 minutes.", 300),
)
BESIDE = replace(
    MEASURE,
    stem="speed_to_lead_p90",
    title="Speed to lead, 90 %",
    help=(
        "Time within which nine in ten of the answered leads of the window had their first effective touch, in "
        "seconds, read from the same histogram as the median."
    ),
    formula="as speed_to_lead, of which 90 % are not slower",
    value=quantile(90),
    amounts=0,
    of=STEM,
    contribute={},
    example=_example("Nine in ten had it within 51 minutes, if the second came at any time from 15 minutes on.", 3_060),
)
