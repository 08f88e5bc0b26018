"""#9 Customer retention."""

from __future__ import annotations

from kpi_state.buckets import Contributions, span
from kpi_state.entities.account import AccountView
from kpi_state.kpis.kpi import Kpi, ratio

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
)
