"""#1 Annual contract value."""

from __future__ import annotations

from collections.abc import Mapping

from kpi_state.buckets import Contributions, add, day
from kpi_state.entities.contract import ContractView
from kpi_state.entities.opportunity import OpportunityView, Signed
from kpi_state.kpis.kpi import Example, Kpi, Ratio
from kpi_state.money import PPM, split_money

STEM = "annual_contract_value"


def _signed(signed: Signed, out: Contributions) -> None:
    labels = (signed.currency, signed.product, signed.region)
    for (rep, ppm), (_, money) in zip(signed.shares, split_money(signed.annual_minor, signed.shares), strict=True):
        add(out, (STEM, rep, signed.bucket, labels), (ppm, money))


def opportunity(view: OpportunityView, out: Contributions) -> None:
    """The contracts that name it, by its shares if it is won; else, if won, its own amount."""
    for signed in view.signed:
        _signed(signed, out)


def contract(view: ContractView, out: Contributions) -> None:
    """A contract that names no opportunity; of the others the opportunity speaks."""
    if not view.opportunity and view.annual_minor is not None and view.signed is not None:
        shares = [(view.owner, PPM)]
        _signed(Signed(day(view.signed), view.annual_minor, view.currency, view.product, view.region, shares), out)


def _value(parts: Mapping[str, int]) -> Ratio:
    return parts["annual_value_minor"] * PPM, parts["contracts"]


KPI = Kpi(
    number=1,
    stem=STEM,
    title="Annual contract value",
    help="Mean annual value of the contracts signed in the window, in minor units of their currency.",
    formula="Σ annual value ÷ contracts; annual value = value × 12 ÷ term for terms over 12 months, else the value",
    unit="minor units",
    article="De 9 belangrijkste KPI's voor Sales teams (CBEE Remarkable) #1",
    attribution="split, else owner at signing; a contract in its own right: its owner",
    windows=("fiscal_quarter", "fiscal_year", "rolling_365d"),
    parts=("contracts", "annual_value_minor"),
    reading="sums",
    value=_value,
    amounts=2,
    measure_labels=("currency", "product", "region"),
    label_sets=(("currency",), ("currency", "product"), ("currency", "region")),
    free_text=("product", "region"),
    contribute={"opportunity": opportunity, "contract": contract},
    example=Example(
        story=(
            "Anna and Ben share a deal 60:40 that closes on the last day of March. The contract that names it runs for "
            "24 months from April and is worth 24,000 euros: 12,000 a year, of which Anna has 7,200 and 0.6 of a "
            "contract, in the quarter of the close."
        ),
        events=(
            '{"type": "hr.rep.v1", "subject": "anna", "time": "2020-01-01T00:00:00Z", "data": {"team": "North"}}',
            (
                '{"type": "crm.opportunity.v1", "subject": "o1", "time": "2026-03-31T15:00:00Z",'
                ' "data": {"owner_id": "anna", "outcome": "won", "closed_at": "2026-03-31T15:00:00Z",'
                ' "splits": {"anna": 0.6, "ben": 0.4}}}'
            ),
            (
                '{"type": "crm.contract.v1", "subject": "c1", "time": "2026-04-02T09:00:00Z",'
                ' "data": {"opportunity_id": "o1", "value_minor": 2400000, "currency": "EUR",'
                ' "starts_on": "2026-04-15", "term_months": 24}}'
            ),
        ),
        as_of="2026-04-30T12:00:00Z",
        sample={
            "grain": "rep",
            "key": "anna",
            "window": "fiscal_quarter",
            "bucket": "FY2026-Q1",
            "labels": {"currency": "EUR"},
            "parts": {"contracts": 0.6, "annual_value_minor": 720_000},
            "value": 1_200_000,
        },
    ),
)
