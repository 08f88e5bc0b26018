"""#14 Lead to conversion."""

from __future__ import annotations

from kpi_state.buckets import Contributions, quarter
from kpi_state.entities.lead import LeadView
from kpi_state.kpis.kpi import Example, Kpi, ratio

STEM = "lead_conversion"


def lead(view: LeadView, out: Contributions) -> None:
    """One for its first owner, converted or not."""
    if view.alive and view.created is not None:
        out[(STEM, view.first_owner, quarter(view.created), ())] = (1, int(view.converted))


KPI = Kpi(
    number=14,
    stem=STEM,
    title="Lead to conversion",
    help="Share of the leads created in the window that led to an accepted appointment, an opportunity or a win.",
    formula="converted by now ÷ created in the window",
    unit="ratio",
    article="Inside sales KPI's #14",
    attribution="owner_first",
    windows=("month", "fiscal_quarter", "rolling_90d"),
    parts=("leads", "converted"),
    reading="sums",
    value=ratio("converted", "leads"),
    amounts=2,
    contribute={"lead": lead},
    example=Example(
        story=(
            "Three leads are created in March. One has an accepted appointment, one a deal that is lost in April, "
            "which counts all the same, and one nothing."
        ),
        events=(
            '{"type": "hr.rep.v1", "subject": "anna", "time": "2020-01-01T00:00:00Z", "data": {"team": "North"}}',
            (
                '{"type": "crm.lead.v1", "subject": "l1", "time": "2026-03-02T09:00:00Z",'
                ' "data": {"created_at": "2026-03-02T09:00:00Z", "owner_id": "anna"}}'
            ),
            (
                '{"type": "crm.lead.v1", "subject": "l2", "time": "2026-03-03T09:00:00Z",'
                ' "data": {"created_at": "2026-03-03T09:00:00Z", "owner_id": "anna"}}'
            ),
            (
                '{"type": "crm.lead.v1", "subject": "l3", "time": "2026-03-04T09:00:00Z",'
                ' "data": {"created_at": "2026-03-04T09:00:00Z", "owner_id": "anna"}}'
            ),
            (
                '{"type": "crm.appointment.v1", "subject": "p1", "time": "2026-03-10T09:00:00Z",'
                ' "data": {"lead_id": "l1", "set_by": "anna", "verdict": "accepted"}}'
            ),
            (
                '{"type": "crm.opportunity.v1", "subject": "o1", "time": "2026-04-02T09:00:00Z",'
                ' "data": {"lead_id": "l2", "outcome": "lost"}}'
            ),
        ),
        as_of="2026-04-30T12:00:00Z",
        sample={
            "grain": "rep",
            "key": "anna",
            "window": "fiscal_quarter",
            "bucket": "FY2026-Q1",
            "labels": {},
            "parts": {"leads": 3, "converted": 2},
            "value": 2 / 3,
        },
    ),
)
