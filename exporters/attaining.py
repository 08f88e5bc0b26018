"""What is reached of each target that may be shown, kept by what changed."""

from __future__ import annotations

from exporters.numbers import Numbers
from exporters.versioned import Versioned
from kpi_state.read.attainment import Attained, attainments
from kpi_state.read.slots import ORGANISATION, Slot
from kpi_state.read.targets import Goal


class Attaining:
    """Follows numbers and goals, both by their places; `attained` has the labels of the number in its place."""

    def __init__(self, samples: Numbers, goals: Versioned[Slot, Goal]) -> None:
        self._samples, self._goals = samples, goals
        self.attained: Versioned[Slot, Attained] = Versioned()
        self._version = 0
        self._wanted: set[str] = set()
        """KPIs that there are goals for."""
        self._compared: dict[Slot, set[Slot]] = {}
        """Place of a goal → places of numbers with labels that it is compared with; without those that have none."""
        self._found: dict[Slot, set[Slot]] = {}
        """Place of a goal → what is attained of it."""

    def follow(self, version: int) -> None:
        """Compare what changed since the last time."""
        dirty = {*self._goals.changed_since(self._version)}
        if dirty:
            self._wanted = {place.kpi for place in self._goals}
        everybodys: set[tuple[str, str]] = set()
        for number in self._samples.since(self._version):
            place = number.place
            if not number.comparable:
                continue
            if place.labels and self._relabelled(place):
                everybodys.add((place.kpi, place.window))
            if place.kpi in self._wanted and (goal := _unlabelled(place)) in self._goals:
                dirty.add(goal)
        self._version = max(self._samples.latest, self._goals.latest)
        if everybodys:
            dirty.update(place for place in self._goals if (place.kpi, place.window) in everybodys)
        for place in dirty:
            self._compare(place, version)

    def _relabelled(self, place: Slot) -> bool:
        """Take over that a number with labels is there or not; whether the organisation has others than before.

        Whoever has nothing in a currency has 0 in those of anybody.
        """
        goal, there = _unlabelled(place), place in self._samples
        known = self._compared.setdefault(goal, set())
        other = place.grain == "org" and there != (place in known)
        if there:
            known.add(place)
        else:
            known.discard(place)
            if not known:
                del self._compared[goal]
        return other

    def _compare(self, place: Slot, version: int) -> None:
        goal = self._goals.get(place)
        found: dict[Slot, Attained] = {}
        if goal is not None:
            org = place._replace(grain="org", key=ORGANISATION)
            compared = self._compared.get(place, set()) | self._compared.get(org, set())
            if place in self._samples:
                compared.add(place)
            reached = attainments([goal], (self._samples[each] for each in compared))
            found = {place._replace(labels=each.labels): each for each in reached}
        for gone in self._found.pop(place, set()) - found.keys():
            self.attained.drop(gone, version)
        for where, each in found.items():
            if self.attained.get(where) != each:
                self.attained.put(where, each, version)
        if found:
            self._found[place] = {*found}


def _unlabelled(place: Slot) -> Slot:
    return place._replace(labels=()) if place.labels else place
