"""The read model of a list of samples, made at once."""

from collections.abc import Iterable

from exporters.kept import Kept, place_of, place_of_goal
from exporters.read_model import Model, Picture
from kpi_state.read.sample import Person, Sample
from kpi_state.read.targets import Goal


def picture(samples: Iterable[Sample], people: Iterable[Person], goals: Iterable[Goal] = ()) -> Picture:
    """All keys."""
    kept = Kept()
    for sample in samples:
        kept.samples.put(place_of(sample), sample, 1)
    for person in people:
        kept.people.put(person.rep, person, 1)
    for goal in goals:
        kept.goals.put(place_of_goal(goal), goal, 1)
    return Model().follow(kept, kept.follow(1))
