"""The pipeline: open deals, and how long they have been in their stage."""

from __future__ import annotations

from kpi_state.buckets import Contributions, instant
from kpi_state.entities.opportunity import OPEN, OpportunityView
from kpi_state.kpis.kpi import Example, Kpi, total

STEM = "pipeline"


def opportunity(view: OpportunityView, out: Contributions) -> None:
    """One for its owner now, since it came to its stage, while it is open."""
    if view.alive and view.outcome == OPEN and view.since is not None:
        stage = view.stays[-1].stage if view.stays else ""
        out[(STEM, view.owner, instant(view.since), (stage, view.region, view.product))] = (1,)


MEASURE = Kpi(
    number=0,
    stem=STEM,
    title="Pipeline",
    help=(
        "Deals that are open now, and how long they have been in their present stage; over the limit is stalled "
        "([limits] stage_age_days)."
    ),
    formula=(
        "open opportunities that an event is about; age = now − the first statement of the present stage, without a "
        "stage now − created_at, else now − the earliest event"
    ),
    unit="deals",
    article="supports #5",
    attribution="owner_now",
    windows=("now",),
    parts=("deals", "age_seconds_sum", "oldest_seconds", "over_limit"),
    reading="ages",
    value=total("deals"),
    amounts=1,
    measure_labels=("stage", "region", "product"),
    label_sets=((), ("stage",), ("region",), ("product",)),
    free_text=("stage", "region", "product"),
    limit="stage_age_days",
    contribute={"opportunity": opportunity},
    example=Example(
        story=(
            "Anna has two open deals in the stage Offer: one came there 20 days ago, which is over the limit of 14 "
            "days, the other 4 days ago. A third is won and in no stage any more."
        ),
        events=(
            '{"type": "hr.rep.v1", "subject": "anna", "time": "2020-01-01T00:00:00Z", "data": {"team": "North"}}',
            (
                '{"type": "crm.opportunity.v1", "subject": "o1", "time": "2026-03-02T09:00:00Z",'
                ' "data": {"owner_id": "anna", "stage": "Demo"}}'
            ),
            (
                '{"type": "crm.opportunity.v1", "subject": "o1", "time": "2026-03-11T12:00:00Z",'
                ' "data": {"stage": "Offer"}}'
            ),
            (
                '{"type": "crm.opportunity.v1", "subject": "o2", "time": "2026-03-27T12:00:00Z",'
                ' "data": {"owner_id": "anna", "stage": "Offer"}}'
            ),
            (
                '{"type": "crm.opportunity.v1", "subject": "o3", "time": "2026-03-27T12:00:00Z",'
                ' "data": {"owner_id": "anna", "stage": "Offer", "outcome": "won"}}'
            ),
        ),
        as_of="2026-03-31T12:00:00Z",
        sample={
            "grain": "rep",
            "key": "anna",
            "window": "now",
            "bucket": "",
            "labels": {"stage": "Offer"},
            "parts": {"deals": 2, "age_seconds_sum": 2_073_600, "oldest_seconds": 1_728_000, "over_limit": 1},
            "value": 2,
        },
    ),
)
