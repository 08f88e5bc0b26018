"""Prometheus' text format 0.0.4: samples of families as bytes.

Source: prometheus.io/docs/instrumenting/exposition_formats. No timestamps: a sample is as old as its scrape, and what
is not exported any more ends at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final, NamedTuple

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

_LABEL_ESCAPES: Final = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n"})
_HELP_ESCAPES: Final = str.maketrans({"\\": "\\\\", "\n": "\\n"})


class Family(NamedTuple):
    """A metric: its name with the unit as suffix, what it says, and `gauge` or `counter`."""

    name: str
    help: str
    kind: str = "gauge"


@lru_cache(1 << 16)
def label(name: str, text: str) -> str:
    """A label with a comma before it. One that is empty is the same as none to Prometheus, so it is left out."""
    return f',{name}="{text.translate(_LABEL_ESCAPES)}"' if text else ""


def braced(pairs: str) -> str:
    """Labels, each with a comma before it, as they stand after a metric's name."""
    return f"{{{pairs[1:]}}}" if pairs else ""


def braces(labels: Mapping[str, str]) -> str:
    """Labels as they stand after a metric's name."""
    return braced("".join(label(name, text) for name, text in labels.items()))


def line(name: str, labels: str, value: float) -> bytes:
    """One sample, its labels in braces."""
    return f"{name}{labels} {value!r}\n".encode()


@lru_cache(1 << 12)
def head(family: Family) -> bytes:
    """What stands before the samples of a family."""
    said = family.help.translate(_HELP_ESCAPES)
    return f"# HELP {family.name} {said}\n# TYPE {family.name} {family.kind}\n".encode()
