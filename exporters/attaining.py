"""What is reached of each target that may be shown, kept by what changed."""

from __future__ import annotations

from exporters.versioned import Versioned
from kpi_state.measures.registry import BY_STEM
from kpi_state.read.attainment import Attained, attainments
from kpi_state.read.sample import Sample
from kpi_state.read.slots import ORGANISATION, Slot
from kpi_state.read.targets import Goal


class Attaining:
    """Follows samples and goals, both by their places; `attained` has the labels of the sample in its place."""

    def __init__(self, samples: Versioned[Slot, Sample], goals: Versioned[Slot, Goal]) -> None:
        self._samples, self._goals = samples, goals
        self.attained: Versioned[Slot, Attained] = Versioned()
        self._version = 0
        self._compared: dict[Slot, set[Slot]] = {}
        """Place of a goal → places of the samples that it is compared with; without those that have none."""
        self._found: dict[Slot, set[Slot]] = {}
        """Place of a goal → what is attained of it."""

    def follow(self, version: int) -> None:
        """Compare what changed since the last time."""
        dirty = {*self._goals.changed_since(self._version)}
        everybodys: set[tuple[str, str]] = set()
        for place in self._samples.changed_since(self._version):
            if tuple(name for name, _ in place.labels) != BY_STEM[place.kpi].label_sets[0]:
                continue
            goal = place._replace(labels=())
            dirty.add(goal)
            known = self._compared.setdefault(goal, set())
            there = place in self._samples
            if place.labels and place.grain == "org" and there != (place in known):
                everybodys.add((place.kpi, place.window))  # whoever has nothing in a currency has 0 in those of anybody
            if there:
                known.add(place)
            else:
                known.discard(place)
                if not known:
                    del self._compared[goal]
        self._version = max(self._samples.latest, self._goals.latest)
        if everybodys:
            dirty.update(place for place in self._goals if (place.kpi, place.window) in everybodys)
        for place in dirty:
            self._compare(place, version)

    def _compare(self, place: Slot, version: int) -> None:
        goal = self._goals.get(place)
        found: dict[Slot, Attained] = {}
        if goal is not None:
            org = place._replace(grain="org", key=ORGANISATION)
            compared = self._compared.get(place, set()) | self._compared.get(org, set())
            reached = attainments([goal], (self._samples[each] for each in compared))
            found = {place._replace(labels=each.labels): each for each in reached}
        for gone in self._found.pop(place, set()) - found.keys():
            self.attained.drop(gone, version)
        for where, each in found.items():
            if self.attained.get(where) != each:
                self.attained.put(where, each, version)
        if found:
            self._found[place] = {*found}
