"""#3 New leads."""

from __future__ import annotations

from kpi_state.buckets import Contributions, quarter
from kpi_state.entities.lead import LeadView
from kpi_state.kpis.kpi import Example, Kpi, total

STEM = "leads_created"


def lead(view: LeadView, out: Contributions) -> None:
    """One for its first owner, when it was created."""
    if view.alive and view.created is not None:
        out[(STEM, view.first_owner, quarter(view.created), (view.origin,))] = (1,)


KPI = Kpi(
    number=3,
    stem=STEM,
    title="New leads",
    help="Leads created in the window.",
    formula="number of leads whose created_at lies in the window",
    unit="leads",
    article="De 9 belangrijkste KPI's voor Sales teams (CBEE Remarkable) #3",
    attribution="owner_first",
    windows=("day", "week", "month", "fiscal_quarter", "fiscal_year"),
    parts=("leads",),
    reading="sums",
    value=total("leads"),
    amounts=1,
    measure_labels=("origin",),
    label_sets=((), ("origin",)),
    free_text=("origin",),
    contribute={"lead": lead},
    example=Example(
        story=(
            "A lead is created half an hour before midnight UTC, when it is past midnight where Anna works, and Ben "
            "takes it over later. It is Anna's, and of the next day."
        ),
        events=(
            (
                '{"type": "hr.rep.v1", "subject": "anna", "time": "2020-01-01T00:00:00Z",'
                ' "data": {"team": "North", "timezone": "Europe/Amsterdam"}}'
            ),
            (
                '{"type": "crm.lead.v1", "subject": "l1", "time": "2026-03-02T23:30:00Z",'
                ' "data": {"created_at": "2026-03-02T23:30:00Z", "owner_id": "anna", "origin": "fair"}}'
            ),
            '{"type": "crm.lead.v1", "subject": "l1", "time": "2026-03-09T10:00:00Z", "data": {"owner_id": "ben"}}',
        ),
        as_of="2026-03-10T12:00:00Z",
        sample={
            "grain": "rep",
            "key": "anna",
            "window": "day",
            "bucket": "2026-03-03",
            "labels": {},
            "parts": {"leads": 1},
            "value": 1,
        },
    ),
)
