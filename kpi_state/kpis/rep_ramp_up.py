"""#7 Ramp-up time."""

from __future__ import annotations

from kpi_state.kpis.kpi import Kpi, ratio

KPI = Kpi(
    number=7,
    stem="rep_ramp_up",
    title="Ramp-up time",
    help="Whole local days from a rep's first day to the first day with an effective touchpoint in that employment.",
    formula="Σ days ÷ reps whose first day lies in the window; those without a touchpoint yet are pending",
    unit="days",
    article="De 9 belangrijkste KPI's voor Sales teams (CBEE Remarkable) #7",
    attribution="the rep; team at the first day",
    windows=("fiscal_year", "rolling_365d"),
    parts=("reps", "days_sum", "pending", "pending_days_sum"),
    reading="ramp",
    value=ratio("days_sum", "reps"),
)
