"""An explanation as data: what a number is made of, what decided it, what was left out and why; and as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from kpi_state.explain.said import LeftOut, Parts, Said, Via
from kpi_state.json_text import json_text
from kpi_state.read.document import Input, instant_text
from kpi_state.read.sample import Sample

__all__ = ["Credit", "Explanation", "LeftOut", "Line", "Parts", "Said", "Via", "added", "document", "head"]


class Line(msgspec.Struct):
    """An entity that is part of the number, and what it contributes to each part.

    rep: whom it counts for, as sent.  decided_by, via: statements that alone would give this contribution.
    """

    kind: str
    subject: str
    rep: str
    parts: Parts
    decided_by: list[Said]
    via: list[Via]


class Credit(msgspec.Struct):
    """Whom an id that events name stands for.  key, team: the keys it counts for, team "" for none."""

    rep: str
    key: str
    team: str
    decided_by: list[Said]


class Explanation(msgspec.Struct):
    """One number explained.

    entities: their parts add up to the sample's (of `oldest_seconds` the largest counts); each has its statements, or
    only the first ones if that was asked.  not_listed: reason → how many more were left out for it.
    """

    as_of: str
    input: dict[str, int]
    sample: Sample
    entities: list[Line]
    credits: list[Credit]
    left_out: list[LeftOut]
    not_listed: dict[str, int]


def head(as_of: int, counts: Input, sample: Sample) -> Explanation:
    """An explanation that says nothing yet; `as_of` in microseconds."""
    return Explanation(instant_text(as_of), dict(counts._asdict()), sample, [], [], [], {})


def document(explanation: Explanation) -> bytes:
    """An explanation as JSON, one entity and one thing left out a line."""
    fields = [f"{json_text(name)}: {_top(value)}" for name, value in msgspec.structs.asdict(explanation).items()]
    return ("{" + ",\n ".join(fields) + "}\n").encode()


def _top(value: Any) -> str:
    if not isinstance(value, list) or not value:
        return json_text(value)
    return "[\n  " + ",\n  ".join(map(json_text, value)) + "]"


def added(several: Iterable[tuple[int, ...]], parts: tuple[str, ...]) -> tuple[int, ...]:
    """What several contributions come to: sums, and of the part `oldest_seconds` the largest."""
    columns = zip(*several, strict=True)
    return tuple(
        max(column) if part == "oldest_seconds" else sum(column) for part, column in zip(parts, columns, strict=False)
    )
