"""#2 Customer lifetime value, and what was observed to date."""

from __future__ import annotations

from collections.abc import Mapping

from kpi_state.buckets import Contributions, add, day, span
from kpi_state.entities.account import AccountView
from kpi_state.kpis.kpi import Kpi, Ratio, ratio

STEM = "customer_lifetime_value"


def account(view: AccountView, out: Contributions) -> None:
    """Its revenue by date and its spans, under each currency of its revenue; purchases contribute one by one beside
    it.
    """
    if not view.alive:
        return
    for item in view.revenue:
        add(out, (STEM, view.owner, day(item.day), (item.currency,)), (0, 0, 1, item.amount_minor))
    for currency in view.currencies:
        for n, (start, end) in enumerate(view.spans):
            out[(STEM, view.owner, span(start or 0, end), (currency,))] = (int(n == 0), 1, 0, 0)


def _value(parts: Mapping[str, int]) -> Ratio:
    return parts["revenue_365_minor"] * parts["customer_days"], parts["customer_days_365"] * parts["churned"]


KPI = Kpi(
    number=2,
    stem=STEM,
    title="Customer lifetime value",
    help="What a customer is worth over its lifespan, in minor units: revenue per customer-year × lifespan in years.",
    formula="value per purchase × purchases per customer-year × lifespan = revenue_365 × days ÷ (days_365 × churned)",
    unit="minor units",
    article="De 9 belangrijkste KPI's voor Sales teams (CBEE Remarkable) #2",
    attribution="owner of the account now",
    windows=("to_date",),
    parts=(
        "customers",
        "churned",
        "customer_days",
        "customer_days_365",
        "purchases_365",
        "revenue_365_minor",
        "revenue_minor",
    ),
    reading="lifetime",
    value=_value,
    amounts=4,
    measure_labels=("currency",),
    label_sets=(("currency",),),
    contribute={"account": account},
)

OBSERVED = Kpi(
    number=2,
    stem="customer_lifetime_value_observed",
    title="Customer lifetime value observed to date",
    help="Revenue to date per customer, in minor units.",
    formula="revenue to date ÷ customers",
    unit="minor units",
    article="De 9 belangrijkste KPI's voor Sales teams (CBEE Remarkable) #2",
    attribution="owner of the account now",
    windows=("to_date",),
    parts=("customers", "revenue_minor"),
    reading="lifetime",
    value=ratio("revenue_minor", "customers"),
    measure_labels=("currency",),
    label_sets=(("currency",),),
)
