"""Prometheus' text format 0.0.4: families of samples as bytes.

Source: prometheus.io/docs/instrumenting/exposition_formats. No timestamps: a sample is as old as its scrape, and what
is not exported any more ends at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

_LABEL_ESCAPES: Final = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n"})
_HELP_ESCAPES: Final = str.maketrans({"\\": "\\\\", "\n": "\\n"})


class Family(NamedTuple):
    """A metric: its name with the unit as suffix, what it says, and `gauge` or `counter`."""

    name: str
    help: str
    kind: str = "gauge"


Lines = dict[Family, list[str]]
"""The samples of each family, in the order they are printed."""


def line(name: str, labels: Mapping[str, str], value: float) -> str:
    """One sample. A label that is empty is the same as none to Prometheus, so it is left out."""
    pairs = ",".join(f'{key}="{text.translate(_LABEL_ESCAPES)}"' for key, text in labels.items() if text)
    return f"{name}{{{pairs}}} {value!r}" if pairs else f"{name} {value!r}"


def text(families: Lines) -> bytes:
    """The page; families without samples are left out."""
    return "".join(f"{part}\n" for part in _parts(families)).encode()


def _parts(families: Lines) -> Iterable[str]:
    for family, lines in families.items():
        if lines:
            yield f"# HELP {family.name} {family.help.translate(_HELP_ESCAPES)}"
            yield f"# TYPE {family.name} {family.kind}"
            yield from lines
