"""Revenue won."""

from __future__ import annotations

from kpi_state.buckets import Contributions, quarter
from kpi_state.entities.opportunity import OpportunityView
from kpi_state.kpis.kpi import Example, Kpi, Target, total
from kpi_state.money import split_money

STEM = "revenue_won"


def opportunity(view: OpportunityView, out: Contributions) -> None:
    """The amount of a won deal, for everybody by share."""
    if view.sellers and view.amount_minor is not None and view.currency:
        labels = (view.currency, view.region, view.product, view.size)
        for rep, money in split_money(view.amount_minor, view.sellers):
            out[(STEM, rep, quarter(view.closed), labels)] = (money,)


MEASURE = Kpi(
    number=0,
    stem=STEM,
    title="Revenue won",
    help="Amounts of the opportunities won in the window, in minor units of their currency.",
    formula="Σ amount_minor of the opportunities won, whole and not a year's, whatever contracts name them",
    unit="amount_minor",
    article="supports #1",
    attribution="split, else owner_at the close",
    windows=("day", "week", "month", "fiscal_quarter", "fiscal_year"),
    parts=("amount_minor",),
    reading="sums",
    value=total("amount_minor"),
    amounts=1,
    measure_labels=("currency", "region", "product", "size"),
    label_sets=(("currency",), ("currency", "region"), ("currency", "product"), ("currency", "size")),
    free_text=("region", "product", "size"),
    target=Target(direction="at_least", note="a quota per rep, in minor units of each currency"),
    contribute={"opportunity": opportunity},
    example=Example(
        story=(
            "Anna and Ben share a deal of 10,000 euros for a product 60:40, and Anna wins another of 3,000 alone: "
            "9,000 euros for her in March, of which 6,000 are of that product."
        ),
        events=(
            '{"type": "hr.rep.v1", "subject": "anna", "time": "2020-01-01T00:00:00Z", "data": {"team": "North"}}',
            (
                '{"type": "crm.opportunity.v1", "subject": "o1", "time": "2026-03-31T15:00:00Z",'
                ' "data": {"outcome": "won", "amount_minor": 1000000, "currency": "EUR", "product": "suite",'
                ' "splits": {"anna": 0.6, "ben": 0.4}}}'
            ),
            (
                '{"type": "crm.opportunity.v1", "subject": "o2", "time": "2026-03-12T15:00:00Z",'
                ' "data": {"owner_id": "anna", "outcome": "won", "amount_minor": 300000, "currency": "EUR"}}'
            ),
        ),
        as_of="2026-03-31T16:00:00Z",
        sample={
            "grain": "rep",
            "key": "anna",
            "window": "month",
            "bucket": "2026-03",
            "labels": {"currency": "EUR"},
            "parts": {"amount_minor": 900_000},
            "value": 900_000,
        },
    ),
)
