"""How leads become appointments, deals and contracts in the simulation."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from floorpulse.demo.book import PRODUCTS, REGIONS, Book, Due, Lead
from floorpulse.demo.people import Rep
from floorpulse.demo.wire import Statement, moment

REASONS: Final = ("no budget", "no need", "wrong person", "out of region")


def working_day_after(day: date, days: int) -> date:
    """The first Monday to Friday that is at least `days` later."""
    later = day + timedelta(days=days)
    while later.weekday() >= 5:
        later += timedelta(days=1)
    return later


def talked(book: Book, lead: Lead, rep: Rep, day: date, at: int) -> Iterator[Statement]:
    """What a conversation of half a minute or more does to a lead: it may move on, or prove to be none."""
    random = book.random
    if random.random() < 0.04:
        book.drop(lead)
        yield Statement(at, "lead", lead.id, {"status": "disqualified", "disqualified_reason": random.choice(REASONS)})
    elif lead.step == "new":
        lead.step = "working"
        yield Statement(at, "lead", lead.id, {"status": "working"})
    elif random.random() > rep.charm:
        return
    elif lead.step == "working":
        lead.step = "qualified"
        yield Statement(at, "lead", lead.id, {"status": "qualified"})
    elif lead.step == "qualified":
        lead.step = "appointed"
        closer = book.colleague(rep, day)
        subject = book.new_id("appointment")
        facts = {
            "lead_id": lead.id,
            "set_by": rep.id,
            "handed_to": closer.id,
            "set_at": moment(at, rep.zone),
            "verdict": "pending",
        }
        yield Statement(at, "appointment", subject, facts)
        book.due[working_day_after(day, random.randrange(1, 4))].append(Due("verdict", subject, lead, closer))


def fall_due(book: Book, due: Due, day: date, at: int) -> Iterator[Statement]:
    """What becomes of an appointment or a deal on its day."""
    yield from {"verdict": _verdict, "stage": _stage, "outcome": _outcome}[due.what](book, due, day, at)


def _verdict(book: Book, due: Due, day: date, at: int) -> Iterator[Statement]:
    random = book.random
    decided = moment(at, due.rep.zone)
    if random.random() < 0.14:
        yield Statement(
            at,
            "appointment",
            due.subject,
            {"verdict": "rejected", "verdict_at": decided, "reason": random.choice(REASONS)},
        )
        due.lead.step = "working"
        return
    book.drop(due.lead)
    yield Statement(at, "appointment", due.subject, {"verdict": "accepted", "verdict_at": decided})
    yield Statement(at, "lead", due.lead.id, {"status": "converted"})
    deal = Due("stage", book.new_id("opportunity"), due.lead, due.rep, random.randrange(15, 500) * 10_000)
    facts = {
        "owner_id": due.rep.id,
        "lead_id": due.lead.id,
        "stage": "discovery",
        "amount_minor": deal.amount_minor,
        "currency": "EUR" if random.random() < 0.9 else "USD",
        "term_months": random.choice((6, 12, 12, 24)),
        "created_at": decided,
        "product": random.choice(PRODUCTS),
        "region": random.choice(REGIONS),
        "outcome": "open",
    }
    yield Statement(at, "opportunity", deal.subject, facts)
    book.due[working_day_after(day, random.randrange(1, 4))].append(deal)


def _stage(book: Book, due: Due, day: date, at: int) -> Iterator[Statement]:
    yield Statement(at, "opportunity", due.subject, {"stage": "proposal"})
    later = working_day_after(day, book.random.randrange(1, 6))
    book.due[later].append(Due("outcome", due.subject, due.lead, due.rep, due.amount_minor))


def _outcome(book: Book, due: Due, day: date, at: int) -> Iterator[Statement]:
    random = book.random
    closed: dict[str, object] = {"closed_at": moment(at, due.rep.zone)}
    if random.random() > 0.45:
        yield Statement(at, "opportunity", due.subject, closed | {"stage": "closed", "outcome": "lost"})
        return
    account = book.new_id("account")
    book.accounts.append(account)
    yield Statement(
        at, "account", account, {"owner_id": due.rep.id, "name": f"Company {account[-3:]}", "size": "small"}
    )
    won = closed | {"stage": "closed", "outcome": "won", "account_id": account}
    if due.lead.owner != due.rep and random.random() < 0.4:
        won["splits"] = {due.rep.id: 0.7, due.lead.owner.id: 0.3}
    yield Statement(at, "opportunity", due.subject, won)
    if random.random() < 0.7:
        facts = {
            "account_id": account,
            "owner_id": due.rep.id,
            "opportunity_id": due.subject,
            "value_minor": due.amount_minor,
            "currency": "EUR",
            "signed_on": day.isoformat(),
            "starts_on": day.isoformat(),
            "ends_on": (day + timedelta(days=364)).isoformat(),
            "term_months": 12,
        }
        yield Statement(at, "contract", book.new_id("contract"), facts)


def purchase(book: Book, rep: Rep, at: int) -> Statement:
    """An existing customer buys more."""
    random = book.random
    facts = {
        "account_id": random.choice(book.accounts),
        "owner_id": rep.id,
        "amount_minor": random.randrange(50, 9_000) * 100
        if random.random() < 0.95
        else -random.randrange(50, 500) * 100,
        "currency": "EUR",
        "at": moment(at, rep.zone),
        "kind": random.choice(("upsell", "cross_sell", "renewal")),
        "product": random.choice(PRODUCTS),
    }
    return Statement(at, "purchase", book.new_id("purchase"), facts)
