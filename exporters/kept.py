"""What can be shown, record by record with the version it changed at."""

from __future__ import annotations

from exporters.attaining import Attaining
from exporters.numbers import Numbers
from exporters.versioned import Versioned
from kpi_state.read.attainment import Attained
from kpi_state.read.baseline import Baseline
from kpi_state.read.presence import Presence
from kpi_state.read.sample import Person, Sample
from kpi_state.read.slots import Slot
from kpi_state.read.targets import Goal


class Kept:
    """Records by their places: slots with the bucket "", of which a sample has the real one.

    goals: without labels.  attained: with those of the sample.  people: by rep.  presence: by (grain, key).
    baselines: in the places of the touchpoints.
    """

    def __init__(self) -> None:
        self.samples = Numbers()
        self.goals: Versioned[Slot, Goal] = Versioned()
        self.people: Versioned[str, Person] = Versioned()
        self.presence: Versioned[tuple[str, str], Presence] = Versioned()
        self.baselines: Versioned[Slot, Baseline] = Versioned()
        self._attaining = Attaining(self.samples, self.goals)

    @property
    def attained(self) -> Versioned[Slot, Attained]:
        """What is reached of the goals, as far as `follow` was told."""
        return self._attaining.attained

    def known_since(self, version: int) -> int:
        """The version up to which somebody looked; 0 where what went since then may be forgotten: who holds anything
        begins anew.
        """
        every = (self.samples, self.goals, self.people, self.presence, self.baselines, self.attained)
        return 0 if any(version < each.forgotten for each in every) else version

    def follow(self, version: int) -> int:
        """Compare goals with samples; the version of the last change of anything."""
        self._attaining.follow(version)
        every = (self.samples, self.goals, self.people, self.presence, self.baselines, self.attained)
        return max(each.latest for each in every)


def place_of(sample: Sample) -> Slot:
    """The place of a sample."""
    labels = tuple(sorted(sample.labels.items()))
    return Slot(sample.kpi, sample.grain, sample.key, sample.window, "", labels)


def place_of_goal(goal: Goal) -> Slot:
    """The place of a goal."""
    return Slot(goal.kpi, goal.grain, goal.key, goal.window, "", ())


def place_of_baseline(baseline: Baseline) -> Slot:
    """The place of the touchpoints it is the baseline of."""
    return Slot("touchpoints", baseline.grain, baseline.key, baseline.window, "", ())
