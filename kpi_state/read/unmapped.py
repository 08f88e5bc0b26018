"""Unmapped ids: who was named in events and is not known to the roster, and whom that may mean."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Final, NamedTuple

from kpi_state.buckets import Amounts, Cell, add
from kpi_state.kpis.registry import BY_STEM
from kpi_state.published import decode_tally
from kpi_state.read.identities import UNMAPPED
from kpi_state.read.placement import begins
from kpi_state.read.roster import Member, Roster

ALIKE: Final = 0.8
"""From this share of equal characters on, two names are taken for one."""

OWNED_NOW: Final = frozenset({"open_lead_age", "customer_lifetime_value", "customer_retention"})
"""These count for whoever is meant now, the others for whoever was meant when their bucket began."""


class Suggestion(NamedTuple):
    """A rep whom an id may mean.  because: what of the roster it resembles.  likeness: 0 to 1."""

    rep: str
    because: str
    likeness: float


class UnmappedId(NamedTuple):
    """An id nobody holds.

    sources: those whose events have named it, ever; sorted.
    contributions: cells of KPIs that count for it, a quarter hour and its labels each.  newest: the instant from which
    the newest of them counts, in microseconds.
    """

    raw: str
    sources: tuple[str, ...]
    contributions: int
    touchpoints: int
    newest: int
    suggestion: Suggestion | None


class Ids:
    """Takes published rows, as a Reader does, and says which ids in them are unmapped."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self._rows: dict[tuple[int, bytes], bytes] = {}
        self._namers: dict[str, set[str]] = {}

    def named(self, source: str, raw: str) -> None:
        """Take over that an event of a source names an id."""
        self._namers.setdefault(raw, set()).add(source)

    def tally(self, partition: int, key: bytes, value: bytes | None) -> None:
        """Take over one row of sums of one partition; None removes it."""
        if value is None:
            self._rows.pop((partition, key), None)
        else:
            self._rows[partition, key] = value

    def roster(self, key: bytes, value: bytes | None) -> None:
        """Take over one row of the roster table; None removes it."""
        kind, _, subject = key.decode().partition("/")
        if kind == "rep":
            self._roster.put(subject, value)

    def unmapped(self, now: int) -> list[UnmappedId]:
        """The ids that are unmapped in buckets begun by now, newest first."""
        self._roster.advance(now)
        cells: dict[Cell, Amounts] = {}
        for (_, key), value in self._rows.items():
            for cell, amounts in decode_tally(key, value):
                if cell[0] in BY_STEM:
                    add(cells, cell, amounts)
        found: dict[str, tuple[int, int, int]] = {}
        for (measure, raw, bucket, _), amounts in cells.items():
            begun = begins(bucket, self._roster.organisation)
            at = now if measure in OWNED_NOW or bucket[0] == "X" else begun
            if not any(amounts) or begun > now or self._roster.resolve(raw, at) != UNMAPPED:
                continue
            contributions, touchpoints, newest = found.get(raw, (0, 0, begun))
            touched = amounts[0] if measure == "touchpoints" else 0
            found[raw] = contributions + 1, touchpoints + touched, max(newest, begun)
        result = [
            UnmappedId(raw, tuple(sorted(self._namers.get(raw, ()))), *counts, suggestion=self._suggest(raw))
            for raw, counts in found.items()
        ]
        return sorted(result, key=lambda each: (-each.newest, each.raw))

    def _suggest(self, raw: str) -> Suggestion | None:
        """The rep that the id resembles most, if any does."""
        likenesses = (
            Suggestion(rep, because, round(_likeness(raw, text), 2))
            for rep, member in self._roster.people.items()
            for because, text in _names(rep, member)
        )
        alike = [each for each in likenesses if each.likeness >= ALIKE]
        return min(alike, key=lambda each: (-each.likeness, each), default=None)


def _names(rep: str, member: Member) -> Iterator[tuple[str, str]]:
    """(what it is, text) for everything the roster has ever called somebody."""
    yield f"id {rep}", rep
    if member.name:
        yield f"name {member.name}", member.name
    for kind, said in (("e-mail", "emails"), ("extension", "extensions"), ("id", "external_ids")):
        for held in member.claims[said].values:
            for name in held.values() if isinstance(held, dict) else held or ():
                yield f"{kind} {name}", name


def _likeness(raw: str, text: str) -> float:
    """How alike an id and a name are, whatever system, case, accents, order and separators they are written with."""
    left, right = _words(raw), _words(text)
    if min(len(left), len(right)) < 3:
        return float(left == right != "")
    return SequenceMatcher(None, left, right, autojunk=False).ratio()


def _words(text: str) -> str:
    """The words of a name in order of the alphabet; of an e-mail address what stands before the @."""
    text = text.rpartition(":")[2].partition("@")[0]
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return " ".join(sorted(re.findall(r"[^\W_]+", bare)))
