"""The form of a KPI: a frozen record of what it means, what feeds it and how it is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

from kpi_state.buckets import Contributions

Reading = Literal["sums", "standing", "ages", "spans", "lifetime", "retention", "ramp"]
Attribution = Literal["actor", "owner_first", "owner_at", "owner_now", "split", "team"]
Contribute = Callable[[Any, Contributions], None]
"""Adds what one entity contributes, given its view."""
Ratio = tuple[int, int]
"""A value as an exact quotient (numerator, denominator); denominator 0 = no value."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """What the source article, or the settings, ask of a KPI."""

    direction: Literal["at_least", "at_most"]
    default: Fraction | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Example:
    """A worked example, run by a test: events, the instant, and one sample they give."""

    story: str
    events: tuple[str, ...]
    """JSON objects of the event contract, without `specversion`, `source` and `id`."""
    as_of: str
    sample: Mapping[str, Any]
    """Of the sample: grain, key, window, bucket, labels, parts, value."""
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Kpi:
    """One KPI of the book (`docs/kpis.md`), or a measure that supports them."""

    number: int
    """1–14, as in the source articles; 0 for a supporting measure."""
    stem: str
    """Name in samples, metrics and settings; also the measure of its contributions."""
    title: str
    help: str
    """One sentence: what it means."""
    formula: str
    unit: str
    """Of the value: "leads", "ratio", "seconds", "minor units", …"""
    article: str
    attribution: str
    windows: tuple[str, ...]
    parts: tuple[str, ...]
    """What every ratio is exported with, in order."""
    other_parts: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    """("window", its name) or (label, its value) -> the parts of such samples, where they are others."""
    whole: tuple[str, ...] = ()
    """Parts that a labelled sample takes from the unlabelled one of the same key and bucket."""
    reading: Reading
    value: Callable[[Mapping[str, int]], Ratio]
    """From parts as exact integers: seconds in microseconds, contracts in millionths."""
    grains: tuple[str, ...] = ("rep", "team", "org")
    amounts: int = 0
    """How many integers a contribution carries."""
    measure_labels: tuple[str, ...] = ()
    """What the labels of a contribution are."""
    label_sets: tuple[tuple[str, ...], ...] = ((),)
    """The labels of its samples, side by side."""
    free_text: tuple[str, ...] = ()
    """Labels whose values somebody types: a page shows only so many of them (`[limits] label_values`)."""
    of: str = ""
    """Stem of the measure that it is read from, when it has no contributions of its own."""
    limit: str = "lead_age_days"
    """The field of `Limits`, in days, that says when an age is over the limit."""
    target: Target | None = None
    contribute: Mapping[str, Contribute] = field(default_factory=dict)
    """Entity kind -> what a view of it contributes."""
    example: Example | None = None


def total(part: str) -> Callable[[Mapping[str, int]], Ratio]:
    """The value is one part as it stands."""
    return lambda parts: (parts[part], 1)


def ratio(numerator: str, denominator: str) -> Callable[[Mapping[str, int]], Ratio]:
    """The value is one part over another."""
    return lambda parts: (parts[numerator], parts[denominator])
