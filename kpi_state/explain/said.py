"""Statements as an explanation shows them: what was said, whose word it was, and what was left out because of it."""

from __future__ import annotations

from typing import Any

import msgspec

Parts = dict[str, int | float]


class Said(msgspec.Struct):
    """A statement of an event: who says since when that a field of a subject has a value.

    field: `time` stands for the event itself, where its time is all that counts.  value: as events write it.  at: where
    the event stands, as `file:line`.  times: how often it was said, repetitions included.
    """

    field: str
    value: Any
    time: str
    source: str = ""
    id: str = ""
    at: str = ""
    times: int = 0


class Via(msgspec.Struct):
    """Another entity whose word counts.  says: what it is to the one above it."""

    says: str
    kind: str
    subject: str
    decided_by: list[Said]
    via: list[Via]


class LeftOut(msgspec.Struct):
    """Something that does not count here, for one reason.

    reason: a word for programs.  why: a sentence for people.  parts: what the number would have more (or less) but for
    the reason.  decided_by: the statements that left it out.
    """

    kind: str
    subject: str
    reason: str
    why: str
    parts: Parts
    decided_by: list[Said]
