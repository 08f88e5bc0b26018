"""Everything that is said of one number: value and parts, its target, and the places it takes."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import msgspec

from exporters.api.ranking import rank
from exporters.index import Board, Index, Number, value_at
from exporters.shown import Shown
from kpi_state.measures.registry import ALL, BY_STEM
from kpi_state.read.attainment import direction
from kpi_state.read.sample import quotient
from kpi_state.read.slots import Slot

_ORDER = {kpi.stem: n for n, kpi in enumerate(ALL)}


class Place(msgspec.Struct, frozen=True):
    """A place among the reps of the own team, all reps or all teams. 1 is the best; equal values share it."""

    among: str
    rank: int
    of: int


class Figure(msgspec.Struct, frozen=True):
    """One number.

    bucket: which period of the window, empty for rolling ones.  parts: what it is made of.  target, expected: in the
    unit of the value, expected by now.  attainment: value ÷ target.  pace: value ÷ expected.  null: there is none.
    """

    kpi: str
    window: str
    bucket: str
    labels: dict[str, str]
    value: Number | None
    parts: dict[str, Number]
    target: Number | None
    expected: Number | None
    attainment: Number | None
    pace: Number | None
    places: list[Place]


def number(exact: Fraction | None) -> Number | None:
    """A number that JSON can say."""
    return None if exact is None else quotient(exact.numerator, exact.denominator)


def figure(shown: Shown, place: Slot, places: list[Place]) -> Figure:
    """What is said of the number at a place."""
    sample, attained = shown.samples.get(place), shown.attained.get(place)
    compared = tuple(name for name, _ in place.labels) == BY_STEM[place.kpi].label_sets[0]
    goal = shown.goals.get(place._replace(labels=())) if compared else None
    return Figure(
        kpi=place.kpi,
        window=place.window,
        bucket=sample.bucket if sample is not None else "",
        labels=dict(place.labels),
        value=value_at(shown, place),
        parts=sample.parts if sample is not None else {},
        target=number(goal.target) if goal else None,
        expected=number(goal.expected) if goal else None,
        attainment=attained.attainment if attained else None,
        pace=attained.pace if attained else None,
        places=places,
    )


def figures(shown: Shown, index: Index, grain: str, key: str) -> list[Figure]:
    """The current numbers of somebody, in the order of the book, with their places."""
    ordered = sorted(index.of(grain, key), key=_order)
    return [figure(shown, place, list(_places(shown, index, place))) for place in ordered]


def _order(place: Slot) -> tuple[int, int, str, int, tuple[tuple[str, str], ...]]:
    windows = BY_STEM[place.kpi].windows
    at = windows.index(place.window) if place.window in windows else len(windows)
    return _ORDER[place.kpi], at, place.window, len(place.labels), place.labels


def _places(shown: Shown, index: Index, place: Slot) -> Iterator[Place]:
    values = index.on(Board(place.kpi, place.grain, place.window, place.labels))
    if place.grain == "org" or (value := values.get(place.key)) is None:
        return
    better = direction(BY_STEM[place.kpi])
    person = shown.people.get(place.key) if place.grain == "rep" else None
    if person is not None and person.team:
        mates = [said for key, said in values.items() if (mate := shown.people.get(key)) and mate.team == person.team]
        yield Place("team", rank(value, mates, better), len(mates))
    yield Place("reps" if place.grain == "rep" else "teams", rank(value, values.values(), better), len(values))
