"""Deals won, and lost beside them."""

from __future__ import annotations

from kpi_state.buckets import Contributions, quarter
from kpi_state.entities.opportunity import OPEN, WON, OpportunityView
from kpi_state.kpis.kpi import Example, Kpi, Target, total

STEM = "deals_won"


def opportunity(view: OpportunityView, out: Contributions) -> None:
    """One for its owner at the close: won or lost."""
    if view.alive and view.outcome != OPEN:
        won = int(view.outcome == WON)
        labels = (view.region, view.product, view.size)
        out[(STEM, view.closer, quarter(view.closed), labels)] = (won, 1 - won)


MEASURE = Kpi(
    number=0,
    stem=STEM,
    title="Deals won",
    help="Opportunities won in the window, and beside them those lost in it.",
    formula="number of opportunities whose outcome is won, by closed_at, else by the statement that decided it",
    unit="deals",
    article="supports #1",
    attribution="owner_at the close",
    windows=("day", "week", "month", "fiscal_quarter", "fiscal_year"),
    parts=("deals", "lost"),
    reading="sums",
    value=total("deals"),
    amounts=2,
    measure_labels=("region", "product", "size"),
    label_sets=((), ("region",), ("product",), ("size",)),
    free_text=("region", "product", "size"),
    target=Target(direction="at_least", note="a quota per rep"),
    contribute={"opportunity": opportunity},
    example=Example(
        story=(
            "Anna wins a deal with a large account and loses two, one of them with a large account too; the size is "
            "what the accounts say."
        ),
        events=(
            '{"type": "hr.rep.v1", "subject": "anna", "time": "2020-01-01T00:00:00Z", "data": {"team": "North"}}',
            '{"type": "crm.account.v1", "subject": "a1", "time": "2026-01-02T10:00:00Z", "data": {"size": "large"}}',
            '{"type": "crm.account.v1", "subject": "a2", "time": "2026-01-02T10:00:00Z", "data": {"size": "small"}}',
            (
                '{"type": "crm.opportunity.v1", "subject": "o1", "time": "2026-03-02T09:00:00Z",'
                ' "data": {"owner_id": "anna", "account_id": "a1", "outcome": "won"}}'
            ),
            (
                '{"type": "crm.opportunity.v1", "subject": "o2", "time": "2026-03-09T09:00:00Z",'
                ' "data": {"owner_id": "anna", "account_id": "a1", "outcome": "lost"}}'
            ),
            (
                '{"type": "crm.opportunity.v1", "subject": "o3", "time": "2026-03-16T09:00:00Z",'
                ' "data": {"owner_id": "anna", "account_id": "a2", "outcome": "lost"}}'
            ),
        ),
        as_of="2026-03-31T12:00:00Z",
        sample={
            "grain": "rep",
            "key": "anna",
            "window": "month",
            "bucket": "2026-03",
            "labels": {"size": "large"},
            "parts": {"deals": 1, "lost": 1},
            "value": 1,
        },
    ),
)
