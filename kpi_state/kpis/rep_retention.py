"""#6 Rep retention."""

from __future__ import annotations

from kpi_state.kpis.kpi import Kpi, ratio

KPI = Kpi(
    number=6,
    stem="rep_retention",
    title="Rep retention",
    help="Share of the reps employed at the window's start who are still in the same employment at its end.",
    formula="employed at start and, in the same employment, at the end ÷ employed at start",
    unit="ratio",
    article="De 9 belangrijkste KPI's voor Sales teams (CBEE Remarkable) #6",
    attribution="team at the window's start",
    windows=("fiscal_year", "rolling_365d"),
    parts=("employed_at_start", "still_employed"),
    reading="retention",
    value=ratio("still_employed", "employed_at_start"),
    grains=("team", "org"),
)
