"""A contract: signed for a time, worth an annual value."""

from __future__ import annotations

import msgspec

from kpi_state.dates import LAST_DAY, midnight, whole_months
from kpi_state.definitions import Definitions
from kpi_state.facts import owner_at, owner_now
from kpi_state.links import CONTRACT, Address, Links
from kpi_state.money import annual
from kpi_state.rows import Row


class ContractView(msgspec.Struct, gc=False):
    """A contract that is not deleted."""

    account: str | None
    opportunity: str | None
    value_minor: int | None
    annual_minor: int | None
    """None without a value or a currency: not in the annual contract value."""
    currency: str
    product: str
    region: str
    signed: int | None
    """The date that counts while no won opportunity is named: `signed_on`, else `starts_on`."""
    owner: str
    """Its owner at 00:00 of that date in the organisation's zone."""
    start: int | None
    stop: int | None
    """First day after it, None while it runs on."""


def view(subject: str, row: Row, definitions: Definitions) -> ContractView | None:  # noqa: ARG001 - one signature for all entities
    """The contract, or None when deleted."""
    if row.get("deleted"):
        return None
    start, end = row.get("starts_on"), row.get("ends_on")
    last = min((date for date in (end, row.get("cancelled_on")) if date is not None), default=None)
    signed = row.get("signed_on") if row.get("signed_on") is not None else start
    term = row.get("term_months")
    if term is None and start is not None and end is not None and end >= start:
        term = whole_months(start, _after(end))
    value, currency = row.get("value_minor"), row.get("currency") or ""
    return ContractView(
        account=row.get("account_id"),
        opportunity=row.get("opportunity_id"),
        value_minor=value,
        annual_minor=annual(value, term) if value is not None and currency else None,
        currency=currency,
        product=row.get("product") or "",
        region=row.get("region") or "",
        signed=signed,
        owner=owner_now(row) if signed is None else owner_at(row, midnight(signed, definitions.organisation_timezone)),
        start=start,
        stop=None if last is None else _after(last),
    )


def _after(day: int) -> int:
    return min(day + 1, LAST_DAY)


def links(contract: ContractView) -> Links:
    """The opportunity that it names counts it; its account is active and has revenue by it."""
    out: Links = {}
    if contract.opportunity:
        out[Address("opportunity", contract.opportunity, CONTRACT)] = [
            contract.annual_minor,
            contract.currency,
            contract.product,
            contract.region,
            contract.signed,
            contract.owner,
        ]
    if contract.account and contract.start is not None:
        out[Address("account", contract.account, CONTRACT)] = [
            contract.start,
            contract.stop,
            contract.value_minor,
            contract.currency,
            contract.owner,
        ]
    return out
