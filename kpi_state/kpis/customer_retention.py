"""#9 Customer retention."""

from __future__ import annotations

from kpi_state.buckets import Contributions, span
from kpi_state.entities.account import AccountView
from kpi_state.kpis.kpi import Example, Kpi, ratio

STEM = "customer_retention"


def account(view: AccountView, out: Contributions) -> None:
    """One for its owner now, over each span of activity."""
    if view.alive:
        for start, end in view.spans:
            out[(STEM, view.owner, span(start or 0, end), ())] = (1,)


KPI = Kpi(
    number=9,
    stem=STEM,
    title="Customer retention",
    help="Share of the accounts active at the window's start whose activity lasts past its end; churn = 1 − retention.",
    formula="active at start and without a gap past the end ÷ active at start",
    unit="ratio",
    article="De 9 belangrijkste KPI's voor Sales teams (CBEE Remarkable) #9",
    attribution="owner of the account now, team at the window's start",
    windows=("fiscal_quarter", "fiscal_year", "rolling_365d"),
    parts=("active_at_start", "retained"),
    reading="spans",
    value=ratio("retained", "active_at_start"),
    amounts=1,
    contribute={"account": account},
    example=Example(
        story=(
            "Two accounts are customers on 1 January. One has a contract up to and including 31 March, which is lost "
            "in that quarter; the other one goes on."
        ),
        events=(
            '{"type": "hr.rep.v1", "subject": "anna", "time": "2020-01-01T00:00:00Z", "data": {"team": "North"}}',
            (
                '{"type": "crm.contract.v1", "subject": "c1", "time": "2025-04-01T09:00:00Z",'
                ' "data": {"account_id": "a1", "owner_id": "anna", "starts_on": "2025-04-01", "ends_on": "2026-03-31"}}'
            ),
            (
                '{"type": "crm.contract.v1", "subject": "c2", "time": "2025-06-01T09:00:00Z",'
                ' "data": {"account_id": "a2", "owner_id": "anna", "starts_on": "2025-06-01", "ends_on": "2026-05-31"}}'
            ),
        ),
        as_of="2026-04-15T12:00:00Z",
        sample={
            "grain": "rep",
            "key": "anna",
            "window": "fiscal_quarter",
            "bucket": "FY2026-Q1",
            "labels": {},
            "parts": {"active_at_start": 2, "retained": 1},
            "value": 0.5,
        },
    ),
)
