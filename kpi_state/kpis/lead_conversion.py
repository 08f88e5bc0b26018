"""#14 Lead to conversion."""

from __future__ import annotations

from kpi_state.buckets import Contributions, quarter
from kpi_state.entities.lead import LeadView
from kpi_state.kpis.kpi import Kpi, ratio

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
)
