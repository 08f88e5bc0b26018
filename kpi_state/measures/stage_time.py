"""Time in stage, of the stays that ended."""

from __future__ import annotations

from kpi_state.buckets import Contributions, add, quarter
from kpi_state.entities.opportunity import OpportunityView
from kpi_state.kpis.kpi import Example, Kpi

STEM = "stage_time"


def opportunity(view: OpportunityView, out: Contributions) -> None:
    """One and how long it was there for its owner then, when it left a stage."""
    for stay, (_, left) in zip(view.stays, view.stay_owners, strict=True):
        if stay.exit:
            add(out, (STEM, left, quarter(stay.until), (stay.stage,)), (1, stay.until - stay.since))


MEASURE = Kpi(
    number=0,
    stem=STEM,
    title="Time in stage",
    help="Mean time that the deals which left a stage in the window had been in it, in seconds.",
    formula=(
        "Σ (end − begin) ÷ stays that ended; a stay is an unbroken run of statements of one stage and ends with the "
        "next stage or the close"
    ),
    unit="seconds",
    article="supports #5",
    attribution="owner_at the end of the stay",
    windows=("week", "month", "fiscal_quarter", "rolling_30d"),
    parts=("stays", "stay_seconds_sum"),
    reading="sums",
    value=lambda parts: (parts["stay_seconds_sum"], 1_000_000 * parts["stays"]),
    amounts=2,
    measure_labels=("stage",),
    label_sets=(("stage",),),
    free_text=("stage",),
    contribute={"opportunity": opportunity},
    example=Example(
        story="Anna's deal is in Demo for two days, then in Offer, from which it is won after another four.",
        events=(
            '{"type": "hr.rep.v1", "subject": "anna", "time": "2020-01-01T00:00:00Z", "data": {"team": "North"}}',
            (
                '{"type": "crm.opportunity.v1", "subject": "o1", "time": "2026-03-02T09:00:00Z",'
                ' "data": {"owner_id": "anna", "stage": "Demo"}}'
            ),
            (
                '{"type": "crm.opportunity.v1", "subject": "o1", "time": "2026-03-04T09:00:00Z",'
                ' "data": {"stage": "Offer"}}'
            ),
            (
                '{"type": "crm.opportunity.v1", "subject": "o1", "time": "2026-03-08T09:00:00Z",'
                ' "data": {"outcome": "won"}}'
            ),
        ),
        as_of="2026-03-31T12:00:00Z",
        sample={
            "grain": "rep",
            "key": "anna",
            "window": "month",
            "bucket": "2026-03",
            "labels": {"stage": "Offer"},
            "parts": {"stays": 1, "stay_seconds_sum": 345_600},
            "value": 345_600,
        },
    ),
)
