"""The JSON that `replay` prints and exporters serve: the same samples are the same bytes anywhere.

One sample a line, so that two documents can be compared by any tool; keys in the order below.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

import msgspec

from kpi_state.read.sample import Sample

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
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


def instant_text(time: int) -> str:
    """An instant in microseconds as RFC 3339 in UTC, with no more decimals than it has."""
    text = (_EPOCH + timedelta(microseconds=time)).isoformat().removesuffix("+00:00")
    return (text.rstrip("0") if "." in text else text) + "Z"


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
