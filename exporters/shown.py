"""What may be shown at an instant: one picture of the current windows, kept by what changed in them.

Made of what the reader says: hours of several zones are one number, free labels have few values, reps and small teams
are hidden as [privacy] says. The page, the read model and whatever else shows numbers look at the same one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from exporters.current import added
from exporters.folding import Folding
from exporters.kept import Kept, place_of_baseline, place_of_goal
from exporters.mirror import Mirror
from exporters.numbers import Log, Number
from exporters.privacy import Disguise
from kpi_state.buckets import Amounts
from kpi_state.definitions import Limits
from kpi_state.measures.registry import BY_STEM
from kpi_state.read.changed import Changed
from kpi_state.read.sample import Person, names_of
from kpi_state.read.samples import Changes, Reader
from kpi_state.read.slots import Slot, Who

GOALS_SECONDS: Final = 15
"""Expected-by-now and who is at work follow the clock in such steps: a quarter of a minute is no news of either."""
QUARTER_SECONDS: Final = 900
"""At such instants days begin and windows end, in every time zone: yesterday's expectation is none of today's."""
_MICROSECONDS: Final = 1_000_000


class _Source:
    """A number of the reader's.

    weighs: what it comes to may decide which values of its labels are shown.  number: where it is shown, None if it is
    hidden.  alone: that, if nothing else is.
    """

    __slots__ = ("alone", "amounts", "number", "slot", "weighs")

    def __init__(self, slot: Slot, amounts: Amounts, *, weighs: bool) -> None:
        self.slot, self.amounts, self.weighs = slot, amounts, weighs
        self.number: Number | None = None
        self.alone: Number | None = None


class Shown(Kept):
    """The picture as of the last `look`.

    A sample of several hours added up has no bucket. All keys of reps are as they are shown.
    """

    def __init__(self, disguise: Disguise, limits: Limits) -> None:
        super().__init__()
        self._disguise = disguise
        self._folding = Folding(limits.label_values)
        self.version = 0
        self.as_of = 0
        self._reader: Reader | None = None
        self._roster = 0
        self._staff: list[Person] = []
        self._who = disguise.who(())
        self._people_at = 0
        self._sources: dict[Slot, _Source] = {}
        """What the reader has."""
        self._found: dict[tuple[str, str, str], dict[Who, _Source]] = {}
        """(KPI, window, bucket) → these by what the reader calls them, which is looked up sooner than a slot."""
        self._members: dict[Number, tuple[_Source, ...]] = {}
        """What a number is made of; of what is hidden there is no number."""
        self._nothing: dict[Slot, Number] = {}
        """Numbers that come to nothing, though what they are made of does not."""

    def look(self, mirror: Mirror[Reader], now: int) -> int:
        """Go on to an instant in microseconds; the version, which grows when anything changed.

        It costs what changed. Call it while nothing else is looked up or applied, beside the event loop.
        """
        reader, version = mirror.rows, self.version + 1
        changes = reader.changes(now)
        moved = reader is not self._reader or changes.roster != self._roster
        if moved:
            self._staff = reader.people(now)
            self._who = self._disguise.who(self._staff)
            self.people.replace({each.rep: each for each in self._disguise.people(self._staff)}, version)
        again = self._take(changes, version)
        if moved and not self._disguise.shows_all:
            again.update(dict.fromkeys(self._sources.values()))
        for number in self._place(again):
            self._show(number, version)
        if moved or self._people_are_old(now):
            self._look_at_people(reader, now, version)
        self._reader, self._roster, self.as_of = reader, changes.roster, now
        self.version = self.follow(version)
        return self.version

    def changed_since(self, version: int) -> list[Slot]:
        """Places whose sample is new, another or gone after a version; all after version 0."""
        return self.samples.changed_since(version)

    def current(self) -> list[tuple[Slot, Amounts]]:
        """The numbers of the current windows as the reader has them, with their buckets and all their labels; of those
        that may be shown, by the key that is shown.
        """
        found: list[tuple[Slot, Amounts]] = []
        for slot, source in self._sources.items():
            if source.number is not None:
                key = source.number.place.key
                found.append((slot if key == slot.key else slot._replace(key=key), source.amounts))
        return found

    def folded(self) -> dict[str, int]:
        """Free label → how many of its values are shown as "other"."""
        return self._folding.others()

    def _people_are_old(self, now: int) -> bool:
        quarter, before = QUARTER_SECONDS * _MICROSECONDS, self._people_at
        return not 0 <= now - before < GOALS_SECONDS * _MICROSECONDS or now // quarter != before // quarter

    def _look_at_people(self, reader: Reader, now: int, version: int) -> None:
        self._people_at = now
        goals = self._disguise.goals(reader.goals(now), self._staff)
        self.goals.replace({place_of_goal(goal): goal for goal in goals}, version)
        presence, baselines = reader.presence(now), reader.baselines(now)
        present = [each._replace(key=key) for each in presence if (key := self._who(each.grain, each.key)) is not None]
        self.presence.replace({(each.grain, each.key): each for each in present}, version)
        usual = [each._replace(key=key) for each in baselines if (key := self._who(each.grain, each.key)) is not None]
        self.baselines.replace({place_of_baseline(each): each for each in usual}, version)

    def _take(self, changes: Changes, version: int) -> dict[_Source, None]:
        """Take over what changed; the sources that may be shown elsewhere than before, or came, or went, or are not the
        only one of their number.
        """
        again: dict[_Source, None] = {}
        if changes.anew and self._sources:
            there = changes.slots()
            again.update((self._gone(slot), None) for slot in [*self._sources] if slot not in there)
            self._found.clear()
        for changed in changes.numbers:
            self._change(changed, version, again)
        if refolded := self._folding.moved():
            again.update(
                (each, None) for each in self._sources.values() if any(name in refolded for name, _ in each.slot.labels)
            )
        return again

    def _change(self, changed: Changed, version: int, again: dict[_Source, None]) -> None:
        """Take over what changed in one bucket."""
        at, numbers = changed[:3], changed.numbers
        sources = self._found.setdefault(at, {})
        for who in _others(numbers, changed.bucket, sources, self.samples.log, version):
            slot, amounts = changed.slot(who), numbers[who]
            source = self._sources.get(slot)
            if amounts is None or not any(amounts):
                sources.pop(who, None)
                if source is not None:
                    again[self._gone(slot)] = None
                continue
            if source is None:
                source = self._come(slot, amounts)
            elif source.weighs:
                self._folding.weigh(slot, source.amounts, amounts)
            source.amounts = amounts
            sources[who] = source
            again[source] = None
        if not sources:
            del self._found[at]

    def _come(self, slot: Slot, amounts: Amounts) -> _Source:
        source = self._sources[slot] = _Source(slot, amounts, weighs=self._folding.weighs(slot))
        self._folding.count(slot, amounts, 1)
        return source

    def _gone(self, slot: Slot) -> _Source:
        source = self._sources.pop(slot)
        self._folding.count(slot, source.amounts, -1)
        return source

    def _place(self, sources: Iterable[_Source]) -> dict[Number, None]:
        """Say which numbers these sources are shown in; those that may be others."""
        dirty: dict[Number, None] = {}
        for source in sources:
            slot, old = source.slot, source.number
            place = self._place_of(slot) if self._sources.get(slot) is source else None
            if old is not None:
                dirty[old] = None
                if old.place == place:
                    continue
                self._join(old, tuple(each for each in self._members[old] if each is not source))
            source.number = source.alone = None
            if place is not None:
                number = source.number = self._nothing.get(place) or self.samples.at(place)
                dirty[number] = None
                self._join(number, (*self._members.get(number, ()), source))
        return dirty

    def _join(self, number: Number, members: tuple[_Source, ...]) -> None:
        """Have a number made of these."""
        self._members[number] = members
        for each in members:
            each.alone = number if len(members) == 1 and each.slot.labels == number.place.labels else None

    def _place_of(self, slot: Slot) -> Slot | None:
        key = self._who(slot.grain, slot.key)
        if key is None:
            return None
        labels = self._folding.folded(slot.labels) if slot.labels else ()
        return tuple.__new__(Slot, (slot.kpi, slot.grain, key, slot.window, "", labels))

    def _show(self, number: Number, version: int) -> None:
        members = self._members[number]
        if len(members) == 1:
            bucket, amounts = members[0].slot.bucket, members[0].amounts
        else:
            bucket, amounts = _made(number.place, members)
        self._nothing.pop(number.place, None)
        if any(amounts):
            self.samples.set(number, bucket, amounts, version)
            return
        self.samples.set(number, "", None, version)
        if members:
            self._nothing[number.place] = number
        else:
            del self._members[number]


def _others(
    numbers: dict[Who, Amounts | None], bucket: str, sources: dict[Who, _Source], log: Log, version: int
) -> list[Who]:
    """Change the numbers that stay where they are and are all that is shown there, which most do; whose are not."""
    others: list[Who] = []
    for who, amounts in numbers.items():
        source = sources.get(who)
        if source is None or source.alone is None or source.weighs or amounts is None or not any(amounts):
            others.append(who)
        else:
            source.amounts = amounts
            log.change(source.alone, bucket, amounts, version)
    return others


def _made(place: Slot, members: Iterable[_Source]) -> tuple[str, Amounts]:
    """(bucket, amounts) of a number of several sources: none, if they lie in several buckets."""
    names, whole = names_of(place), BY_STEM[place.kpi].whole
    buckets: dict[str, list[Amounts]] = {}
    for each in members:
        buckets.setdefault(each.slot.bucket, []).append(each.amounts)
    made = {bucket: amounts for bucket, several in buckets.items() if any(amounts := added(names, several, whole))}
    if len(made) == 1:
        ((bucket, amounts),) = made.items()
        return bucket, amounts
    return "", added(names, list(made.values()))
