"""#6 Rep retention."""

from __future__ import annotations

from kpi_state.kpis.kpi import Example, Kpi, ratio

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
    example=Example(
        story=(
            "Anna and Ben work here on 1 January 2025. Ben leaves in June and is hired again in October: on 1 January "
            "2026 both are here, but Ben in another employment."
        ),
        events=(
            (
                '{"type": "hr.rep.v1", "subject": "anna", "time": "2020-01-01T00:00:00Z",'
                ' "data": {"team": "North", "first_day": "2023-05-01"}}'
            ),
            (
                '{"type": "hr.rep.v1", "subject": "ben", "time": "2020-01-01T00:00:00Z",'
                ' "data": {"team": "North", "first_day": "2023-05-01"}}'
            ),
            (
                '{"type": "hr.rep.v1", "subject": "ben", "time": "2025-06-02T08:00:00Z",'
                ' "data": {"last_day": "2025-06-30"}}'
            ),
            (
                '{"type": "hr.rep.v1", "subject": "ben", "time": "2025-10-01T08:00:00Z",'
                ' "data": {"first_day": "2025-10-01", "last_day": null}}'
            ),
        ),
        as_of="2026-03-01T12:00:00Z",
        sample={
            "grain": "team",
            "key": "North",
            "window": "fiscal_year",
            "bucket": "FY2025",
            "labels": {},
            "parts": {"employed_at_start": 2, "still_employed": 1},
            "value": 0.5,
        },
    ),
)
