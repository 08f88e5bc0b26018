"""#2 Customer lifetime value, and what was observed to date."""

from __future__ import annotations

from collections.abc import Mapping

from kpi_state.buckets import Contributions, add, day, span
from kpi_state.entities.account import AccountView
from kpi_state.kpis.kpi import Example, Kpi, Ratio, ratio

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


_CUSTOMERS = (
    (
        '{"type": "crm.contract.v1", "subject": "c1", "time": "2024-12-20T09:00:00Z", "data": {"account_id": "a1",'
        ' "owner_id": "anna", "value_minor": 181000, "currency": "EUR", "starts_on": "2025-01-01",'
        ' "ends_on": "2025-06-30"}}'
    ),
    (
        '{"type": "crm.contract.v1", "subject": "c2", "time": "2025-06-25T09:00:00Z", "data": {"account_id": "a2",'
        ' "owner_id": "anna", "value_minor": 300000, "currency": "EUR", "starts_on": "2025-07-01"}}'
    ),
)

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
    example=Example(
        story=(
            "Two customers in a year, one after the other: 181 days for 1,810 euros, and 184 days so far for 3,000. "
            "They were customers for 365 days and one of them was lost, so a customer stays 365 days and is worth what "
            "365 days bring: 4,810 euros."
        ),
        events=_CUSTOMERS,
        as_of="2025-12-31T12:00:00Z",
        sample={
            "grain": "org",
            "key": "*",
            "window": "to_date",
            "bucket": "",
            "labels": {"currency": "EUR"},
            "parts": {
                "customers": 2,
                "churned": 1,
                "customer_days": 365,
                "customer_days_365": 365,
                "purchases_365": 2,
                "revenue_365_minor": 481_000,
                "revenue_minor": 481_000,
            },
            "value": 481_000,
        },
    ),
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
    example=Example(
        story="The same two customers: 4,810 euros to date are 2,405 euros each.",
        events=_CUSTOMERS,
        as_of="2025-12-31T12:00:00Z",
        sample={
            "grain": "org",
            "key": "*",
            "window": "to_date",
            "bucket": "",
            "labels": {"currency": "EUR"},
            "parts": {"customers": 2, "revenue_minor": 481_000},
            "value": 240_500,
        },
    ),
)
