"""Targets: what a rep, a team or the organisation is expected to reach, and how much of it by now.

A target that an event names wins over the settings. One of a ratio or a mean holds for everyone below: a rep's is the
rep's own, else the team's, else the organisation's, else the settings'. Those of counts add up instead: the settings'
is each rep's, and a team or an organisation without its own is expected to reach what its reps are.

Expected by now is the target times the share of the window's working time that has passed; days of absence expect none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple
from zoneinfo import ZoneInfo

from kpi_state.definitions import ReadSettings
from kpi_state.events import parse_target_subject
from kpi_state.kpis.kpi import Kpi
from kpi_state.measures.registry import ALL
from kpi_state.read.calendar import PERIODS
from kpi_state.read.pace import Calendars, Pace
from kpi_state.read.readings import windows_of
from kpi_state.read.roster import Roster
from kpi_state.read.slots import ORGANISATION
from kpi_state.read.staff import Away, Colleague
from kpi_state.read.timelines import timeline
from kpi_state.read.zones import day_at
from kpi_state.rows import decode_row


class Goal(NamedTuple):
    """A target that holds now, in the unit of the KPI's value, and what of it is due by now (None: nothing said)."""

    kpi: str
    grain: str
    key: str
    window: str
    target: Fraction
    expected: Fraction | None


class _Statement(NamedTuple):
    """What a row says now; sorted, the one that holds is the last that covers the day."""

    first: int
    subject: str
    until: int | None
    value: Fraction

    def holds(self, day: int) -> bool:
        return self.first <= day and (self.until is None or day <= self.until)


_Said = dict[tuple[str, str, str, str], list[_Statement]]
"""(kpi, grain, key, window) → statements, sorted."""


class Targets:
    """Rows of the kind `target`, and the settings' targets."""

    def __init__(self, settings: ReadSettings, calendars: Calendars) -> None:
        self._settings = settings
        self._calendars = calendars
        self._rows: dict[str, bytes] = {}

    def put(self, subject: str, value: bytes | None) -> None:
        """Take over a row; None removes it."""
        if value is None:
            self._rows.pop(subject, None)
        else:
            self._rows[subject] = value

    def goals(self, roster: Roster, away: Away, employed: Iterable[Colleague], now: int) -> list[Goal]:
        """Every target that holds now, of KPIs in the order of the book, for the reps who are employed."""
        said = self._said(roster, now)
        pace = Pace(self._calendars, roster, away, now)
        staff = {each.rep: each.team for each in employed}
        goals: list[Goal] = []
        for kpi in ALL:
            for window in windows_of(kpi, self._settings):
                plan = _Plan(kpi, window, self._default(kpi, window), said, roster, now)
                goals += plan.of_counts(staff, pace) if adds_up(kpi) else plan.of_ratios(staff)
        return goals

    def _default(self, kpi: Kpi, window: str) -> Fraction | None:
        targets = self._settings.targets
        value = targets.get(f"{kpi.stem}.{window}", targets.get(kpi.stem))
        return None if value is None else Fraction(str(value))

    def _said(self, roster: Roster, now: int) -> _Said:
        said: _Said = {}
        for subject, row in self._rows.items():
            lines = {field: timeline(line, now).last() for field, line in decode_row("target", row).lines.items()}
            if lines.get("value") is not None:
                about = parse_target_subject(subject)
                key = roster.resolve(about.key, now) if about.grain == "rep" else about.key
                statement = _Statement(about.from_day, subject, lines.get("until"), Fraction(lines["value"]))
                said.setdefault((about.kpi, about.grain, key, about.window), []).append(statement)
        for statements in said.values():
            statements.sort()
        return said


def adds_up(kpi: Kpi) -> bool:
    """Whether the value is a sum, of which everybody has a share, and not a quotient, of which nobody has."""
    return kpi.value(dict.fromkeys(kpi.parts, 0)) == (0, 1)


class _Plan(NamedTuple):
    """The targets of one KPI in one window."""

    kpi: Kpi
    window: str
    default: Fraction | None
    said: _Said
    roster: Roster
    now: int

    def own(self, grain: str, key: str) -> Fraction | None:
        """What was said of exactly this key for today."""
        statements = self.said.get((self.kpi.stem, grain, key, self.window))
        if not statements:
            return None
        today = day_at(self.roster.zone(key, self.now) if grain == "rep" else self.roster.team_zone(key), self.now)
        return next((each.value for each in reversed(statements) if each.holds(today)), None)

    def of_ratios(self, staff: Mapping[str, str]) -> Iterator[Goal]:
        """Whoever has no target of their own has that of the next above; nothing of it is due sooner or later."""
        everybody = _first(self.own("org", ORGANISATION), self.default)
        teams = {team: _first(self.own("team", team), everybody) for team in _teams(staff)}
        for rep, team in staff.items():
            yield from self._goal("rep", rep, _first(self.own("rep", rep), teams.get(team, everybody)), None)
        for team, target in teams.items():
            yield from self._goal("team", team, target, None)
        yield from self._goal("org", ORGANISATION, everybody, None)

    def of_counts(self, staff: Mapping[str, str], pace: Pace) -> Iterator[Goal]:
        """Whoever above the reps has no target of their own is expected to reach what the reps are."""
        reps: dict[str, Goal] = {}
        for rep in staff:
            target = _first(self.own("rep", rep), self.default)
            share = pace.of_rep(rep, self.window) if target is not None and self.window in PERIODS else None
            reps.update((goal.key, goal) for goal in self._goal("rep", rep, target, share))
        yield from reps.values()
        for team in _teams(staff):
            members = [goal for rep, goal in reps.items() if staff[rep] == team]
            yield from self._group("team", team, members, self.roster.team_zone(team), pace)
        yield from self._group("org", ORGANISATION, list(reps.values()), self.roster.organisation, pace)

    def _group(self, grain: str, key: str, members: list[Goal], zone: ZoneInfo, pace: Pace) -> Iterator[Goal]:
        own = self.own(grain, key)
        if own is not None:
            yield from self._goal(
                grain, key, own, pace.of_everybody(zone, self.window) if self.window in PERIODS else None
            )
        elif members:
            due = [goal.expected for goal in members if goal.expected is not None]
            target = sum((goal.target for goal in members), Fraction())
            yield Goal(self.kpi.stem, grain, key, self.window, target, sum(due, Fraction()) if due else None)

    def _goal(self, grain: str, key: str, target: Fraction | None, share: Fraction | None) -> Iterator[Goal]:
        if target is not None:
            due = None if share is None else target * share
            yield Goal(self.kpi.stem, grain, key, self.window, target, due)


def _teams(staff: Mapping[str, str]) -> list[str]:
    return sorted({team for team in staff.values() if team})


def _first(*targets: Fraction | None) -> Fraction | None:
    return next((target for target in targets if target is not None), None)
