"""The JSON that `replay` prints and exporters serve: the same samples are the same bytes anywhere.

One sample a line, so that two documents can be compared by any tool; keys in the order below.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

import msgspec

from kpi_state.dates import instant_text
from kpi_state.read.sample import Sample

__all__ = ["Input", "document", "instant_text"]

_text: Final = msgspec.json.Encoder().encode


class Input(NamedTuple):
    """Events that came in: `read` = applied + `after_as_of` + `quarantined`, repeats included."""

    read: int
    after_as_of: int
    quarantined: int


def document(as_of: int, counts: Input, samples: Iterable[Sample]) -> bytes:
    """The document, of samples in the order a Reader gives them."""
    lines = ",\n  ".join(_line(sample) for sample in samples)
    body = f"[\n  {lines}]" if lines else "[]"
    text = f'{{"as_of": {_string(instant_text(as_of))},\n "input": {_object(counts._asdict())},\n "samples": {body}}}\n'
    return text.encode()


def _line(sample: Sample) -> str:
    return (
        f'{{"kpi": {_string(sample.kpi)}, "grain": {_string(sample.grain)}, "key": {_string(sample.key)}, '
        f'"window": {_string(sample.window)}, "bucket": {_string(sample.bucket)}, "labels": {_object(sample.labels)}, '
        f'"parts": {_object(sample.parts)}, "value": {_scalar(sample.value)}}}'
    )


def _object(values: dict[str, str] | dict[str, int] | dict[str, int | float]) -> str:
    return "{" + ", ".join(f"{_string(name)}: {_scalar(value)}" for name, value in values.items()) + "}"


def _scalar(value: str | float | None) -> str:
    if value is None:
        return "null"
    return _string(value) if isinstance(value, str) else repr(value)


def _string(text: str) -> str:
    return _text(text).decode()
