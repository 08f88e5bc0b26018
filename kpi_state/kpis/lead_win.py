"""#5 Conversion ratio."""

from __future__ import annotations

from collections.abc import Mapping

from kpi_state.buckets import Contributions, add, quarter
from kpi_state.entities.lead import OPEN, WON, LeadView
from kpi_state.kpis.kpi import Example, Kpi, Ratio

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
    example=Example(
        story=(
            "Anna creates two leads in the first quarter. Ben takes one over and wins it in the second: of Anna's "
            "cohort one in two is won, and the win closes for Ben in the second quarter (basis closed)."
        ),
        events=(
            '{"type": "hr.rep.v1", "subject": "anna", "time": "2020-01-01T00:00:00Z", "data": {"team": "North"}}',
            '{"type": "hr.rep.v1", "subject": "ben", "time": "2020-01-01T00:00:00Z", "data": {"team": "South"}}',
            (
                '{"type": "crm.lead.v1", "subject": "l1", "time": "2026-02-02T09:00:00Z",'
                ' "data": {"created_at": "2026-02-02T09:00:00Z", "owner_id": "anna"}}'
            ),
            (
                '{"type": "crm.lead.v1", "subject": "l2", "time": "2026-02-02T09:00:00Z",'
                ' "data": {"created_at": "2026-02-02T09:00:00Z", "owner_id": "anna"}}'
            ),
            '{"type": "crm.lead.v1", "subject": "l1", "time": "2026-03-02T09:00:00Z", "data": {"owner_id": "ben"}}',
            (
                '{"type": "crm.opportunity.v1", "subject": "o1", "time": "2026-04-07T14:00:00Z",'
                ' "data": {"lead_id": "l1", "outcome": "won", "closed_at": "2026-04-07T14:00:00Z"}}'
            ),
        ),
        as_of="2026-04-30T12:00:00Z",
        sample={
            "grain": "rep",
            "key": "anna",
            "window": "fiscal_quarter",
            "bucket": "FY2026-Q1",
            "labels": {"basis": "cohort"},
            "parts": {"leads": 2, "won": 1},
            "value": 0.5,
        },
    ),
)
