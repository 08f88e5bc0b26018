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
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

import msgspec

from exporters.privacy import NOBODY
from kpi_state.read.document import instant_text
from kpi_state.read.sample import Person, Sample

STREAM_ENTRIES: Final = 100_000
"""About so many changes are kept."""
KEYS_SECONDS: Final = 900
"""Keys are gone after this long without a writer, which puts their end off as long as it lives."""
AGES: Final = "now"
"""The window whose seconds and value change by the passing of time alone."""

Command = tuple[str, ...]
"""A command of Redis with its arguments."""

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


def picture(samples: Iterable[Sample], people: Iterable[Person]) -> Picture:
    """The read model of samples with one a window, and of the people who may be shown."""
    hashes: defaultdict[str, dict[str, str]] = defaultdict(dict)
    boards: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for sample in samples:
        place = place_of(sample)
        hashes["kpis:org" if sample.grain == "org" else f"kpis:{sample.grain}:{sample.key}"][place] = number(sample)
        if sample.value is not None and sample.grain != "org" and sample.key not in NOBODY:
            boards[f"board:{sample.grain}:{place}"][sample.key] = float(sample.value)
    for person in people:
        hashes["reps"][person.rep] = f'{{"name": {_string(person.name)}, "team": {_string(person.team)}}}'
    return Picture(hashes, boards)


def place_of(sample: Sample) -> str:
    """Which number of a key a sample is; what would be ambiguous in label values as in URLs: `%`, `:`, `,`, `=`."""
    place = f"{sample.kpi}:{sample.window}"
    labels = ",".join(f"{name}={_AMBIGUOUS.sub(_escaped, value)}" for name, value in sorted(sample.labels.items()))
    return f"{place}:{labels}" if labels else place


def number(sample: Sample) -> str:
    """Value, bucket and parts with the digits that `replay` prints."""
    parts = ", ".join(f"{_string(part)}: {amount!r}" for part, amount in sample.parts.items())
    value = "null" if sample.value is None else repr(sample.value)
    return f'{{"value": {value}, "bucket": {_string(sample.bucket)}, "parts": {{{parts}}}}}'


def changes(old: Picture, new: Picture, prefix: str, stamp: Stamp) -> Iterator[Command]:
    """The commands that turn one picture into the other; a key without fields or members does not exist.

    A key is in `keys` before it exists and after it is gone, and the stream tells of a change right after it: commands
    that are applied in steps leave nothing behind that the next writer would not find.
    """
    for name in sorted(new.names() - old.names()):
        yield "SADD", f"{prefix}keys", name
    for name in sorted({*old.hashes, *new.hashes}):
        yield from _of_hash(name, old.hashes.get(name, {}), new.hashes.get(name, {}), prefix, stamp)
    for name in sorted({*old.boards, *new.boards}):
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
        return text
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
