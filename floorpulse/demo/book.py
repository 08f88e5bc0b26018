"""What the simulated company knows: its customers, contacts and leads, and what is due on which day."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final, Literal

from floorpulse.demo.people import HEAD_OFFICE, Rep
from floorpulse.demo.wire import DAY, HOUR, Statement, instant, moment

ORIGINS: Final = ("web", "web", "webinar", "fair", "campaign", "cold call", "cold call", "network")
MARKETING: Final = frozenset({"web", "webinar", "campaign"})
REGIONS: Final = ("Nordics", "Baltics", "Benelux")
PRODUCTS: Final = ("Basic", "Plus", "Enterprise")


@dataclass
class Lead:
    """An open lead in somebody's portfolio; `step` is how far it has come."""

    id: str
    owner: Rep
    contact: str
    phone: str
    step: Literal["new", "working", "qualified", "appointed"] = "new"


@dataclass
class Due:
    """Something that will happen on a later day."""

    what: Literal["verdict", "stage", "outcome"]
    subject: str
    lead: Lead
    rep: Rep
    amount_minor: int = 0


@dataclass
class Book:
    """The state of the simulation; `random` is the only chance in it."""

    random: Random
    reps: list[Rep]
    leads: dict[str, list[Lead]] = field(default_factory=lambda: defaultdict(list))
    accounts: list[str] = field(default_factory=list)
    due: dict[date, list[Due]] = field(default_factory=lambda: defaultdict(list))
    counters: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def new_id(self, kind: str) -> str:
        """The next free id of a kind."""
        self.counters[kind] += 1
        return f"{kind}-{self.counters[kind]:05d}"

    def new_phone(self) -> str:
        """A number that nobody in this floor has yet, from a range reserved for fiction."""
        self.counters["phone"] += 1
        return f"+1555{self.counters['phone']:07d}"

    def colleague(self, rep: Rep, day: date) -> Rep:
        """Somebody else of the same team who works here on that day."""
        return self.random.choice(
            [other for other in self.reps if other.team == rep.team and other != rep and other.employed(day)]
        )

    def open_lead(self, rep: Rep) -> Lead | None:
        """One of the rep's leads, if there is any."""
        return self.random.choice(self.leads[rep.id]) if self.leads[rep.id] else None

    def drop(self, lead: Lead) -> None:
        """A lead that needs no more work leaves the portfolio."""
        if lead in self.leads[lead.owner.id]:
            self.leads[lead.owner.id].remove(lead)


def new_lead(book: Book, rep: Rep, at: int, referrer: str | None = None) -> Iterator[Statement]:
    """A contact and its lead, created at `at` for a rep."""
    random = book.random
    origin = "referral" if referrer else random.choice(ORIGINS)
    lead = Lead(book.new_id("lead"), rep, book.new_id("contact"), book.new_phone())
    book.leads[rep.id].append(lead)
    created = moment(at, rep.zone)
    yield Statement(at, "contact", lead.contact, {"owner_id": rep.id, "phones": [lead.phone], "created_at": created})
    facts: dict[str, object] = {
        "owner_id": rep.id,
        "status": "new",
        "origin": origin,
        "created_at": created,
        "contact_id": lead.contact,
        "outcome": "open",
    }
    if random.random() < 0.95:
        facts["generated_by"] = "marketing" if origin in MARKETING else "sales"
    if referrer:
        facts["referrer_account_id"] = referrer
    yield Statement(at, "lead", lead.id, facts)


def opening(book: Book, first: date) -> Iterator[Statement]:
    """What the company had before the first day: ninety customers of the last two years, and open leads."""
    random = book.random
    start = instant(datetime.combine(first, time(0), HEAD_OFFICE))
    for _ in range(90):
        account, began = book.new_id("account"), start - random.randrange(30, 700) * DAY + 14 * HOUR
        owner = random.choice(book.reps)
        book.accounts.append(account)
        size, region = random.choice(("small", "medium", "large")), random.choice(REGIONS)
        yield Statement(
            began,
            "account",
            account,
            {"owner_id": owner.id, "name": f"Company {account[-3:]}", "size": size, "region": region},
        )
        signed = first + timedelta(days=(began - start) // DAY)
        term = random.choice((6, 12, 12, 12, 24, 36))
        facts = {
            "account_id": account,
            "owner_id": owner.id,
            "value_minor": random.randrange(2_000, 60_000) * 100 * max(1, term // 12),
            "currency": "EUR",
            "signed_on": signed.isoformat(),
            "starts_on": signed.isoformat(),
            "ends_on": (signed + timedelta(days=term * 30)).isoformat(),
            "term_months": term,
            "product": random.choice(PRODUCTS),
            "region": region,
        }
        yield Statement(began, "contract", book.new_id("contract"), facts)
    for rep in book.reps:
        for _ in range(random.randrange(8, 16)):
            yield from new_lead(book, rep, start - random.randrange(1, 40) * DAY + random.randrange(8, 15) * HOUR)
