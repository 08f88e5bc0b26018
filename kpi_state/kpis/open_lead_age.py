"""#4 Average age of open leads."""

from __future__ import annotations

from kpi_state.buckets import Contributions, instant
from kpi_state.entities.lead import OPEN, LeadView
from kpi_state.kpis.kpi import Example, Kpi

STEM = "open_lead_age"


def lead(view: LeadView, out: Contributions) -> None:
    """One for its owner now, at the instant it was created, while it is open."""
    if view.alive and view.created is not None and view.outcome == OPEN:
        out[(STEM, view.owner, instant(view.created), ())] = (1,)


KPI = Kpi(
    number=4,
    stem=STEM,
    title="Average age of open leads",
    help="Mean time since creation of the leads that are open now, in seconds.",
    formula="Σ (now − created_at) ÷ open leads",
    unit="seconds",
    article="De 9 belangrijkste KPI's voor Sales teams (CBEE Remarkable) #4",
    attribution="owner_now",
    windows=("now",),
    parts=("open", "age_seconds_sum", "oldest_seconds", "over_limit"),
    reading="ages",
    value=lambda parts: (parts["age_seconds_sum"], 1_000_000 * parts["open"]),
    amounts=1,
    contribute={"lead": lead},
    example=Example(
        story=(
            "Of Anna's three leads one is disqualified; the others were created 40 days and 2 days ago: 21 days on "
            "average, one of them over the limit of 30 days."
        ),
        events=(
            '{"type": "hr.rep.v1", "subject": "anna", "time": "2020-01-01T00:00:00Z", "data": {"team": "North"}}',
            (
                '{"type": "crm.lead.v1", "subject": "l1", "time": "2026-01-20T12:00:00Z",'
                ' "data": {"created_at": "2026-01-20T12:00:00Z", "owner_id": "anna"}}'
            ),
            (
                '{"type": "crm.lead.v1", "subject": "l2", "time": "2026-02-27T12:00:00Z",'
                ' "data": {"created_at": "2026-02-27T12:00:00Z", "owner_id": "anna"}}'
            ),
            (
                '{"type": "crm.lead.v1", "subject": "l3", "time": "2026-02-27T12:00:00Z",'
                ' "data": {"created_at": "2026-02-27T12:00:00Z", "owner_id": "anna"}}'
            ),
            (
                '{"type": "crm.lead.v1", "subject": "l3", "time": "2026-02-28T09:00:00Z",'
                ' "data": {"status": "disqualified"}}'
            ),
        ),
        as_of="2026-03-01T12:00:00Z",
        sample={
            "grain": "team",
            "key": "North",
            "window": "now",
            "bucket": "",
            "labels": {},
            "parts": {"open": 2, "age_seconds_sum": 3_628_800, "oldest_seconds": 3_456_000, "over_limit": 1},
            "value": 1_814_400,
        },
    ),
)
