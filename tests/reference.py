"""The tallies of a set of events, worked out in the plainest way: read everything, walk every merge, add up once.

It shares no code with `kpi_state` and was written from the event contract and the KPI book alone, so that two readings
of them meet. It knows no links, no deltas, no shelves and no partitions, and is as slow as that.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from kpi_state.buckets import Amounts, Bucket, Cell
from kpi_state.definitions import Definitions
from tests.statements import INSTANTS, TYPES

KINDS = {type_: kind for kind, type_ in TYPES.items()}
DATES = frozenset(["starts_on", "ends_on", "cancelled_on", "signed_on", "first_day", "last_day"])
TIMELINES = {
    "lead": {"owner_id", "outcome", "status"},
    "appointment": {"owner_id", "outcome", "verdict"},
    "opportunity": {"owner_id", "outcome", "stage"},
    "contact": {"owner_id", "phones"},
    "account": {"owner_id"},
    "contract": {"owner_id"},
    "purchase": {"owner_id"},
    "rep": {"team", "timezone", "first_day", "last_day", "emails", "extensions", "external_ids"},
}
HOUR = 3_600_000_000
QUARTER = 900_000_000
WHOLE = 1_000_000
MERGES = 8
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Stamp = tuple[int, str, str, str]
Touch = tuple[int, str, str]
"""(when, subject, rep as sent)."""
Share = tuple[str, int]
"""(rep, millionths)."""


def microseconds(text: str) -> int:
    """An RFC 3339 instant as microseconds since 1970, finer digits cut."""
    return (datetime.fromisoformat(text) - EPOCH) // timedelta(microseconds=1)


def quarter(at: int) -> Bucket:
    return ("Q", at // QUARTER, 0)


def _number(value: Decimal) -> int | float:
    """A number as RFC 8785 writes it: 1.0 is 1."""
    return int(value) if value == int(value) else float(value)


class Facts:
    """What events say about one subject: per field the statements by stamp, of two contents the larger."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.said: dict[str, dict[Stamp, tuple[bytes, Any]]] = defaultdict(dict)
        self.earliest: int | None = None

    def state(self, stamp: Stamp, data: dict[str, Any]) -> None:
        self.earliest = stamp[0] if self.earliest is None else min(self.earliest, stamp[0])
        for field, value in data.items():
            meant = self._meant(field, value)
            canonical = self._canonical(field, value, meant)
            old = self.said[field].get(stamp)
            if old is None or canonical > old[0]:
                self.said[field][stamp] = (canonical, meant)

    @staticmethod
    def _meant(field: str, value: Any) -> Any:
        if value is not None and field in INSTANTS:
            return microseconds(value)
        if value is not None and field in DATES:
            return date.fromisoformat(value)
        return value

    @staticmethod
    def _canonical(field: str, value: Any, meant: Any) -> bytes:
        if value is not None and field in INSTANTS:
            value = (EPOCH + timedelta(microseconds=meant)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_number).encode()

    def line(self, field: str) -> list[tuple[int, Any]]:
        """Every statement of a timeline, in order, by time."""
        assert field in TIMELINES[self.kind]
        return [(stamp[0], value) for stamp, (_, value) in sorted(self.said[field].items(), key=lambda item: item[0])]

    def now(self, field: str) -> Any:
        """The latest statement's value."""
        statements = self.said.get(field)
        return statements[max(statements)][1] if statements else None

    def decided(self, field: str) -> int:
        """The time of the first statement of the last unbroken run."""
        line = self.line(field)
        at, value = line[-1]
        for earlier, before in reversed(line):
            if before != value:
                break
            at = earlier
        return at

    def first_owner(self) -> str:
        return next((owner for _, owner in self.line("owner_id") if owner), "unassigned")

    def owner_as_of(self, at: int) -> str:
        before = [owner for time_, owner in self.line("owner_id") if time_ <= at]
        return (before[-1] or "unassigned") if before else self.first_owner()

    def owner_now(self) -> str:
        return self.now("owner_id") or "unassigned"

    @property
    def deleted(self) -> bool:
        return self.now("deleted") is True


class Reference:
    """All events up to `now` (microseconds), and what they add up to."""

    def __init__(self, lines: Iterable[bytes], now: int, definitions: Definitions) -> None:
        self.definitions = definitions
        self.zone = ZoneInfo(definitions.organisation_timezone)
        self.facts: dict[str, dict[str, Facts]] = {kind: {} for kind in TYPES}
        for line in lines:
            try:
                event = json.loads(line, parse_float=Decimal)
                stamp = (microseconds(event["time"]), event.get("sequence", ""), event["source"], event["id"])
                kind, subject, data = KINDS[event["type"]], event["subject"], event["data"]
                Facts(kind).state(stamp, data)
            except (ValueError, KeyError, TypeError):
                continue  # all kinds of quarantine are the traps' business
            if stamp[0] <= now:
                self.facts[kind].setdefault(subject, Facts(kind)).state(stamp, data)
        self.sums: dict[Cell, list[int]] = {}
        self.survivor = cache(self._survivor)

    def tallies(self) -> dict[Cell, Amounts]:
        """Every cell that sums to something, data quality left out."""
        self.sums = {}
        self._touchpoints()
        self._appointments()
        self._contracts()
        self._leads()
        self._contacts()
        self._accounts()
        return {cell: tuple(amounts) for cell, amounts in self.sums.items() if any(amounts)}

    def _add(self, measure: str, rep: str, bucket: Bucket, labels: tuple[str, ...], *amounts: int) -> None:
        into = self.sums.setdefault((measure, rep, bucket, labels), [0] * len(amounts))
        for i, amount in enumerate(amounts):
            into[i] += amount

    # ---- subjects and merges

    def _of(self, kind: str, subject: str) -> Facts:
        return self.facts[kind].get(subject) or Facts(kind)

    def _present(self, kind: str) -> Iterator[tuple[str, Facts]]:
        return ((subject, facts) for subject, facts in self.facts[kind].items() if not facts.deleted)

    def _next(self, kind: str, subject: str) -> str | None:
        winner: str | None = self._of(kind, subject).now("merged_into")
        return winner

    def _survives(self, kind: str, subject: str) -> bool:
        """Whether it contributes: merged into nothing, or the smallest of a cycle of at most 8 merges."""
        walk = [subject]
        for _ in range(MERGES):
            if self._of(kind, walk[-1]).deleted:
                return False
            following = self._next(kind, walk[-1])
            if following is None:
                return len(walk) == 1
            if following == subject:
                return subject == min(walk)
            walk.append(following)
        return False

    def _survivor(self, kind: str, subject: str) -> str | None:
        """Who counts what this subject has, itself or the winner of at most 8 merges; None when nobody does."""
        for _ in range(MERGES + 1):
            if self._of(kind, subject).deleted:
                return None
            if self._survives(kind, subject):
                return subject
            following = self._next(kind, subject)
            if following is None:
                return None
            subject = following
        return None

    # ---- touches

    def _calls(self) -> Iterator[tuple[str, Facts, int, int]]:
        """(subject, facts, start, microseconds of talk) of legs somebody took part in."""
        for subject, facts in self._present("call"):
            if not facts.now("rep_id"):
                continue
            at = facts.now("started_at")
            at = facts.earliest if at is None else at
            talk = 0
            if facts.now("disposition") == "answered":
                if facts.now("talk_seconds") is not None:
                    talk = facts.now("talk_seconds") * WHOLE
                elif facts.now("ended_at") is not None and facts.now("answered_at") is not None:
                    talk = max(0, facts.now("ended_at") - facts.now("answered_at"))
            assert at is not None
            yield subject, facts, at, talk

    def _activities(self) -> Iterator[tuple[str, Facts, int]]:
        for subject, facts in self._present("activity"):
            at = facts.now("at")
            at = facts.earliest if at is None else at
            person = not facts.now("automated")
            assert at is not None
            if person and (facts.now("channel") in {"meeting", "visit"} or facts.now("direction") == "outbound"):
                yield subject, facts, at

    def _effective(self) -> Iterator[tuple[Touch, str, str, Facts]]:
        """(touch, channel, party, facts) of every effective touch, before the slot limit."""
        for subject, facts, at, talk in self._calls():
            if facts.now("disposition") == "answered" and talk >= self.definitions.talk_seconds * WHOLE:
                party = facts.now("phone") or facts.now("contact_id") or facts.now("lead_id") or f"call {subject}"
                yield (at, subject, facts.now("rep_id")), "call", party, facts
        for subject, facts, at in self._activities():
            if not facts.now("channel"):
                continue
            party = facts.now("contact_id") or facts.now("lead_id") or f"activity {subject}"
            yield (at, subject, facts.now("rep_id") or "unassigned"), facts.now("channel"), party, facts

    def _touchpoints(self) -> None:
        for _, facts, at, talk in self._calls():
            attempt = facts.now("disposition") == "answered" or facts.now("direction") == "outbound"
            self._add("touchpoints", facts.now("rep_id"), quarter(at), ("call",), 0, int(attempt), talk)
        for _, facts, at in self._activities():
            rep, channel = facts.now("rep_id") or "unassigned", facts.now("channel") or ""
            self._add("touchpoints", rep, quarter(at), (channel,), 0, 1, 0)
        slots: dict[tuple[str, str, str, int], int] = {}
        for (at, _, rep), channel, party, _ in self._effective():
            slot = rep, party, channel, at // HOUR
            slots[slot] = min(at, slots.get(slot, at))
        for (rep, _, channel, _), at in slots.items():
            self._add("touchpoints", rep, quarter(at), (channel,), 1, 0, 0)

    def _holder(self, phone: str, at: int) -> str | None:
        """The contact that a call from or to this number belongs to."""
        claims: list[tuple[int, int | None, str]] = []
        for subject, facts in self._present("contact"):
            got: int | None = None
            for time_, phones in facts.line("phones"):
                if phone in (phones or ()):
                    got = time_ if got is None else got
                elif got is not None:
                    claims.append((got, time_, subject))
                    got = None
            if got is not None:
                claims.append((got, None, subject))
        holding = [(-got, who) for got, lost, who in claims if got <= at and (lost is None or at < lost)]
        later = [(got, who) for got, lost, who in claims if got > at and got != lost]
        return min(holding)[1] if holding else min(later)[1] if later else None

    # ---- leads and contacts

    def _lead_touches(self) -> dict[str, list[Touch]]:
        touches: dict[str, list[Touch]] = defaultdict(list)
        for touch, _, _, facts in self._effective():
            named = facts.now("lead_id")
            survivor = self.survivor("lead", named) if named else None
            if survivor is not None:
                touches[survivor].append(touch)
        return touches

    def _lead_opportunities(self) -> dict[str, set[str]]:
        """The opportunities a lead has: of a merged one, its winner."""
        has: dict[str, set[str]] = defaultdict(set)
        for subject, facts in self._present("opportunity"):
            named, winner = facts.now("lead_id"), self.survivor("opportunity", subject)
            lead = self.survivor("lead", named) if named else None
            if lead is not None and winner is not None:
                has[lead].add(winner)
        return has

    def _closed(self, facts: Facts) -> int:
        closed: int | None = facts.now("closed_at")
        return facts.decided("outcome") if closed is None else closed

    def _lead_members(self) -> dict[str, list[Facts]]:
        """What is folded into each lead that counts, itself included."""
        members: dict[str, list[Facts]] = defaultdict(list)
        for subject, facts in self._present("lead"):
            survivor = self.survivor("lead", subject)
            if survivor is not None:
                members[survivor].append(facts)
        return members

    def _outcome(self, lead: Facts, members: list[Facts], opportunities: list[Facts]) -> tuple[str, int]:
        won = [self._closed(each) for each in [*members, *opportunities] if each.now("outcome") == "won"]
        if won:
            return "won", min(won)
        if lead.now("status") == "disqualified":
            closed = lead.now("closed_at")
            return "disqualified", lead.decided("status") if closed is None else closed
        if lead.now("outcome") == "lost":
            return "lost", self._closed(lead)
        if opportunities and all(each.now("outcome") == "lost" for each in opportunities):
            return "lost", max(self._closed(each) for each in opportunities)
        return "open", 0

    def _leads(self) -> None:
        touches, opportunities, members = self._lead_touches(), self._lead_opportunities(), self._lead_members()
        accepted = {
            self.survivor("lead", facts.now("lead_id"))
            for _, facts in self._present("appointment")
            if facts.now("verdict") == "accepted" and facts.now("lead_id")
        }
        self.contact_touches: dict[str, list[Touch]] = defaultdict(list)
        self.qualified_contacts: set[str] = set()
        self.referrals: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for subject in {*touches, *opportunities, *members, *(lead for lead in accepted if lead is not None)}:
            lead = self._of("lead", subject)
            has = [self._of("opportunity", each) for each in opportunities[subject]]
            outcome, at = self._outcome(lead, members[subject], has)
            statuses = {status for each in members[subject] for _, status in each.line("status")}
            converted = subject in accepted or bool(has) or "converted" in statuses or outcome == "won"
            self._lead_kpis(lead, outcome, at, converted=converted)
            self._lead_contact(lead, touches[subject], bool(statuses & {"qualified", "converted"}) or outcome == "won")

    def _lead_kpis(self, lead: Facts, outcome: str, at: int, *, converted: bool) -> None:
        won = int(outcome == "won")
        if outcome != "open":
            self._add("lead_win", lead.owner_as_of(at), quarter(at), ("closed",), 1, won)
        created = lead.now("created_at")
        if created is None:
            return
        first, bucket, by = lead.first_owner(), quarter(created), lead.now("generated_by")
        self._add("leads_created", first, bucket, (lead.now("origin") or "",), 1)
        self._add("lead_win", first, bucket, ("cohort",), 1, won)
        self._add("lead_conversion", first, bucket, (), 1, int(converted))
        self._add("lead_source", first, bucket, (), int(by is not None), int(by == "marketing"), int(by is None))
        if outcome == "open":
            self._add("open_lead_age", lead.owner_now(), ("X", created, 0), (), 1)
        referrer = lead.now("referrer_account_id")
        account = self.survivor("account", referrer) if referrer else None
        if account is not None:
            self.referrals[account].append((created, first))

    def _lead_contact(self, lead: Facts, touches: list[Touch], qualified: bool) -> None:
        named = lead.now("contact_id")
        contact = self.survivor("contact", named) if named else None
        if contact is not None:
            self.contact_touches[contact].extend(touches)
            if qualified:
                self.qualified_contacts.add(contact)
        elif not named and touches:
            at, _, rep = min(touches)
            self._add("contact_to_lead", rep, quarter(at), (), 1, int(qualified))

    def _contacts(self) -> None:
        for touch, channel, _, facts in self._effective():
            named = facts.now("contact_id")
            if not named and not facts.now("lead_id") and channel == "call" and facts.now("phone"):
                named = self._holder(facts.now("phone"), touch[0])
            contact = self.survivor("contact", named) if named else None
            if contact is not None:
                self.contact_touches[contact].append(touch)
        for contact, touches in self.contact_touches.items():
            if touches:
                at, _, rep = min(touches)
                self._add("contact_to_lead", rep, quarter(at), (), 1, int(contact in self.qualified_contacts))

    def _appointments(self) -> None:
        for _, facts in self._present("appointment"):
            rep, verdict = facts.now("set_by") or "unassigned", facts.now("verdict")
            if verdict in {"accepted", "rejected"}:
                at = facts.now("verdict_at")
                at = facts.decided("verdict") if at is None else at
                rejected = int(verdict == "rejected")
                reason = (facts.now("reason") or "") if rejected else ""
                self._add("appointment_disqualification", rep, quarter(at), (reason,), 1, rejected, 0)
            elif facts.now("set_at") is not None:
                self._add("appointment_disqualification", rep, ("X", facts.now("set_at"), 0), ("",), 0, 0, 1)

    # ---- money

    def _midnight(self, day: date) -> int:
        return (datetime.combine(day, time(), self.zone) - EPOCH) // timedelta(microseconds=1)

    def _day(self, at: int) -> date:
        return (EPOCH + timedelta(microseconds=at)).astimezone(self.zone).date()

    def _won(self, named: str | None) -> str | None:
        """The won opportunity that a contract's `opportunity_id` comes to."""
        winner = self.survivor("opportunity", named) if named else None
        return winner if winner is not None and self._of("opportunity", winner).now("outcome") == "won" else None

    def _annual_contract_value(self, who: list[Share], bucket: Bucket, annual: int, facts: Facts) -> None:
        if facts.now("currency") is None:
            return
        labels = (facts.now("currency"), facts.now("product") or "", facts.now("region") or "")
        for (rep, share), (_, money) in zip(who, divided(annual, who), strict=True):
            self._add("annual_contract_value", rep, bucket, labels, share, money)

    def _contracts(self) -> None:
        self.named: set[str] = set()
        for _, facts in self._present("contract"):
            value = facts.now("value_minor")
            signed = facts.now("signed_on") or facts.now("starts_on")
            deal = self._won(facts.now("opportunity_id"))
            annual = annual_of(value, term_of(facts)) if value is not None else 0
            if deal is not None:
                self.named.add(deal)
                won = self._of("opportunity", deal)
                who, bucket = self._sellers(won), quarter(self._closed(won))
            elif signed is not None:
                who, bucket = [(facts.owner_as_of(self._midnight(signed)), WHOLE)], ("D", signed.toordinal(), 0)
            else:
                continue
            if value is not None:
                self._annual_contract_value(who, bucket, annual, facts)
        for _, facts in self._deals():
            amount = facts.now("amount_minor")
            if amount is not None:
                annual = annual_of(amount, facts.now("term_months"))
                self._annual_contract_value(self._sellers(facts), quarter(self._closed(facts)), annual, facts)

    def _deals(self) -> Iterator[tuple[str, Facts]]:
        """Won opportunities that no contract names."""
        for subject, facts in self._present("opportunity"):
            if facts.now("outcome") == "won" and subject not in self.named and self._survives("opportunity", subject):
                yield subject, facts

    def _sellers(self, deal: Facts) -> list[Share]:
        splits = deal.now("splits")
        return shares_of(splits) if splits else [(deal.owner_as_of(self._closed(deal)), WHOLE)]

    def _account_of(self, facts: Facts) -> str | None:
        named = facts.now("account_id")
        return self.survivor("account", named) if named else None

    def _accounts(self) -> None:
        accounts: dict[str, Account] = defaultdict(Account)
        for subject, facts in self._present("contract"):
            account, start = self._account_of(facts), facts.now("starts_on")
            if account is not None and start is not None:
                ends = [end for end in (facts.now("ends_on"), facts.now("cancelled_on")) if end is not None]
                owner = facts.owner_as_of(self._midnight(facts.now("signed_on") or start))
                accounts[account].owners.append((self._midnight(start), subject, owner))
                accounts[account].contracts.append((start, min(ends) + timedelta(1) if ends else None))
                if facts.now("value_minor") is not None:
                    accounts[account].contract_revenue.append((start, facts.now("currency"), facts.now("value_minor")))
        for subject, facts in self._present("purchase"):
            account, at = self._account_of(facts), facts.now("at")
            if account is not None and at is not None:
                accounts[account].owners.append((at, subject, facts.owner_now()))
                accounts[account].purchases.append(
                    (self._day(at), facts.now("currency"), facts.now("amount_minor") or 0)
                )
        for subject, facts in self._deals():
            account = self._account_of(facts)
            if account is not None:
                closed = self._closed(facts)
                day, term = self._day(closed), facts.now("term_months")
                end = months_after(day, term) if term else day + timedelta(self.definitions.activity_days)
                accounts[account].owners.append((closed, subject, facts.owner_now()))
                accounts[account].deals.append((day, end))
                accounts[account].deal_revenue.append((day, facts.now("currency"), facts.now("amount_minor") or 0))
        for subject, account_ in accounts.items():
            self._account(subject, account_)

    def _account(self, subject: str, account: "Account") -> None:
        spans = self._spans(account)
        owner = self._of("account", subject).now("owner_id") or account.newest_owner()
        for start, end in spans:
            self._add("customer_retention", owner, interval(start, end), (), 1)
        revenue = account.purchases or (account.contract_revenue if account.contracts else account.deal_revenue)
        for day, currency, amount in revenue:
            if currency is not None:
                self._add("customer_lifetime_value", owner, ("D", day.toordinal(), 0), (currency,), 0, 0, 1, amount)
        for currency in {each for _, each, _ in revenue if each is not None}:
            for n, (start, end) in enumerate(spans):
                self._add("customer_lifetime_value", owner, interval(start, end), (currency,), int(n == 0), 1, 0, 0)
        for created, first in self.referrals[subject]:
            day = self._day(created)
            if any(start <= day and (end is None or day < end) for start, end in spans):
                self._add("referrals", first, quarter(created), (), 1)

    def _spans(self, account: "Account") -> list[tuple[date, date | None]]:
        active = timedelta(self.definitions.activity_days)
        basis = account.contracts or [(day, day + active) for day, _, _ in account.purchases] or account.deals
        spans: list[tuple[date, date | None]] = []
        for start, end in sorted(basis, key=lambda span: span[0]):
            if end is not None and end <= start:
                continue
            before = spans[-1] if spans else None
            if before and (before[1] is None or start <= before[1] + timedelta(self.definitions.grace_days)):
                spans[-1] = before[0], None if before[1] is None or end is None else max(before[1], end)
            else:
                spans.append((start, end))
        return spans


class Account:
    """What contracts, purchases and won opportunities say about one account."""

    def __init__(self) -> None:
        self.owners: list[tuple[int, str, str]] = []
        self.contracts: list[tuple[date, date | None]] = []
        self.purchases: list[tuple[date, str | None, int]] = []
        self.deals: list[tuple[date, date | None]] = []
        self.contract_revenue: list[tuple[date, str | None, int]] = []
        self.deal_revenue: list[tuple[date, str | None, int]] = []

    def newest_owner(self) -> str:
        return max((each for each in self.owners if each[2] != "unassigned"), default=(0, "", "unassigned"))[2]


def interval(start: date, end: date | None) -> Bucket:
    return "I", start.toordinal(), end.toordinal() if end else 0


def months_after(day: date, months: int) -> date:
    """The same day of the month, at most its last, so many months later."""
    first = date(day.year + (day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1, 1)
    last = (first.replace(day=28) + timedelta(4)).replace(day=1) - timedelta(1)
    return min(first + timedelta(day.day - 1), last)


def term_of(contract: Facts) -> int | None:
    """Months: as stated, else whole months to the day after the end, a rest of 15 days or more counted as one."""
    start, end = contract.now("starts_on"), contract.now("ends_on")
    if contract.now("term_months") is not None:
        stated: int = contract.now("term_months")
        return stated
    if start is None or end is None or end < start:
        return None
    after, months = end + timedelta(1), 0
    while months_after(start, months + 1) <= after:
        months += 1
    return months + int((after - months_after(start, months)).days >= 15)


def annual_of(value: int, months: int | None) -> int:
    return round(Fraction(value * 12, months)) if months is not None and months > 12 else value


def _whole(exact: dict[str, Fraction], total: int) -> list[Share]:
    """Rounded down, the rest given to the largest remainders, ties by rep."""
    floor = {rep: int(amount) for rep, amount in exact.items()}
    order = sorted(exact, key=lambda rep: (floor[rep] - exact[rep], rep))
    for rep in order[: total - sum(floor.values())]:
        floor[rep] += 1
    return sorted(floor.items())


def shares_of(splits: dict[str, Any]) -> list[Share]:
    exact = {rep: Fraction(share) for rep, share in splits.items()}
    return _whole({rep: share * WHOLE / sum(exact.values()) for rep, share in exact.items()}, WHOLE)


def divided(amount: int, who: list[Share]) -> list[Share]:
    sign = -1 if amount < 0 else 1
    parts = _whole({rep: Fraction(abs(amount) * share, WHOLE) for rep, share in who}, abs(amount))
    return [(rep, sign * money) for rep, money in parts]
