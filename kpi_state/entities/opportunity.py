"""An opportunity: a deal on its way to be won or lost; it speaks for the contracts that name it."""

from __future__ import annotations

from typing import Any

import msgspec

from kpi_state.buckets import Bucket, day, quarter
from kpi_state.definitions import Definitions
from kpi_state.facts import decided, owner_at, owner_now
from kpi_state.links import CONTRACT, DEAL, MERGE, OPPORTUNITY, Address, Links
from kpi_state.merges import Folded, Payload, folded, forward, winner_of
from kpi_state.money import PPM, annual, shares
from kpi_state.rows import Row

OPEN, WON = "open", "won"


class Signed(msgspec.Struct, gc=False):
    """A contract, or a won opportunity that no contract names, with its annual value and who has a share of it."""

    bucket: Bucket
    annual_minor: int
    currency: str
    product: str
    region: str
    shares: list[tuple[str, int]]
    """(rep, millionths), summing to 1,000,000."""


class OpportunityView(msgspec.Struct, gc=False):
    """An opportunity with what was merged into it; a deleted one still speaks for the contracts that name it."""

    subject: str
    alive: bool
    """Neither deleted nor merged away."""
    outcome: str
    closed: int
    """0 while open."""
    signed: list[Signed]
    named: bool
    """Whether any contract names it."""
    amount_minor: int | None
    currency: str
    term_months: int | None
    account: str | None
    owner: str
    """Its owner now."""
    leads: list[str]
    """Its own lead and those of what was merged into it."""
    winner: str | None
    own: Payload
    """[lead or None, [[contract, what the contract says], …]]."""
    folded: Folded

    @property
    def is_deal(self) -> bool:
        """Whether it is itself what its account bought."""
        return self.alive and self.outcome == WON and not self.named


def view(subject: str, row: Row, definitions: Definitions) -> OpportunityView:  # noqa: ARG001 - one signature for all entities
    """The opportunity."""
    get = row.get
    deleted = bool(get("deleted"))
    own: Payload = [get("lead_id"), [[source, value] for source, value in sorted(row.live(CONTRACT))]]
    known = folded(row, subject)
    alive = known.alive and not deleted
    outcome = row.last("outcome") or OPEN
    closed = 0
    if outcome != OPEN:
        closed = get("closed_at")
        if closed is None:
            closed = decided(row.lines["outcome"])
    speaks = deleted or known.alive
    contracts = [value for payload in (own, *known.payloads()) for _, value in payload[1]] if speaks else []
    signed: list[Signed] = []
    if alive and outcome == WON:
        splits = get("splits")
        who = shares(splits) if splits else [(owner_at(row, closed), PPM)]
        bucket = quarter(closed)
        signed = [_signed(bucket, contract, who) for contract in contracts if contract[0] is not None]
        amount = get("amount_minor")
        if not contracts and amount is not None and get("currency"):
            value = annual(amount, get("term_months"))
            signed.append(Signed(bucket, value, get("currency"), get("product") or "", get("region") or "", who))
    else:
        signed = [_signed(day(c[4]), c, [(c[5], PPM)]) for c in contracts if c[0] is not None and c[4] is not None]
    leads = {own[0], *(payload[0] for payload in known.payloads())} - {None} if alive else set()
    return OpportunityView(
        subject=subject,
        alive=alive,
        outcome=outcome,
        closed=closed,
        signed=signed,
        named=bool(contracts),
        amount_minor=get("amount_minor"),
        currency=get("currency") or "",
        term_months=get("term_months"),
        account=get("account_id"),
        owner=owner_now(row),
        leads=sorted(leads),
        winner=None if deleted else winner_of(row, subject),
        own=own,
        folded=known,
    )


def _signed(bucket: Bucket, contract: list[Any], who: list[tuple[str, int]]) -> Signed:
    """What a contract says: [annual_minor or None, currency, product, region, signed date or None, owner]."""
    return Signed(bucket, contract[0], contract[1], contract[2], contract[3], who)


def links(opportunity: OpportunityView) -> Links:
    """Its leads learn its outcome, its account that it was won without a contract, the winner of a merge everything."""
    out: Links = {}
    winner = opportunity.winner
    if winner:
        out[Address("opportunity", winner, MERGE)] = forward(
            winner, opportunity.subject, opportunity.own, opportunity.folded.items
        )
    if opportunity.alive:
        for lead in opportunity.leads:
            out[Address("lead", lead, OPPORTUNITY)] = [opportunity.outcome, opportunity.closed]
        if opportunity.is_deal and opportunity.account:
            out[Address("account", opportunity.account, DEAL)] = [
                opportunity.closed,
                opportunity.term_months,
                opportunity.amount_minor or 0,
                opportunity.currency,
                opportunity.owner,
            ]
    return out
