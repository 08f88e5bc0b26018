"""What the read model in Redis holds for a list of samples, and the commands that lead there from what it holds now.

    kpis:org, kpis:team:NAME, kpis:rep:ID     hash      place → JSON {"value", "bucket", "parts"}
    board:team:PLACE, board:rep:PLACE         sorted set teams or reps by value
    reps                                      hash      rep → JSON {"name", "team"}
    keys                                      set       the names of the keys above that exist
    changes                                   stream    what events and calendars changed in `kpis:…`

A place is `KPI:WINDOW`, with labels `KPI:WINDOW:NAME=VALUE,…`. docs/redis.md describes all this to those who read it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Final, Generic, NamedTuple, TypeVar

import msgspec

from exporters.kept import Kept
from exporters.privacy import NOBODY
from kpi_state.read.attainment import Attained
from kpi_state.read.document import instant_text
from kpi_state.read.sample import Person, Sample, quotient
from kpi_state.read.slots import Slot
from kpi_state.read.targets import Goal

STREAM_ENTRIES: Final = 100_000
"""About so many changes are kept."""
KEYS_SECONDS: Final = 900
"""Keys are gone after this long without a writer, which puts their end off as long as it lives."""
AGES: Final = "now"
"""The window whose seconds and value change by the passing of time alone."""

Command = tuple[str, ...]
"""A command of Redis with its arguments."""

_DUE: Final = ', "expected": '
"""From here on a number follows the clock."""
Held = TypeVar("Held", str, float)
_text: Final = msgspec.json.Encoder().encode
_AMBIGUOUS: Final = re.compile(r"[%:,=\x00-\x1f\x7f]")


class Picture(NamedTuple):
    """What all keys hold, by their names without the prefix: fields of hashes, scores of members of sorted sets."""

    hashes: Mapping[str, Mapping[str, str]]
    boards: Mapping[str, Mapping[str, float]]

    def names(self) -> set[str]:
        """The keys that exist."""
        return {*self.hashes, *self.boards}


class Stamp(NamedTuple):
    """How new a picture is: log records it was made of, and its instant in microseconds."""

    version: int
    as_of: int


class _Anew(Generic[Held]):
    """A copy of a picture's half, in which only keys that change are copied."""

    def __init__(self, old: Mapping[str, Mapping[str, Held]]) -> None:
        self._keys: dict[str, Mapping[str, Held]] = dict(old)
        self._copied: dict[str, dict[str, Held]] = {}

    def put(self, name: str, field: str, held: Held | None) -> None:
        """Set a field of a key, or remove it."""
        fields = self._copied.get(name)
        if fields is None:
            fields = self._keys[name] = self._copied[name] = dict(self._keys.get(name, {}))
        if held is None:
            fields.pop(field, None)
        else:
            fields[field] = held

    def made(self) -> dict[str, Mapping[str, Held]]:
        """All keys that hold something."""
        for name, fields in self._copied.items():
            if not fields:
                del self._keys[name]
        return self._keys


class Model:
    """The picture of what is shown, made anew where that changed; what did not is the same object as before."""

    def __init__(self) -> None:
        self._picture = Picture({}, {})
        self._version = 0

    def follow(self, kept: Kept, version: int) -> Picture:
        """The picture at a version of `kept`."""
        since = kept.known_since(self._version)
        if since < self._version:
            self._picture = Picture({}, {})
        self._version = version
        hashes, boards = _Anew(self._picture.hashes), _Anew(self._picture.boards)
        several = (kept.samples, kept.attained, kept.goals)
        for place in dict.fromkeys(place for each in several for place in reversed(each.changed_since(since))):
            sample, where = kept.samples.get(place), _place(place.kpi, place.window, place.labels)
            text = (
                None if sample is None else number(sample, kept.goals.get(_unlabelled(place)), kept.attained.get(place))
            )
            hashes.put("kpis:org" if place.grain == "org" else f"kpis:{place.grain}:{place.key}", where, text)
            if place.grain != "org" and place.key not in NOBODY:
                value = None if sample is None or sample.value is None else float(sample.value)
                boards.put(f"board:{place.grain}:{where}", place.key, value)
        for rep in reversed(kept.people.changed_since(since)):
            person = kept.people.get(rep)
            hashes.put("reps", rep, None if person is None else _who(person))
        self._picture = Picture(hashes.made(), boards.made())
        return self._picture


def place_of(sample: Sample) -> str:
    """Which number of a key a sample is; what would be ambiguous in label values as in URLs: `%`, `:`, `,`, `=`."""
    return _place(sample.kpi, sample.window, sorted(sample.labels.items()))


def _place(kpi: str, window: str, labels: Iterable[tuple[str, str]]) -> str:
    text = ",".join(f"{name}={_AMBIGUOUS.sub(_escaped, value)}" for name, value in labels)
    return f"{kpi}:{window}:{text}" if text else f"{kpi}:{window}"


def _unlabelled(place: Slot) -> Slot:
    return place._replace(labels=()) if place.labels else place


def _who(person: Person) -> str:
    return f'{{"name": {_string(person.name)}, "team": {_string(person.team)}}}'


def number(sample: Sample, goal: Goal | None = None, reached: Attained | None = None) -> str:
    """Value, bucket and parts with the digits that `replay` prints; with a target, how far it is reached."""
    parts = ", ".join(f"{_string(part)}: {amount!r}" for part, amount in sample.parts.items())
    text = f'"value": {_number(sample.value)}, "bucket": {_string(sample.bucket)}, "parts": {{{parts}}}'
    if goal is not None and reached is not None:
        text += f', "target": {_exact(goal.target)}, "attainment": {_number(reached.attainment)}'
        text += f'{_DUE}{_exact(goal.expected)}, "pace": {_number(reached.pace)}'
    return f"{{{text}}}"


def _number(value: float | None) -> str:
    return "null" if value is None else repr(value)


def _exact(value: Fraction | None) -> str:
    return _number(None if value is None else quotient(*value.as_integer_ratio()))


def changes(old: Picture, new: Picture, prefix: str, stamp: Stamp) -> Iterator[Command]:
    """The commands that turn one picture into the other; a key without fields or members does not exist.

    A key is in `keys` before it exists and after it is gone, and the stream tells of a change right after it: commands
    that are applied in steps leave nothing behind that the next writer would not find.
    """
    for name in sorted(new.names() - old.names()):
        yield "SADD", f"{prefix}keys", name
    for name in sorted({*old.hashes, *new.hashes}):
        if old.hashes.get(name) is not new.hashes.get(name):
            yield from _of_hash(name, old.hashes.get(name, {}), new.hashes.get(name, {}), prefix, stamp)
    for name in sorted({*old.boards, *new.boards}):
        if old.boards.get(name) is not new.boards.get(name):
            yield from _of_board(prefix + name, old.boards.get(name, {}), new.boards.get(name, {}))
    for name in sorted(new.names() - old.names()):
        yield "EXPIRE", prefix + name, str(KEYS_SECONDS)
    for name in sorted(old.names() - new.names()):
        yield "SREM", f"{prefix}keys", name


def _of_hash(name: str, old: Mapping[str, str], new: Mapping[str, str], prefix: str, stamp: Stamp) -> Iterator[Command]:
    for field, text in new.items():
        was = old.get(field)
        if was != text:
            yield "HSET", prefix + name, field, text
            if was is None or _steady(field, was) != _steady(field, text):
                yield from _told(name, field, text, prefix, stamp)
    for field in sorted(old.keys() - new.keys()):
        yield "HDEL", prefix + name, field
        yield from _told(name, field, "", prefix, stamp)


def _of_board(key: str, old: Mapping[str, float], new: Mapping[str, float]) -> Iterator[Command]:
    for member, score in new.items():
        if old.get(member) != score:
            yield "ZADD", key, repr(score), member
    for member in sorted(old.keys() - new.keys()):
        yield "ZREM", key, member


def _told(name: str, place: str, text: str, prefix: str, stamp: Stamp) -> Iterator[Command]:
    """The entry of the stream about a field of a hash; `text` is empty when it is gone."""
    kind, _, whose = name.partition(":")
    if kind != "kpis":
        return
    grain, _, key = whose.partition(":")
    kpi, window, labels = _split(place)
    said = {
        "grain": grain,
        "key": key if grain != "org" else "*",
        "kpi": kpi,
        "window": window,
        "labels": labels,
        "number": text,
        "version": str(stamp.version),
        "as_of": instant_text(stamp.as_of),
    }
    entry = [part for pair in said.items() for part in pair]
    yield "XADD", f"{prefix}changes", "MAXLEN", "~", str(STREAM_ENTRIES), "*", *entry


def _steady(place: str, text: str) -> object:
    """What of a number is news when it changes."""
    if _split(place)[1] != AGES:
        return text.partition(_DUE)[0]
    try:
        known = msgspec.json.decode(text, type=dict[str, object])
        parts = msgspec.convert(known.get("parts"), dict[str, float])
    except msgspec.MsgspecError:  # somebody else wrote it
        return text
    return known.get("bucket"), {part: amount for part, amount in parts.items() if "seconds" not in part.split("_")}


def _split(place: str) -> tuple[str, str, str]:
    """KPI, window, labels."""
    kpi, _, rest = place.partition(":")
    window, _, labels = rest.partition(":")
    return kpi, window, labels


def _escaped(found: re.Match[str]) -> str:
    return f"%{ord(found[0]):02X}"


def _string(text: str) -> str:
    return _text(text).decode()
