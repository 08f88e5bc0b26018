"""Witnesses: where each statement that decided something stands, and which statements lost against it.

Rows remember what was said and by which event, not in which line of which file: the events are read a second time, and
only what somebody asked for is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final, NamedTuple

from kpi_state.catalogue import SHAPE_OF
from kpi_state.dates import instant_text
from kpi_state.events import ContractError, Event, Stamp, Value, decode
from kpi_state.explain.said import LeftOut, Said

Place = str
"""`file:line`."""
SUPERSEDED: Final = "superseded"
AFTER: Final = "after_as_of"


class Who(NamedTuple):
    """A subject of events."""

    kind: str
    subject: str


class _Subject:
    """What is asked about one subject."""

    __slots__ = ("began", "began_by", "deciding", "known", "lost")

    def __init__(self) -> None:
        self.known: dict[tuple[str, Stamp], tuple[Value, Said]] = {}
        self.deciding: dict[str, list[tuple[Stamp, Value]]] = {}
        self.lost: dict[tuple[str, bool, str], tuple[Stamp, Said]] = {}
        self.began: Said | None = None
        self.began_by: Stamp | None = None
        """Of the event that `began` stands for, once it is found."""


class Witnesses:
    """Statements to be found again in the events."""

    def __init__(self) -> None:
        self._subjects: dict[Who, _Subject] = {}

    def said(self, who: Who, field: str, stamp: Stamp, value: Value, *, decides: bool = True) -> Said:
        """A statement; `decides`: what else was said of the field lost against it."""
        subject = self._subjects.setdefault(who, _Subject())
        if decides:
            deciding = subject.deciding.setdefault(field, [])
            if (stamp, value) not in deciding:
                deciding.append((stamp, value))
        if (field, stamp) not in subject.known:
            subject.known[field, stamp] = value, _said(who.kind, field, stamp, value)
        return subject.known[field, stamp][1]

    def began(self, who: Who, time: int) -> Said:
        """The earliest event about a subject, whose time is all that counts."""
        subject = self._subjects.setdefault(who, _Subject())
        if subject.began is None:
            text = instant_text(time)
            subject.began = Said("time", text, text)
        return subject.began

    def hear(self, events: Iterable[tuple[Place, bytes]], as_of: int) -> None:
        """Go through the events once more."""
        for place, text in events:
            try:
                event = decode(text)
            except ContractError:
                continue
            subject = self._subjects.get(Who(event.kind, event.subject))
            if subject is not None:
                _hear(subject, event, place, ahead=event.stamp[0] > as_of)

    def lost(self) -> Iterator[LeftOut]:
        """What was said of the same fields and does not count."""
        for who, subject in sorted(self._subjects.items(), key=lambda item: item[0]):
            for (field, ahead, _), (stamp, said) in sorted(subject.lost.items(), key=lambda item: item[0]):
                deciding = sorted(subject.deciding[field], key=lambda statement: statement[0])
                against, value = next((each for each in deciding if each[0] >= stamp), deciding[-1])
                winner = self.said(who, field, against, value)
                why = _why(field, said, winner, ahead=ahead, order=(against > stamp) - (against < stamp))
                reason = AFTER if ahead else SUPERSEDED
                yield LeftOut(who.kind, who.subject, reason, why, {}, [said, winner])


def _why(field: str, said: Said, winner: Said, *, ahead: bool, order: int) -> str:
    claim = f"{field} = {said.value}"
    if ahead:
        return f"{claim} is said for {said.time}, after the instant asked for"
    if order > 0:
        return f"{claim} lost against the later {winner.value}"
    if order < 0:
        return f"{claim} came later, the earlier {winner.value} decides"
    return f"{claim} lost against {winner.value}, the larger of two contents of one event"


def shown(kind: str, field: str, value: Value) -> Any:
    """A value as events write it."""
    shape = SHAPE_OF[kind][field]
    if isinstance(value, int) and shape == "time":
        return instant_text(value)
    if isinstance(value, int) and shape == "day":
        return date.fromordinal(value).isoformat()
    return value


def _said(kind: str, field: str, stamp: Stamp, value: Value) -> Said:
    time, _, source, event = stamp
    return Said(field, shown(kind, field, value), instant_text(time), source, event)


def _hear(subject: _Subject, event: Event, place: Place, *, ahead: bool) -> None:
    began = subject.began
    if began is not None and instant_text(event.stamp[0]) == began.time:
        began.times += 1
        if subject.began_by is None or event.stamp < subject.began_by:
            subject.began_by, began.at = event.stamp, place
            began.source, began.id = event.stamp[2:]
    for field, value in event.fields.items():
        known = subject.known.get((field, event.stamp))
        if known is not None and known[0] == value:
            known[1].times += 1
            known[1].at = known[1].at or place
        elif field in subject.deciding:
            same = [stamp for stamp, decided in subject.deciding[field] if decided == value]
            if same and not ahead:
                subject.known[field, same[0]][1].times += 1
            elif not same:
                _lose(subject, event, field, place, ahead=ahead)


def _lose(subject: _Subject, event: Event, field: str, place: Place, *, ahead: bool) -> None:
    """Remember a statement that lost: the latest of those that say the same."""
    value = event.fields[field]
    key = field, ahead, repr(value)
    old = subject.lost.get(key)
    if old is None or event.stamp > old[0]:
        said = _said(event.kind, field, event.stamp, value)
        said.at, said.times = place, old[1].times if old else 0
        subject.lost[key] = event.stamp, said
    subject.lost[key][1].times += 1
