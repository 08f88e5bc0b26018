"""The pipeline's value: what open deals are worth."""

from __future__ import annotations

from kpi_state.buckets import NO_BUCKET, Contributions
from kpi_state.entities.opportunity import OPEN, OpportunityView
from kpi_state.kpis.kpi import Example, Kpi, total

STEM = "pipeline_value"


def opportunity(view: OpportunityView, out: Contributions) -> None:
    """Its amount for its owner now, while it is open."""
    if view.alive and view.outcome == OPEN and view.amount_minor is not None and view.currency:
        stage = view.stays[-1].stage if view.stays else ""
        labels = (view.currency, stage, view.region, view.product)
        out[(STEM, view.owner, NO_BUCKET, labels)] = (1, view.amount_minor)


MEASURE = Kpi(
    number=0,
    stem=STEM,
    title="Pipeline value",
    help="What the deals that are open now are worth, in minor units of their currency; not weighted by any chance.",
    formula="Σ amount_minor of open opportunities that have an amount and a currency",
    unit="amount_minor",
    article="supports #1",
    attribution="owner_now",
    windows=("now",),
    parts=("deals", "amount_minor"),
    reading="standing",
    value=total("amount_minor"),
    amounts=2,
    measure_labels=("currency", "stage", "region", "product"),
    label_sets=(("currency",), ("currency", "stage"), ("currency", "region"), ("currency", "product")),
    free_text=("stage", "region", "product"),
    contribute={"opportunity": opportunity},
    example=Example(
        story=(
            "Anna has open deals of 8,000 and 12,000 euros, one of 5,000 dollars, and one without an amount. The "
            "account of the first is in the region Benelux, the second says so itself."
        ),
        events=(
            '{"type": "hr.rep.v1", "subject": "anna", "time": "2020-01-01T00:00:00Z", "data": {"team": "North"}}',
            (
                '{"type": "crm.opportunity.v1", "subject": "o1", "time": "2026-03-02T09:00:00Z",'
                ' "data": {"owner_id": "anna", "account_id": "a1", "amount_minor": 800000, "currency": "EUR"}}'
            ),
            (
                '{"type": "crm.account.v1", "subject": "a1", "time": "2026-03-02T10:00:00Z",'
                ' "data": {"region": "Benelux"}}'
            ),
            (
                '{"type": "crm.opportunity.v1", "subject": "o2", "time": "2026-03-03T09:00:00Z", "data":'
                ' {"owner_id": "anna", "region": "Benelux", "amount_minor": 1200000, "currency": "EUR"}}'
            ),
            (
                '{"type": "crm.opportunity.v1", "subject": "o3", "time": "2026-03-04T09:00:00Z",'
                ' "data": {"owner_id": "anna", "amount_minor": 500000, "currency": "USD"}}'
            ),
            (
                '{"type": "crm.opportunity.v1", "subject": "o4", "time": "2026-03-05T09:00:00Z",'
                ' "data": {"owner_id": "anna", "currency": "EUR"}}'
            ),
        ),
        as_of="2026-03-31T12:00:00Z",
        sample={
            "grain": "team",
            "key": "North",
            "window": "now",
            "bucket": "",
            "labels": {"currency": "EUR", "region": "Benelux"},
            "parts": {"deals": 2, "amount_minor": 2_000_000},
            "value": 2_000_000,
        },
    ),
)
