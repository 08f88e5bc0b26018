"""#5 Conversion ratio."""

from __future__ import annotations

from collections.abc import Mapping

from kpi_state.buckets import Contributions, add, quarter
from kpi_state.entities.lead import OPEN, WON, LeadView
from kpi_state.kpis.kpi import Kpi, Ratio

STEM = "lead_win"


def lead(view: LeadView, out: Contributions) -> None:
    """By creation for its first owner (cohort), and by outcome for its owner then (closed)."""
    if not view.alive:
        return
    won = int(view.outcome == WON)
    if view.created is not None:
        out[(STEM, view.first_owner, quarter(view.created), ("cohort",))] = (1, won)
    if view.outcome != OPEN:
        add(out, (STEM, view.outcome_owner, quarter(view.outcome_at), ("closed",)), (1, won))


def _value(parts: Mapping[str, int]) -> Ratio:
    return parts["won"], parts["leads"] if "leads" in parts else parts["closed"]


KPI = Kpi(
    number=5,
    stem=STEM,
    title="Conversion ratio",
    help="Share of leads that are won: of those created in the window (cohort), or of those closed in it (closed).",
    formula="cohort: won by now ÷ created; closed: won ÷ (won + lost + disqualified)",
    unit="ratio",
    article="De 9 belangrijkste KPI's voor Sales teams (CBEE Remarkable) #5",
    attribution="cohort: owner_first; closed: the lead's owner at its outcome",
    windows=("month", "fiscal_quarter", "fiscal_year", "rolling_90d"),
    parts=("leads", "won"),
    other_parts={("basis", "closed"): ("closed", "won")},
    reading="sums",
    value=_value,
    amounts=2,
    measure_labels=("basis",),
    label_sets=(("basis",),),
    contribute={"lead": lead},
)
