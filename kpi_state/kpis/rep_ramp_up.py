"""#7 Ramp-up time."""

from __future__ import annotations

from kpi_state.kpis.kpi import Example, Kpi, ratio

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
    example=Example(
        story=(
            "Anna starts on 2 March. Her voicemail of 4 March is no effective touchpoint, her talk of 12 March is: ten "
            "days. Ben, who started with her, has none by 16 March: pending for 14 days."
        ),
        events=(
            (
                '{"type": "hr.rep.v1", "subject": "anna", "time": "2020-01-01T00:00:00Z",'
                ' "data": {"team": "North", "first_day": "2026-03-02"}}'
            ),
            (
                '{"type": "hr.rep.v1", "subject": "ben", "time": "2020-01-01T00:00:00Z",'
                ' "data": {"team": "North", "first_day": "2026-03-02"}}'
            ),
            (
                '{"type": "telephony.call.v1", "subject": "c1", "time": "2026-03-04T10:00:00Z",'
                ' "data": {"rep_id": "anna", "direction": "outbound", "phone": "+31201234567",'
                ' "disposition": "voicemail"}}'
            ),
            (
                '{"type": "telephony.call.v1", "subject": "c2", "time": "2026-03-12T10:00:00Z",'
                ' "data": {"rep_id": "anna", "direction": "outbound", "phone": "+31201234567",'
                ' "disposition": "answered", "talk_seconds": 95}}'
            ),
        ),
        as_of="2026-03-16T12:00:00Z",
        sample={
            "grain": "team",
            "key": "North",
            "window": "fiscal_year",
            "bucket": "FY2026",
            "labels": {},
            "parts": {"reps": 1, "days_sum": 10, "pending": 1, "pending_days_sum": 14},
            "value": 10,
        },
    ),
)
