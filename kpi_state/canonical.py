"""Canonical JSON text of a value (RFC 8785), which decides between two statements whose stamps are equal."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final

from kpi_state.catalogue import SHAPE_OF
from kpi_state.decode import Value

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def larger(kind: str, field: str, first: Value, second: Value) -> Value:
    """Of two values of a field, the one with the larger canonical text; of equal texts the larger as it is kept."""
    return max(first, second, key=lambda value: (canonical(kind, field, value), repr(value)))


def canonical(kind: str, field: str, value: Value) -> str:
    """RFC 8785 text of a normalised value, times as UTC with six decimals and `Z`, dates as ISO dates."""
    shape = SHAPE_OF[kind][field]
    if isinstance(value, dict):
        members = sorted(value.items(), key=lambda member: member[0].encode("utf-16-be"))
        texts = (f"{_text(name)}:{_number(each) if shape == 'shares' else _text(each)}" for name, each in members)
        return "{" + ",".join(texts) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_text, value)) + "]"
    if isinstance(value, str):
        return _number(value) if shape == "number" else _text(value)
    if isinstance(value, int) and shape == "time":
        moment = (_EPOCH + timedelta(microseconds=value)).replace(tzinfo=None)
        return f'"{moment.isoformat(timespec="microseconds")}Z"'
    if isinstance(value, int) and shape == "day":
        return f'"{date.fromordinal(value).isoformat()}"'
    return json.dumps(value)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _number(written: str) -> str:
    """A number as ECMAScript prints the nearest double: shortest digits, an exponent below 1e-6 and from 1e21 on."""
    shortest = Decimal(repr(float(written)))
    if not shortest:
        return "0"
    sign, digit_tuple, _ = shortest.as_tuple()
    minus = "-" * sign
    digits = "".join(map(str, digit_tuple)).rstrip("0")
    point = shortest.adjusted() + 1
    if len(digits) <= point <= 21:
        return minus + digits.ljust(point, "0")
    if 0 < point <= 21:
        return f"{minus}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{minus}0.{'0' * -point}{digits}"
    fraction = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{minus}{digits[0]}{fraction}e{point - 1:+d}"
