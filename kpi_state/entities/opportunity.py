"""An opportunity: a deal on its way to be won or lost; it speaks for the contracts that name it."""

from __future__ import annotations

from typing import Any

import msgspec

from kpi_state.buckets import Bucket, day, quarter
from kpi_state.definitions import Definitions
from kpi_state.entities.stages import Stay, stays
from kpi_state.facts import UNASSIGNED, decided, owner_at, owner_now
from kpi_state.links import CONTRACT, CUSTOMER, DEAL, MERGE, OPPORTUNITY, PROFILE, Address, Links
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
    closer: str
    """Its owner at the close; nobody's while open."""
    sellers: list[tuple[str, int]]
    """(rep, millionths) of whoever won it; empty unless won."""
    product: str
    region: str
    """Its own, else its account's."""
    size: str
    """Its account's."""
    since: int | None
    """When it came to its stage; without a stage, when it was created or first spoken of. None: others only name it.
    """
    stays: list[Stay]
    """Its stages, if it is alive."""
    stay_owners: list[tuple[str, str]]
    """(owner when it came, owner when it left) of each stay."""
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
    deleted = bool(row.get("deleted"))
    own: Payload = [row.get("lead_id"), [[source, value] for source, value in sorted(row.live(CONTRACT))]]
    known = folded(row, subject)
    alive = known.alive and not deleted
    outcome = row.last("outcome") or OPEN
    closed = 0
    if outcome != OPEN:
        closed = row.get("closed_at")
        if closed is None:
            closed = decided(row.lines["outcome"])
    speaks = deleted or known.alive
    contracts = [value for payload in (own, *known.payloads()) for _, value in payload[1]] if speaks else []
    closer = UNASSIGNED if outcome == OPEN else owner_at(row, closed)
    signed: list[Signed] = []
    who: list[tuple[str, int]] = []
    if alive and outcome == WON:
        splits = row.get("splits")
        who = shares(splits) if splits else [(closer, PPM)]
        bucket = quarter(closed)
        signed = [_signed(bucket, contract, who) for contract in contracts if contract[0] is not None]
        amount = row.get("amount_minor")
        if not contracts and amount is not None and row.get("currency"):
            value = annual(amount, row.get("term_months"))
            signed.append(
                Signed(bucket, value, row.get("currency"), row.get("product") or "", row.get("region") or "", who)
            )
    else:
        signed = [_signed(day(c[4]), c, [(c[5], PPM)]) for c in contracts if c[0] is not None and c[4] is not None]
    account = row.get("account_id")
    size, region = _profile(row, account)
    been = stays(row.lines.get("stage", []), outcome, closed) if alive else []
    leads = {own[0], *(payload[0] for payload in known.payloads())} - {None} if alive else set()
    return OpportunityView(
        subject=subject,
        alive=alive,
        outcome=outcome,
        closed=closed,
        signed=signed,
        named=bool(contracts),
        amount_minor=row.get("amount_minor"),
        currency=row.get("currency") or "",
        term_months=row.get("term_months"),
        account=account,
        owner=owner_now(row),
        closer=closer,
        sellers=who,
        product=row.get("product") or "",
        region=row.get("region") or region,
        size=size,
        since=been[-1].since if been else _begun(row),
        stays=been,
        stay_owners=[(owner_at(row, stay.since), owner_at(row, stay.until) if stay.exit else "") for stay in been],
        leads=sorted(leads),
        winner=None if deleted else winner_of(row, subject),
        own=own,
        folded=known,
    )


def _profile(row: Row, account: str | None) -> tuple[str, str]:
    """(size, region) that its account tells it."""
    if not account:
        return "", ""
    told = row.links.get(PROFILE, {}).get(account)
    return ("", "") if told is None or told[1] is None else (told[1][0], told[1][1])


def _begun(row: Row) -> int | None:
    created: int | None = row.get("created_at")
    return row.earliest if created is None else created


def _signed(bucket: Bucket, contract: list[Any], who: list[tuple[str, int]]) -> Signed:
    """What a contract says: [annual_minor or None, currency, product, region, signed date or None, owner]."""
    return Signed(bucket, contract[0], contract[1], contract[2], contract[3], who)


def links(opportunity: OpportunityView) -> Links:
    """Its leads learn its outcome, its account that it is there and that it was won without a contract, the winner of a
    merge everything.
    """
    out: Links = {}
    winner = opportunity.winner
    if winner:
        out[Address("opportunity", winner, MERGE)] = forward(
            winner, opportunity.subject, opportunity.own, opportunity.folded.items
        )
    if opportunity.alive:
        for lead in opportunity.leads:
            out[Address("lead", lead, OPPORTUNITY)] = [opportunity.outcome, opportunity.closed]
        if opportunity.account:
            out[Address("account", opportunity.account, CUSTOMER)] = True
        if opportunity.is_deal and opportunity.account:
            out[Address("account", opportunity.account, DEAL)] = [
                opportunity.closed,
                opportunity.term_months,
                opportunity.amount_minor or 0,
                opportunity.currency,
                opportunity.owner,
            ]
    return out
