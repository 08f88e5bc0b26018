"""#3 New leads."""

from __future__ import annotations

from kpi_state.buckets import Contributions, quarter
from kpi_state.entities.lead import LeadView
from kpi_state.kpis.kpi import Kpi, total

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
    contribute={"lead": lead},
)
