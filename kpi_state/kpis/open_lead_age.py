"""#4 Average age of open leads."""

from __future__ import annotations

from kpi_state.buckets import Contributions, instant
from kpi_state.entities.lead import OPEN, LeadView
from kpi_state.kpis.kpi import Kpi

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
)
