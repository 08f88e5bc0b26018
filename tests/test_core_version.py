"""Rows counted by old code must not meet deltas of new code: what the core stores and sends is pinned."""

import hashlib
import json
import zlib
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from kpi_state import trees
from kpi_state.apply import CORE_VERSION, Applier, Changes, State
from kpi_state.definitions import Definitions
from kpi_state.entities.registry import ENTITIES, ROSTER
from kpi_state.events import FIELDS, TYPE_OF, Event, decode
from kpi_state.measures.registry import ALL
from kpi_state.published import decode_group
from kpi_state.quality import WIDTHS
from kpi_state.rows import entity_of

GOLDEN = {
    1: "0649fd90071bceecff861d01a3dd16ff",
    2: "fc210c16f2f4ed75c900dc0105085a42",
}
"""Core version -> hash of all that the soups below store and send. Released versions stay as they are."""

REMEDY = """
The tallies, links or rows of the fixed soups are no longer those of core version {version}.
If that is meant: raise CORE_VERSION in kpi_state/apply.py, so that no worker mixes old rows with new deltas,
then add to GOLDEN in tests/test_core_version.py:

    {next}: "{found}",
"""

DAYS = ("2023-12-31", "2024-01-01", "2024-02-29", "2024-03-31", "2024-04-01")
INSTANTS = [f"{day}T{clock}" for day in DAYS for clock in ("00:10:00Z", "10:59:59.999999Z", "23:30:00+01:00")]
IDS = ("a", "b", "c", "d")
WORDS = ("", "x", "y|/~", "é")
CHOICES: dict[str, Sequence[Any]] = {
    "amount_minor": (0, 100, -101, 2**53 - 1),
    "at": INSTANTS,
    "answered_at": INSTANTS,
    "automated": (False, False, True),
    "cancelled_on": (None, *DAYS),
    "channel": ("email", "inmail", "message", "meeting", "visit"),
    "closed_at": (None, *INSTANTS),
    "created_at": (*INSTANTS, None),
    "currency": ("EUR", "USD", "EUR", None),
    "deleted": (False, False, None, False, True),
    "direction": ("outbound", "inbound", "outbound"),
    "disposition": ("answered", "answered", "voicemail"),
    "emails": (["A@b.c"], []),
    "ended_at": INSTANTS,
    "ends_on": (None, *DAYS, "2027-06-20"),
    "extensions": (["101"], None),
    "external_ids": ({"x": "1", "y": "2"}, {}),
    "first_day": DAYS,
    "from": DAYS,
    "gap": (0, 5),
    "generated_by": ("marketing", "sales", None),
    "handed_to": IDS,
    "kind": ("new", "upsell", "cross_sell", "renewal"),
    "known": (1, 2**40),
    "last_day": (None, *DAYS),
    "merged_into": (None, None, *IDS),
    "outcome": ("won", "lost", "open", "won", None),
    "phone": ("+1", "+2", "+1", None),
    "phones": (["+1"], ["+2", "+1"], [], None),
    "replied_at": INSTANTS,
    "set_at": (*INSTANTS, None),
    "signed_on": (None, *DAYS),
    "since": INSTANTS,
    "splits": (None, {"r1": 1, "r2": 2}, {"r1": 0.1, "r2": 0.2, "r3": 0.7}),
    "started_at": INSTANTS,
    "starts_on": (*DAYS, None),
    "stage": WORDS,
    "status": ("new", "working", "qualified", "disqualified", "converted"),
    "talk_seconds": (29, 30, 90, 90, None),
    "term_months": (None, 1, 12, 13, 24),
    "until": DAYS,
    "value": (60, 0.25),
    "value_minor": (1, 100, -101, None, 2**53 - 1),
    "verdict": ("pending", "accepted", "rejected", None),
    "verdict_at": (None, *INSTANTS),
}
"""Field -> what may be said; ids and free texts by the names of their fields."""
DEFINITIONS = Definitions(organisation_timezone="Europe/Amsterdam", grace_days=1, activity_days=40)


class Dice:
    """Numbers that are the same on every version of Python."""

    def __init__(self, seed: int) -> None:
        self._state = seed

    def __call__(self, sides: int) -> int:
        self._state = (self._state * 6_364_136_223_846_793_005 + 1_442_695_040_888_963_407) % 2**64
        return (self._state >> 33) % sides

    def of(self, values: Sequence[Any]) -> Any:
        return values[self(len(values))]


def said(field: str, dice: Dice) -> Any:
    if field in CHOICES:
        return dice.of(CHOICES[field])
    if field in {"owner_id", "rep_id", "set_by", "manager_id"}:
        return dice.of(("r1", "r2", "r1", None))
    if field in {"contact_id", "lead_id"}:
        return dice.of((None, None, None, None, *IDS))
    return dice.of(IDS if field.endswith("_id") else WORDS)


def too_long_a_chain() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Nine merges in a row of every kind that merges."""
    for kind in ("account", "contact", "lead", "opportunity"):
        for n in range(9):
            yield kind, f"e{n}", {"merged_into": f"e{n + 1}"}


def soup(seed: int, size: int) -> Iterator[Event]:
    """As many events of all kinds about few subjects, then too many merges."""
    dice = Dice(seed)
    kinds = [*sorted(FIELDS), *["call"] * 7]
    chain = dict(enumerate(too_long_a_chain(), size - 36))
    for number in range(size):
        kind = kinds[number % len(kinds)]
        subject = dice.of((*IDS, *(f"{kind}{n}" for n in range(8))))
        data = {field: said(field, dice) for field in FIELDS[kind] if dice(10) < 8}
        kind, subject, data = chain.get(number, (kind, subject, data))
        line = {
            "id": f"00000000-0000-4000-8000-{number:012}",
            "source": dice.of(("/crm", "/pbx")),
            "type": TYPE_OF[kind],
            "subject": "touchpoints/*/day/2024-01-01" if kind == "target" else subject,
            "time": dice.of(INSTANTS),
            "sequence": dice.of(("", "01")),
            "data": data,
        }
        yield decode(json.dumps(line).encode())


def home(key: str) -> int:
    return zlib.crc32(key.encode()) % 2


def commits(seed: int, size: int, batch: int) -> Iterator[Changes]:
    """What two partitions write and send while they apply a soup, links at once."""
    states = [State(), State()]
    links: deque[tuple[int, bytes]] = deque()
    events = list(soup(seed, size))
    for start in range(0, size, batch):
        work = [(n, [event for event in events[start : start + batch] if home(event.subject) == n]) for n in (0, 1)]
        while work or links:
            n, some = work.pop(0) if work else (links[0][0], [])
            applier = Applier(states[n], DEFINITIONS, home, n)
            for event in some:
                applier.event(event)
            while not some and links and links[0][0] == n:
                applier.link(links.popleft()[1])
            changes = applier.finish()
            links.extend((to, value) for to, _, value in changes.links)
            yield changes


@pytest.fixture(scope="module")
def everything() -> Iterator[list[Changes]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trees, "SHELF_LINKS", 2)  # how many links are kept flat may be tuned: trees of any shape are read
        yield [changes for seed in range(12) for changes in commits(seed, 300, 20)]


def test_what_is_stored_and_sent_is_that_of_the_core_version(everything: list[Changes]) -> None:
    digest = hashlib.sha256()
    for changes in everything:
        for table in (changes.ledger, changes.tally, changes.roster):
            digest.update(repr(sorted(table.items())).encode())
        digest.update(repr(sorted(changes.links)).encode())
    found = digest.hexdigest()[:32]

    remedy = REMEDY.format(version=CORE_VERSION, next=max(CORE_VERSION, *GOLDEN) + 1, found=found)
    assert GOLDEN.get(CORE_VERSION) == found, remedy


def test_core_versions_count_up_and_each_stores_something_else() -> None:
    assert list(GOLDEN) == list(range(1, CORE_VERSION + 1))
    assert len(set(GOLDEN.values())) == len(GOLDEN)


def test_the_soups_hold_every_kind_of_entity_measure_and_shelf(everything: list[Changes]) -> None:
    ledger = {key for changes in everything for key in changes.ledger}
    roster = {entity_of(key)[0] for changes in everything for key in changes.roster}
    measures = {decode_group(key)[0] for changes in everything for key in changes.tally}

    assert {entity_of(key)[0] for key in ledger if not key.startswith(b"~")} == set(ENTITIES)
    assert {key.split(b"/")[1] for key in ledger if key.startswith(b"~")} >= {b"account", b"contact", b"number"}
    assert roster == ROSTER
    assert measures >= {kpi.stem for kpi in ALL if kpi.contribute} | {*WIDTHS}
