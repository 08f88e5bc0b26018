"""What may be shown at an instant: one picture of the current windows, kept by what changed in them.

Made of what the reader says: hours of several zones are one number, free labels have few values, reps and small teams
are hidden as [privacy] says. The page, the read model and whatever else shows numbers look at the same one.
"""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from exporters.current import added_up
from exporters.few_values import together
from exporters.folding import Folding
from exporters.kept import Kept, place_of_baseline, place_of_goal
from exporters.mirror import Mirror
from exporters.privacy import Disguise
from kpi_state.definitions import Limits
from kpi_state.read.sample import Person, Sample
from kpi_state.read.samples import Changes, Reader
from kpi_state.read.slots import Slot

GOALS_SECONDS: Final = 15
"""Expected-by-now and who is at work follow the clock in such steps: a quarter of a minute is no news of either."""
_MICROSECONDS: Final = 1_000_000


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
        self._sources: dict[Slot, Sample] = {}
        """As the reader has them."""
        self._places: dict[Slot, Slot] = {}
        """Where sources are shown; what is hidden is not in it."""
        self._members: dict[Slot, tuple[Slot, ...]] = {}
        """Place → the sources it is made of."""

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
        for place in self._place(self._take(changes, everything=moved and not self._disguise.shows_all)):
            self._show(place, version)
        if moved or not 0 <= now - self._people_at < GOALS_SECONDS * _MICROSECONDS:
            self._look_at_people(reader, now, version)
        self._reader, self._roster, self.as_of = reader, changes.roster, now
        self.version = self.follow(version)
        return self.version

    def changed_since(self, version: int) -> list[Slot]:
        """Places whose sample is new, another or gone after a version; all after version 0."""
        return self.samples.changed_since(version)

    def folded(self) -> dict[str, int]:
        """Free label → how many of its values are shown as "other"."""
        return self._folding.others()

    def _look_at_people(self, reader: Reader, now: int, version: int) -> None:
        self._people_at = now
        goals = self._disguise.goals(reader.goals(now), self._staff)
        self.goals.replace({place_of_goal(goal): goal for goal in goals}, version)
        presence, baselines = reader.presence(now), reader.baselines(now)
        present = [each._replace(key=key) for each in presence if (key := self._who(each.grain, each.key)) is not None]
        self.presence.replace({(each.grain, each.key): each for each in present}, version)
        usual = [each._replace(key=key) for each in baselines if (key := self._who(each.grain, each.key)) is not None]
        self.baselines.replace({place_of_baseline(each): each for each in usual}, version)

    def _take(self, changes: Changes, *, everything: bool) -> set[Slot]:
        """Take over sources; those that may be shown elsewhere or otherwise than before."""
        slots = changes.slots
        if changes.anew:
            slots = dict.fromkeys(self._sources) | slots
        for slot, sample in slots.items():
            old = self._sources.pop(slot, None)
            if old is not None and slot.labels:
                self._folding.count(old, -1)
            if sample is not None:
                self._sources[slot] = sample
                if slot.labels:
                    self._folding.count(sample, 1)
        again, refolded = set(slots), self._folding.moved()
        if everything:
            again.update(self._sources)
        elif refolded:
            again.update(slot for slot in self._sources if any(name in refolded for name, _ in slot.labels))
        return again

    def _place(self, slots: set[Slot]) -> set[Slot]:
        """Say where these sources are shown; the places that may be others."""
        dirty: set[Slot] = set()
        for slot in slots:
            old_place = self._places.pop(slot, None)
            place = self._place_of(slot) if slot in self._sources else None
            if old_place is not None:
                dirty.add(old_place)
                if old_place != place:
                    self._members[old_place] = tuple(each for each in self._members[old_place] if each != slot)
            if place is not None:
                dirty.add(place)
                self._places[slot] = place
                if old_place != place:
                    self._members[place] = (*self._members.get(place, ()), slot)
        return dirty

    def _place_of(self, slot: Slot) -> Slot | None:
        key = self._who(slot.grain, slot.key)
        if key is None:
            return None
        return Slot(slot.kpi, slot.grain, key, slot.window, "", self._folding.folded(slot.labels))

    def _show(self, place: Slot, version: int) -> None:
        slots = self._members[place]
        if not slots:
            del self._members[place]
        if len(slots) == 1 and slots[0].labels == place.labels and slots[0].key == place.key:
            sample: Sample | None = self._sources[slots[0]]
        else:
            sample = self._made(place, [self._sources[slot] for slot in slots])
        old = self.samples.get(place)
        if sample is None:
            self.samples.drop(place, version)
        elif old is None or old != sample or repr(old.parts) != repr(sample.parts):  # exact numbers have more digits
            self.samples.put(place, sample, version)

    def _made(self, place: Slot, sources: list[Sample]) -> Sample | None:
        buckets: dict[str, list[Sample]] = {}
        for source in sources:
            buckets.setdefault(source.bucket, []).append(source)
        made = [
            sample
            for bucket, group in buckets.items()
            if (sample := together(place._replace(bucket=bucket), group)) is not None
        ]
        if len(made) != 1:
            return added_up(place, made) if made else None
        return made[0] if made[0].key == place.key else replace(made[0], key=place.key)
