"""Reading by lifetime: what customers bought, and how long they were customers, to date.

Days are the organisation's. Days to date are those of a span up to and including today; the last 365 days are those
that lie at most 364 days back. A span that ended by today is a customer lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from kpi_state.buckets import Amounts, Bucket
from kpi_state.read.daily import Daily
from kpi_state.read.folded import Folded
from kpi_state.read.roster import Roster
from kpi_state.read.slots import Pairs, Slot, grains
from kpi_state.read.zones import day_at

YEAR: Final = 365
TO_DATE: Final = "to_date"


class Held(NamedTuple):
    """A contribution: whose (as sent), when, in which currency."""

    raw: str
    bucket: Bucket
    currency: str


class Owned(NamedTuple):
    """What the sums are kept by."""

    raw: str
    currency: str


class Lifetime:
    """Customers and revenue; none that is entered begins after today. Sums in the order of the parts of `stem`.

    `observed` is the KPI that shows the first and the last of them.
    """

    def __init__(self, stem: str, observed: str) -> None:
        self._stem, self._observed = stem, observed
        self._owned: Daily[Held, Owned] = Daily(_weigh)
        self._folded = Folded(self._owned)

    def enter(self, held: Held, amounts: Amounts) -> None:
        """Count (customers, spans, purchases, revenue), or take them back when negative."""
        self._owned.enter(held, amounts)

    def numbers(self, roster: Roster, now: int) -> Iterator[tuple[Slot, Amounts]]:
        """The sums to date."""
        yield from self._numbers(roster, now).items()

    def changes(self, roster: Roster, now: int) -> Iterator[tuple[Slot, Amounts | None]]:
        """What changed since this was asked last; None for what is gone."""
        numbers = self._numbers(roster, now)
        for slot in self._folded.touched():
            yield slot, numbers.get(slot)

    def settle(self, roster: Roster, now: int) -> None:
        """Bring the numbers up to date: the roster is about to be another."""
        self._numbers(roster, now)

    def _numbers(self, roster: Roster, now: int) -> Mapping[Slot, Amounts]:
        def slots(owned: Owned, amounts: Amounts) -> Iterator[tuple[Slot, Amounts]]:
            return self._slots(owned, amounts, roster, now)

        return self._folded.numbers(day_at(roster.organisation, now), slots)

    def counted(self, held: Held, amounts: Amounts, roster: Roster, now: int) -> Iterator[tuple[Slot, Amounts]]:
        """The numbers that hold a contribution, and what it adds to each."""
        for owned, weighed in _weigh(held, amounts, day_at(roster.organisation, now)):
            yield from self._slots(owned, weighed, roster, now)

    def _slots(self, owned: Owned, amounts: Amounts, roster: Roster, now: int) -> Iterator[tuple[Slot, Amounts]]:
        rep = roster.resolve(owned.raw, now)
        labels: Pairs = (("currency", owned.currency),)
        for grain, key in grains(rep, roster.team(rep, now)):
            yield Slot(self._stem, grain, key, TO_DATE, "", labels), amounts
            yield Slot(self._observed, grain, key, TO_DATE, "", labels), (amounts[0], amounts[-1])


def _weigh(held: Held, amounts: Amounts, today: int) -> Iterator[tuple[Owned, Amounts]]:
    customers, spans, purchases, revenue = amounts
    tag, start, end = held.bucket
    if tag == "D":
        recent = int(start > today - YEAR)
        weighed = (0, 0, 0, 0, purchases * recent, revenue * recent, revenue)
    else:
        over = int(0 < end <= today)
        until = end if over else today + 1
        days, days_365 = until - start, max(until - max(start, today - YEAR + 1), 0)
        weighed = (customers, spans * over, spans * days, spans * days_365, 0, 0, 0)
    yield Owned(held.raw, held.currency), weighed
