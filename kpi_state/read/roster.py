"""The roster: who the reps are, in which team and zone, and which id means whom, as far as it is known now.

Statements after now are ignored. A rep that is deleted, and any id the roster never heard of, belongs to no team and
lives in the organisation's zone.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from kpi_state.read.employments import Employment, employments
from kpi_state.read.identities import Claims, Identities, claimed
from kpi_state.read.timelines import Timeline, timeline
from kpi_state.read.zones import day_at, midnight, zone_named
from kpi_state.rows import Row, decode_row

NO_TEAM: Final = ""
_REMEMBERED: Final = 1 << 17
"""Answers kept of each question; a day's worth of a large floor."""


class Member(NamedTuple):
    """One rep as known now."""

    name: str
    team: Timeline
    timezone: Timeline
    calendar: Timeline
    claims: Claims
    employments: tuple[Employment, ...]

    def placed_by(self) -> tuple[object, ...]:
        """What decides where contributions of the past count."""
        return self.team, self.timezone, self.claims


class Roster:
    """Rows of the kind `rep`, read as of `now`. Call `advance` before asking, and after rows changed."""

    def __init__(self, organisation: ZoneInfo, team_zones: Mapping[str, ZoneInfo]) -> None:
        self.organisation = organisation
        self.people: dict[str, Member] = {}
        self._team_zones = team_zones
        self._rows: dict[str, bytes] = {}
        self._changed: set[str] = set()
        self._next: dict[str, int] = {}  # rep → the next statement after now
        self._ahead: dict[str, Member | None] = {}
        """Of those that changed, who they are at another instant, which is the next one."""
        self._ahead_at: int | None = None
        self._now: int | None = None
        self.version = 0
        """Grows when anything about anybody is another; who is where now stays the same in between."""
        self._ask()

    def put(self, rep: str, value: bytes | None) -> None:
        """Take over a row; None removes it."""
        if value is None:
            self._rows.pop(rep, None)
        else:
            self._rows[rep] = value
        self._changed.add(rep)
        self._ahead.pop(rep, None)

    def moving(self, now: int) -> set[str]:
        """Ids whose contributions of the past may count elsewhere, or for others, once this is advanced to an instant;
        e-mail addresses in lower case.
        """
        if now != self._ahead_at:
            self._ahead_at = now
            self._ahead.clear()
        if self._now is None or now < self._now:
            self._changed.update(self._rows)
        self._changed.update(rep for rep, time in self._next.items() if time <= now)
        moving: set[str] = set()
        for rep in self._changed:
            if rep not in self._ahead:
                self._ahead[rep] = self._read(rep, now)
            old, new = self.people.get(rep), self._ahead[rep]
            if (old and old.placed_by()) != (new and new.placed_by()):
                moving.add(rep)
                moving.update(*(claimed(member.claims) for member in (old, new) if member))
        return moving

    def advance(self, now: int) -> bool:
        """Read the roster as of an instant. True when contributions of the past may count elsewhere than before."""
        moving = self.moving(now)
        self._now = now
        changed = False
        for rep in self._changed:
            old, new = self.people.pop(rep, None), self._ahead.pop(rep)
            if new is not None:
                self.people[rep] = new
            changed |= old != new
        self._changed.clear()
        if changed:
            self._ask()
        return bool(moving)

    def _read(self, rep: str, now: int) -> Member | None:
        value = self._rows.get(rep)
        row = Row() if value is None else decode_row("rep", value)
        times = [stamp[0] for line in row.lines.values() for stamp, _ in line]
        if row.earliest is not None:
            times.append(row.earliest)  # an event that says nothing still says that the rep exists
        ahead = [time for time in times if time > now]
        if ahead:
            self._next[rep] = min(ahead)
        else:
            self._next.pop(rep, None)
        said = {field: timeline(line, now) for field, line in row.lines.items()}
        if len(ahead) == len(times) or said.get("deleted", Timeline()).last():
            return None
        nothing = Timeline()
        return Member(
            name=said.get("name", nothing).last() or "",
            team=said.get("team", nothing),
            timezone=said.get("timezone", nothing),
            calendar=said.get("calendar", nothing),
            claims={field: said.get(field, nothing) for field in ("external_ids", "emails", "extensions")},
            employments=employments(row.lines.get("first_day", ()), row.lines.get("last_day", ()), now),
        )

    def _ask(self) -> None:
        """Forget every answer: the people are others now."""
        identities = Identities(self.people.keys(), ((rep, member.claims) for rep, member in self.people.items()))
        self.resolve = lru_cache(_REMEMBERED)(identities.resolve)
        self._means_one = identities.steady
        self.zone = lru_cache(_REMEMBERED)(self._zone)
        self.zone_now = lru_cache(_REMEMBERED)(self._zone_now)
        self.zones_now = lru_cache(1)(self._zones_now)
        self.version += 1

    def steady(self, raw: str, start: int, end: int) -> bool:
        """Whether an id means the same rep, in one team and zone, at all instants from one to another."""
        member = self.people.get(self.resolve(raw, start))
        return self._means_one(raw, start, end) and (
            member is None or (member.team.steady(start, end) and member.timezone.steady(start, end))
        )

    def team(self, rep: str, time: int) -> str:
        """The team of a rep at an instant, `NO_TEAM` for none."""
        member = self.people.get(rep)
        return (member.team.at(time) or NO_TEAM) if member else NO_TEAM

    def team_on(self, rep: str, day: int) -> str:
        """The team of a rep when a day begins where the rep is."""
        zone = self.zone(rep, midnight(self.organisation, day))
        return self.team(rep, midnight(zone, day))

    def _zone(self, rep: str, time: int) -> ZoneInfo:
        """The zone of a rep at an instant: the rep's own, else the team's, else the organisation's."""
        member = self.people.get(rep)
        own = zone_named(member.timezone.at(time) or "") if member else None
        return own or self.team_zone(self.team(rep, time))

    def team_zone(self, team: str) -> ZoneInfo:
        """The zone of a team: from the settings, else the organisation's."""
        return self._team_zones.get(team, self.organisation)

    def today(self, rep: str, now: int) -> int:
        """The day it is for a rep now."""
        return day_at(self.zone(rep, now), now)

    def _zone_now(self, rep: str) -> ZoneInfo:
        """The zone of a rep at the instant this was advanced to."""
        return self._zone(rep, self._now or 0)

    def _zones_now(self) -> frozenset[ZoneInfo]:
        """Every zone somebody is in then."""
        return frozenset({self.organisation, *self._team_zones.values(), *map(self.zone_now, self.people)})
