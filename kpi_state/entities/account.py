"""An account: a customer, who is active over spans of days and brings revenue."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from kpi_state.buckets import Contributions, add, day
from kpi_state.dates import LAST_DAY, add_months, day_of, midnight
from kpi_state.definitions import Definitions
from kpi_state.facts import UNASSIGNED, owner_now
from kpi_state.links import CONTRACT, CUSTOMER, DEAL, MERGE, OWNER, PROFILE, PURCHASE, REFERRED, Address, Links
from kpi_state.merges import Folded, Payload, folded, forward, winner_of
from kpi_state.rows import Row
from kpi_state.shelves import Shelving, summed

Span = list[int | None]
"""[first day, first day after it or None]."""
Purchases = list[Any]
"""[how many, newest with an owner as [at, purchase, owner] or None, spans of one day each merged with no gap,
currencies].
"""
NO_PURCHASES: Purchases = [0, None, [], []]


class Revenue(msgspec.Struct, gc=False):
    """Something bought."""

    day: int
    amount_minor: int
    currency: str


class Referral(msgspec.Struct, gc=False):
    """A lead that the account referred while it was active."""

    created: int
    owner: str
    """First owner of the lead."""


class AccountView(msgspec.Struct, gc=False):
    """An account that is not deleted, with what was merged into it."""

    subject: str
    alive: bool
    """Not merged away."""
    owner: str
    """Owner of the account now."""
    credited: str | None
    """Who its purchases count for: its owner, or the owner of the account it was merged into; None while nobody says.
    """
    spans: list[Span]
    """When it is active, in order, at least a grace apart."""
    revenue: list[Revenue]
    """What it bought, unless it has purchases: those contribute one by one (`purchase_revenue`)."""
    currencies: list[str]
    """Of whatever its revenue is, purchases included."""
    referrals: list[Referral]
    profile: list[str]
    """[size, region], of the account it was merged into if it was; "" for what nobody says."""
    opportunities: list[str]
    """Whom it tells its profile."""
    winner: str | None
    own: Payload
    folded: Folded


def _summarise(links: Iterable[tuple[str, Any]], definitions: Definitions) -> Purchases:
    items = list(links)
    if not items:
        return NO_PURCHASES
    newest = max(([at, purchase, owner] for purchase, (at, _, _, _, owner) in items if owner), default=None)
    days = sorted({value[1] for _, value in items})
    spans = merge_spans(
        [[bought, min(bought + definitions.activity_days, LAST_DAY)] for bought in days], definitions.grace_days
    )
    return [len(items), newest, spans, sorted({currency for _, (_, _, _, currency, _) in items if currency})]


def merge_spans(spans: Iterable[Span], grace_days: int) -> list[Span]:
    """Spans at most `grace_days` apart are one, empty ones none; any grouping of the input gives the same."""
    out: list[Span] = []
    for start, end in sorted(spans, key=lambda span: (span[0], span[1] is None, span[1])):
        if start is None or (end is not None and end <= start):
            continue
        last = out[-1][1] if out else 0
        if out and (last is None or start <= last + grace_days):
            out[-1][1] = None if last is None or end is None else max(last, end)
        else:
            out.append([start, end])
    return out


def combined(summaries: Iterable[Purchases], definitions: Definitions) -> Purchases:
    """Purchases of several shelves, or of several accounts, as one."""
    known = [one for one in summaries if one[0]]
    if not known:
        return NO_PURCHASES
    return [
        sum(one[0] for one in known),
        max((one[1] for one in known if one[1]), default=None),
        merge_spans([span for one in known for span in one[2]], definitions.grace_days),
        sorted({currency for one in known for currency in one[3]}),
    ]


def purchase_revenue(contributions: Contributions, purchase: Any, owner: str | None) -> None:
    """What one purchase contributes to the lifetime value, given who owns its account."""
    _, day_bought, amount_minor, currency, _ = purchase
    if owner is not None and currency:
        add(contributions, ("customer_lifetime_value", owner, day(day_bought), (currency,)), (0, 0, 1, amount_minor))


PURCHASES = Shelving(
    summarise=_summarise, combine=combined, context=lambda _, definitions: definitions, contribute=purchase_revenue
)


def view(subject: str, row: Row, definitions: Definitions) -> AccountView | None:
    """The account, or None when deleted."""
    if row.get("deleted"):
        return None
    own: Payload = [
        summed(PURCHASES, row, PURCHASE, definitions),
        [[source, value] for source, value in sorted(row.live(CONTRACT))],
        [[source, value] for source, value in sorted(row.live(DEAL))],
        [value for _, value in sorted(row.live(REFERRED))],
    ]
    known = folded(row, subject)
    winner = winner_of(row, subject)
    opportunities = sorted(source for source, _ in row.live(CUSTOMER))
    if not known.alive:
        survivors = row.live(OWNER)
        credited, *profile = min(survivors)[1] if survivors else (None, "", "")
        return AccountView(
            subject, False, UNASSIGNED, credited, [], [], [], [], profile, opportunities, winner, own, known
        )
    parts = [own, *known.payloads()]
    bought = combined((part[0] for part in parts), definitions)
    contracts = [item for part in parts for item in part[1]]
    deals = [item for part in parts for item in part[2]]
    owner = _owner(row, bought, contracts, deals, definitions)
    spans = _spans(bought, contracts, deals, definitions)
    revenue = [] if bought[0] else _revenue(contracts, deals, definitions)
    return AccountView(
        subject=subject,
        alive=True,
        owner=owner,
        credited=owner,
        spans=spans,
        revenue=revenue,
        currencies=bought[3] if bought[0] else sorted({item.currency for item in revenue}),
        referrals=[
            Referral(created, first)
            for part in parts
            for created, first in part[3]
            if _active(spans, day_of(created, definitions.organisation_timezone))
        ],
        profile=[row.get("size") or "", row.get("region") or ""],
        opportunities=opportunities,
        winner=winner,
        own=own,
        folded=known,
    )


def _owner(row: Row, bought: Purchases, contracts: list[Any], deals: list[Any], definitions: Definitions) -> str:
    """Its own owner, else the one on the newest of its contracts, purchases and won opportunities (tie: larger id)."""
    own = owner_now(row)
    if own != UNASSIGNED:
        return own
    zone = definitions.organisation_timezone
    known = [[midnight(value[0], zone), source, value[4]] for source, value in contracts]
    known += [[value[0], source, value[4]] for source, value in deals]
    known += [bought[1]] if bought[1] else []
    newest = max((item for item in known if item[2] != UNASSIGNED), default=None)
    return UNASSIGNED if newest is None else str(newest[2])


def _spans(bought: Purchases, contracts: list[Any], deals: list[Any], definitions: Definitions) -> list[Span]:
    """By contracts alone; without, by purchases alone; with neither, by won opportunities."""
    if contracts:
        return merge_spans([[start, stop] for _, (start, stop, *_) in contracts], definitions.grace_days)
    if bought[0]:
        return [list(span) for span in bought[2]]
    spans: list[Span] = []
    for _, (closed, term, *_) in deals:
        start = day_of(closed, definitions.organisation_timezone)
        spans.append(
            [start, add_months(start, term) if term and term > 0 else min(start + definitions.activity_days, LAST_DAY)]
        )
    return merge_spans(spans, definitions.grace_days)


def _revenue(contracts: list[Any], deals: list[Any], definitions: Definitions) -> list[Revenue]:
    """Without purchases: its contracts; with neither, its won opportunities. What has no currency is incomplete and
    left out.
    """
    if contracts:
        return [
            Revenue(start, value, currency)
            for _, (start, _, value, currency, _) in contracts
            if value is not None and currency
        ]
    zone = definitions.organisation_timezone
    return [
        Revenue(day_of(closed, zone), amount, currency) for _, (closed, _, amount, currency, _) in deals if currency
    ]


def _active(spans: list[Span], ordinal: int) -> bool:
    return any(start is not None and start <= ordinal and (end is None or ordinal < end) for start, end in spans)


def links(account: AccountView) -> Links:
    """The winner of a merge gets everything; a survivor tells those merged into it who owns it and
    what it is like, and each tells its opportunities what it is like, if anybody says.
    """
    out: Links = {}
    if account.winner:
        out[Address("account", account.winner, MERGE)] = forward(
            account.winner, account.subject, account.own, account.folded.items
        )
    if account.alive:
        for origin in account.folded.items:
            out[Address("account", origin, OWNER)] = [account.owner, *account.profile]
    if any(account.profile):
        for opportunity in account.opportunities:
            out[Address("opportunity", opportunity, PROFILE)] = account.profile
    return out
