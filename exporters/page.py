"""A page for Prometheus, kept by what changed: whoever has another number has the lines of that KPI written anew."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from fractions import Fraction
from functools import lru_cache
from itertools import chain
from typing import Any, Final, Protocol

from exporters.exposition import Family, braced, braces, head, label, line
from exporters.kept import Kept
from exporters.lines import Lines
from exporters.metrics import attained_figure, family, goal_figure
from exporters.numbers import Number
from exporters.sheet import Sheet
from exporters.versioned import Versioned
from kpi_state.measures.registry import BY_STEM
from kpi_state.read.presence import Presence
from kpi_state.read.sample import names_of, quotient
from kpi_state.read.slots import Slot

INFO: Final = Family(
    "sales_rep_info", "Who a rep is: 1, to join names and teams by rep_id; name only if [privacy] says so."
)
LEFT_OUT: Final = Family(
    "sales_exporter_series_left_out",
    "Series beyond [limits] series that this page leaves out: metrics with most labels first.",
)
WORKING: Final = {
    "rep": Family("sales_rep_working", "1 while a rep is employed, not absent and in working hours, else 0."),
    "team": Family("sales_team_working", "1 while any rep of a team works, else 0."),
    "org": Family("sales_org_working", "1 while any rep works, else 0."),
}
ABSENT: Final = {
    "rep": Family("sales_rep_absent", "1 on a day on which a rep is absent, else 0."),
    "team": Family("sales_team_absent_reps", "Reps of a team who are absent today."),
    "org": Family("sales_org_absent_reps", "Reps who are absent today."),
}
REPS: Final = {
    "team": Family("sales_team_reps", "Reps of a team who are employed today."),
    "org": Family("sales_org_reps", "Reps who are employed today."),
}

BASELINE: Final = {
    "touchpoints": "Touchpoints that are normal by now: the median of this weekday over the last weeks.",
    "samples": "Over how many days that median is; of a team or the organisation the fewest of any rep in it.",
    "tail_ratio": "Chance from 0 to 1 of so few touchpoints as there are, or fewer, if nothing is unusual.",
}


class _Column(Protocol):
    """Lines of one metric."""

    def __len__(self) -> int: ...

    def bodies(self) -> Collection[bytes]:
        """All of them, in several pieces."""
        ...


class Page:
    """The series of some grains."""

    def __init__(self, grains: Collection[str]) -> None:
        self._grains = frozenset(grains)
        self._lines: dict[tuple[Family, int], Lines] = {}
        """(metric, how many labels of its own its series have) → lines."""
        self._sheets: dict[tuple[str, str, int, tuple[str, ...]], Sheet] = {}
        """(KPI, grain, how many labels of their own, parts) → the numbers of these."""
        self._on: dict[Number, Sheet] = {}
        self._version = 0
        self.shown = 0
        """Series on the last page."""

    def follow(self, kept: Kept, version: int) -> None:
        """Take over what changed up to a version of `kept`, since the last time."""
        since = kept.known_since(self._version)
        if since < self._version:
            for held in (self._lines, self._sheets, self._on):
                held.clear()
        self._version = version
        moved = set(kept.people.changed_since(since)) if "rep" in self._grains else set()
        self._put_numbers(kept, since, moved)
        kinds: tuple[tuple[Versioned[Slot, Any], Callable[[Slot, Kept], None]], ...] = (
            (kept.goals, self._put_goal),
            (kept.attained, self._put_attained),
            (kept.baselines, self._put_baseline),
        )
        for versioned, put in kinds:
            for place in _again(versioned, since, moved):
                if place[1] in self._grains:
                    put(place, kept)
        for who in (*kept.presence.changed_since(since), *(("rep", rep) for rep in moved)):
            if who[0] in self._grains:
                self._put_presence(who, kept)
        for rep in sorted(moved):
            person = kept.people.get(rep)
            labels = "" if person is None else braces({"rep_id": rep, "name": person.name, "team": person.team})
            self._number(INFO, 0, rep, rep, labels, None if person is None else 1)

    def text(self, beside: Mapping[Family, bytes], most: int) -> bytes:
        """The page of at most so many series, and of the lines `beside`, by the names of the metrics."""
        columns: dict[tuple[Family, int], list[_Column]] = {at: [lines] for at, lines in self._lines.items()}
        for (_, _, width, _), sheet in self._sheets.items():
            for column in sheet.columns():
                columns.setdefault((column.family, width), []).append(column)
        left_out, series = 0, sum(len(each) for several in columns.values() for each in several)
        bodies: dict[Family, list[Iterable[bytes]]] = {each: [[lines]] for each, lines in beside.items()}
        for each, width in sorted(columns, key=_widest_first):
            several = columns[each, width]
            lines = sum(map(len, several))
            if series - left_out > most:
                left_out += lines
            elif lines:
                bodies.setdefault(each, []).append(chain.from_iterable(column.bodies() for column in several))
        self.shown = series - left_out
        bodies[LEFT_OUT] = [[line(LEFT_OUT.name, "", left_out)]]
        parts: list[bytes] = []
        for each in sorted(bodies):
            parts.append(head(each))
            for body in reversed(bodies[each]):
                parts += body
        return b"".join(parts)

    def _put_numbers(self, kept: Kept, since: int, moved: Collection[str]) -> None:
        """The lines of numbers that changed, and of those of reps whose labels are others."""
        if moved:
            for number, sheet in self._on.items():
                if number.place.grain == "rep" and number.place.key in moved:
                    sheet.put(number, _labels_of(number.place, kept))
        on = self._on
        for number in _others(kept.samples.since(since), self._grains, on):
            known = on.pop(number, None)
            if known is not None:
                known.drop(number)
            if number.amounts is not None:
                new = on[number] = self._sheet(number.place, len(number.amounts))
                new.put(number, _labels_of(number.place, kept))

    def _sheet(self, place: Slot, width: int) -> Sheet:
        names = names_of(place)[:width]
        key = place.kpi, place.grain, len(place.labels), names
        sheet = self._sheets.get(key)
        if sheet is None:
            sheet = self._sheets[key] = Sheet(BY_STEM[place.kpi], place.grain, names)
        return sheet

    def _put_goal(self, place: Slot, kept: Kept) -> None:
        goal = kept.goals.get(place)
        for what, exact in (("target", goal and goal.target), ("expected", goal and goal.expected)):
            each, factor = _goal_layout(place.kpi, place.grain, what)
            number = None if exact is None else _number(exact * factor)
            self._number(each, 0, place.key, place, _labels_of(place, kept), number)

    def _put_attained(self, place: Slot, kept: Kept) -> None:
        reached = kept.attained.get(place)
        for what, number in (
            ("attainment", reached and reached.attainment),
            ("pace", reached and reached.pace),
        ):
            each = _attained_family(place.kpi, place.grain, what)
            self._number(each, len(place.labels), place.key, place, _labels_of(place, kept), number)

    def _put_baseline(self, place: Slot, kept: Kept) -> None:
        usual = kept.baselines.get(place)
        labels = _labels_of(place, kept)
        self._number(_baseline_family(place.grain, "touchpoints"), 0, place.key, place, labels, usual and usual.normal)
        self._number(_baseline_family(place.grain, "samples"), 0, place.key, place, labels, usual and usual.samples)
        self._number(_baseline_family(place.grain, "tail_ratio"), 0, place.key, place, labels, usual and usual.tail)

    def _put_presence(self, who: tuple[str, str], kept: Kept) -> None:
        grain, key = who
        there: Presence | None = kept.presence.get(who)
        labels = braced(_who(grain, key, kept))
        self._number(WORKING[grain], 0, key, who, labels, there and int(there.working))
        self._number(ABSENT[grain], 0, key, who, labels, there and there.absent)
        if grain in REPS:
            self._number(REPS[grain], 0, key, who, labels, there and there.reps)

    def _number(self, each: Family, width: int, whose: str, key: Hashable, labels: str, number: float | None) -> None:
        if number is None:
            self._of(each, width).drop(whose, key)
        else:
            self._of(each, width).put(whose, key, line(each.name, labels, number))

    def _of(self, each: Family, width: int) -> Lines:
        lines = self._lines.get((each, width))
        if lines is None:
            lines = self._lines[each, width] = Lines()
        return lines


def _others(numbers: list[Number], grains: frozenset[str], on: dict[Number, Sheet]) -> list[Number]:
    """Have those written anew that stand on a sheet, which most do; those that come or go."""
    others: list[Number] = []
    for number in numbers:
        if number.grain in grains:
            sheet = on.get(number)
            if sheet is None or number.amounts is None:
                others.append(number)
            else:
                sheet.change(number)
    return others


def _again(versioned: Versioned[Slot, Any], since: int, moved: Collection[str]) -> list[Slot]:
    """What changed, in the order in which it did, and what is of reps whose labels are others."""
    changed = versioned.changed_since(since)[::-1]
    if since and moved:
        changed += [place for place in versioned if place.grain == "rep" and place.key in moved]
    return changed


def _widest_first(at: tuple[Family, int]) -> tuple[int, str]:
    each, width = at
    return -width, each.name


def _who(grain: str, key: str, kept: Kept) -> str:
    if grain == "rep":
        person = kept.people.get(key)
        return label("rep_id", key) + label("team", person.team if person else "")
    return label("team", key) if grain == "team" else ""


def _labels_of(place: Slot, kept: Kept) -> str:
    own = "".join([label(*pair) for pair in place.labels]) if place.labels else ""
    return braced(_who(place.grain, place.key, kept) + label("window", place.window) + own)


@lru_cache(1 << 10)
def _goal_layout(stem: str, grain: str, what: str) -> tuple[Family, int]:
    kpi = BY_STEM[stem]
    figure = goal_figure(kpi, what)
    return family(kpi, grain, figure), figure.factor


@lru_cache(1 << 10)
def _attained_family(stem: str, grain: str, what: str) -> Family:
    kpi = BY_STEM[stem]
    return family(kpi, grain, attained_figure(kpi, what))


@lru_cache(1 << 10)
def _baseline_family(grain: str, what: str) -> Family:
    return Family(f"sales_{grain}_touchpoints_baseline_{what}", BASELINE[what])


def _number(exact: Fraction) -> int | float:
    return quotient(*exact.as_integer_ratio())
