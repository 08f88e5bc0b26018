"""#1 Annual contract value."""

from __future__ import annotations

from collections.abc import Mapping

from kpi_state.buckets import Contributions, add, day
from kpi_state.entities.contract import ContractView
from kpi_state.entities.opportunity import OpportunityView, Signed
from kpi_state.kpis.kpi import Kpi, Ratio
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
    contribute={"opportunity": opportunity, "contract": contract},
)
