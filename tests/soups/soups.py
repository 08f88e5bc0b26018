"""Soups: random events over so few ids and instants that everything happens to everything.

Merges, un-merges, chains and cycles, retracting links, numbers that move, deletes and undeletes, statements that are
older than what they correct, and one stamp with two contents are all common. Each event is made from one drawn number,
so a soup is dense, and Hypothesis shrinks it by leaving events out.
"""

import json
import random
from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st

from tests import statements
from tests.statements import TYPES

DAYS = ("2023-03-01", "2024-01-01", "2024-01-02", "2024-02-29", "2024-03-31", "2024-04-01", "2024-10-27", "2025-01-10")
CLOCKS = ("00:00:00", "00:59:59.999999", "01:00:00", "10:05:00", "10:20:00", "10:50:00", "23:30:00")
OFFSETS = ("Z", "Z", "Z", "+02:00", "-03:30")

Draw = Callable[[random.Random], Any]


def any_of(*values: Any) -> Draw:
    return lambda chance: chance.choice(values)


def seldom(value: Draw) -> Draw:
    """Said in one event of eight."""
    return lambda chance: value(chance) if chance.random() < 1 / 8 else NOTHING


def sample(*values: str) -> Draw:
    """Some of the values, or null."""
    return lambda chance: chance.sample(values, chance.randint(0, len(values))) if chance.random() < 0.9 else None


def instant(chance: random.Random) -> str:
    """Mostly of two days, so that hours, slots and stamps are shared."""
    day = chance.choice(DAYS) if chance.random() < 0.6 else "2024-01-02"
    return f"{day}T{chance.choice(CLOCKS)}{chance.choice(OFFSETS)}"


def maybe_instant(chance: random.Random) -> str | None:
    return None if chance.random() < 0.2 else instant(chance)


def split(chance: random.Random) -> dict[str, float] | None:
    reps = chance.sample(("r1", "r2", "r3"), chance.randint(1, 3))
    return {rep: chance.choice((0.1, 0.25, 0.5, 1, 3)) for rep in reps} if chance.random() < 0.6 else None


NOTHING = object()
"""A field the event leaves out."""
CONTACTS, LEADS, DEALS, ACCOUNTS = "ABCD", "KLMN", "OPQ", "XYZ"
DELETED = seldom(any_of(True, True, False, None))
day = any_of(*DAYS)
maybe_day = any_of(None, *DAYS)
owner = any_of("r1", "r2", "101", "x:1", "A@b.c", "nobody", None)
actor = any_of("r1", "r1", "r2", "101", "a@b.c", None)
amount = any_of(0, 1, 99, 100, 101, -101, 12_345)
term = any_of(None, None, 1, 12, 13, 24)
currency = any_of("EUR", "EUR", "EUR", "USD", None)
word = any_of(None, "x", "y")
contact = any_of(None, *CONTACTS)
lead = any_of(None, *LEADS)
deal = any_of(None, *DEALS)
account = any_of(None, *ACCOUNTS, *ACCOUNTS)
outcome = any_of("open", "won", "won", "lost", None)

KINDS: dict[str, tuple[Sequence[str], dict[str, Draw]]] = {
    "account": (
        ACCOUNTS,
        {"owner_id": owner, "size": word, "region": word, "merged_into": seldom(account), "deleted": DELETED},
    ),
    "contact": (
        CONTACTS,
        {"phones": sample("+1", "+2"), "merged_into": seldom(contact), "deleted": DELETED},
    ),
    "lead": (
        LEADS,
        {
            "owner_id": owner,
            "status": any_of("new", "working", "qualified", "disqualified", "converted", None),
            "generated_by": any_of("marketing", "sales", None),
            "origin": word,
            "created_at": maybe_instant,
            "contact_id": contact,
            "referrer_account_id": account,
            "outcome": outcome,
            "closed_at": maybe_instant,
            "merged_into": seldom(lead),
            "deleted": DELETED,
        },
    ),
    "appointment": (
        "abc",
        {
            "lead_id": lead,
            "set_by": owner,
            "set_at": maybe_instant,
            "verdict": any_of("pending", "accepted", "rejected", None),
            "verdict_at": maybe_instant,
            "reason": word,
            "deleted": DELETED,
        },
    ),
    "opportunity": (
        DEALS,
        {
            "owner_id": owner,
            "lead_id": lead,
            "account_id": account,
            "stage": word,
            "amount_minor": any_of(None, 0, 1, 99, 100, 101, -101, 12_345),
            "currency": currency,
            "term_months": term,
            "created_at": seldom(instant),
            "closed_at": maybe_instant,
            "outcome": outcome,
            "product": word,
            "region": word,
            "splits": split,
            "merged_into": seldom(deal),
            "deleted": DELETED,
        },
    ),
    "contract": (
        "STU",
        {
            "account_id": account,
            "owner_id": owner,
            "opportunity_id": deal,
            "value_minor": any_of(None, 1, 99, 100, 101, -101, 12_345),
            "currency": currency,
            "signed_on": maybe_day,
            "starts_on": day,
            "ends_on": maybe_day,
            "term_months": term,
            "cancelled_on": seldom(maybe_day),
            "product": word,
            "region": word,
            "deleted": DELETED,
        },
    ),
    "purchase": (
        "uvw",
        {
            "account_id": account,
            "owner_id": owner,
            "amount_minor": any_of(None, 0, 1, 100, -101, 12_345),
            "currency": currency,
            "at": maybe_instant,
            "kind": any_of("new", "upsell", "renewal", None),
            "deleted": DELETED,
        },
    ),
    "activity": (
        "mnopq",
        {
            "rep_id": actor,
            "channel": any_of("email", "email", "message", "meeting"),
            "direction": any_of("outbound", "outbound", "inbound", None),
            "at": maybe_instant,
            "contact_id": contact,
            "lead_id": lead,
            "automated": seldom(any_of(True, False, None)),
            "deleted": DELETED,
        },
    ),
    "call": (
        "cdefghij",
        {
            "rep_id": actor,
            "direction": any_of("outbound", "inbound", None),
            "phone": any_of("+1", "+1", "+2", "+3", None),
            "started_at": instant,
            "answered_at": seldom(instant),
            "ended_at": seldom(instant),
            "talk_seconds": any_of(None, 29, 30, 90, 90),
            "disposition": any_of("answered", "answered", "answered", "voicemail"),
            "contact_id": seldom(contact),
            "lead_id": seldom(lead),
            "deleted": DELETED,
        },
    ),
    "rep": (
        ("r1", "r2", "r3"),
        {
            "team": any_of("A", "B", None),
            "timezone": any_of("Europe/Berlin", "Asia/Kathmandu", "America/St_Johns", None),
            "first_day": maybe_day,
            "last_day": any_of(None, None, *DAYS),
            "emails": sample("A@b.c"),
            "extensions": sample("101", "x:1"),
            "external_ids": any_of({"x": "1"}, {"x": "2"}, {}, None),
            "deleted": DELETED,
        },
    ),
}
"""Kind -> (subjects, field -> what may be said)."""

LEAVES = ("call", "activity", "purchase", "contract")
"""Kinds of which much is said, so that their targets have something to count."""


def event_of(number: int, kinds: tuple[str, ...]) -> bytes:
    """The event that a number stands for, as a line."""
    chance = random.Random(number)
    kind = chance.choice((*kinds, *(kind for kind in LEAVES if kind in kinds)))
    subjects, fields = KINDS[kind]
    said = chance.choice((0.2, 0.5, 0.9))
    data = {field: draw(chance) for field, draw in fields.items() if chance.random() < said}
    shared = chance.random() < 0.2  # one stamp of all, so that contents and not times decide
    event = {
        "specversion": "1.0",
        "source": "/a" if shared else chance.choice(("/a", "/b")),
        "id": "1" if shared else chance.choice("12345"),
        "type": TYPES[kind],
        "subject": chance.choice(subjects),
        "time": "2024-01-02T10:05:00Z" if shared else instant(chance),
        "sequence": "" if shared else chance.choice(("", "1", "2")),
        "data": {field: value for field, value in data.items() if value is not NOTHING},
    }
    return json.dumps(event, separators=(",", ":")).encode()


def soup_of(number: int, kinds: tuple[str, ...], size: int = 60) -> list[bytes]:
    """The soup that a number stands for, where many are wanted and none must shrink."""
    chance = random.Random(number)
    return [event_of(chance.getrandbits(40), kinds) for _ in range(size)]


def chains(number: int) -> list[bytes]:
    """Contacts in chains and cycles of merges about as long as the longest that counts, some touched, some cut."""
    chance = random.Random(number)
    length = chance.randint(7, 13)
    ids = [f"c{n:02d}" for n in chance.sample(range(length), length)]

    def said(n: int, day: int, winners: Sequence[str | None]) -> bytes:
        deleted = {"deleted": True} if chance.random() < 0.03 else {}
        return statements.contact(ids[n], f"2024-01-{day:02d}", merged_into=chance.choice(winners), **deleted)

    following = [ids[(n + 1) % length] for n in range(length)]
    merges = [said(n, chance.randint(1, 20), [*[following[n]] * 12, None]) for n in range(length)]
    cuts = [said(n, 25, [None, following[n], *ids]) for n in chance.sample(range(length), chance.randint(0, 3))]
    touched = [(n, chance.choice(ids)) for n in range(chance.randint(2, 8))]
    return [*merges, *cuts, *(statements.mailed(f"m{n}", "2024-02-01", contact_id=each) for n, each in touched)]


def soups(*kinds: str, most: int = 80) -> st.SearchStrategy[list[bytes]]:
    """Any events of the kinds, of all without."""
    chosen = kinds or tuple(KINDS)
    events = st.integers(0, 2**40).map(lambda number: event_of(number, chosen))
    return st.integers(1, most).flatmap(lambda size: st.lists(events, min_size=size, max_size=size))
