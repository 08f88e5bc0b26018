"""Why an event is refused, in words a person can act on: which field, what was expected, what came."""

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final, NoReturn

import msgspec

from kpi_state.catalogue import CHOICES, EVENT_TYPES, SHAPE_OF, Shape
from kpi_state.statements import LARGEST

_GOT_LENGTH: Final = 40
_NAMED: Final = "a text that is not empty"

EXPECTED: Final[Mapping[Shape, str]] = {
    "text": "a text",
    "texts": "a list of texts",
    "flag": "true or false",
    "time": "a time with offset such as 2026-01-31T09:00:00Z",
    "day": "a date such as 2026-01-31",
    "whole": f"a whole number from -{LARGEST} to {LARGEST}",
    "small": f"a whole number from -{2**31} to {2**31 - 1}",
    "number": "a number",
    "shares": "an object {rep: share} of numbers",
    "ids": "an object {system: id} of texts",
    "choice": "one of",
}
"""What a field must be, by the shape of its value; null is always allowed."""

_ENVELOPE: Final[Mapping[str, str]] = {
    "id": _NAMED,
    "source": _NAMED,
    "subject": _NAMED,
    "type": "one of " + ", ".join(each.name for each in EVENT_TYPES),
    "time": EXPECTED["time"],
    "recordedtime": EXPECTED["time"],
    "sequence": "a text",
    "specversion": '"1.0"',
    "datacontenttype": "a text",
    "dataschema": "a text",
    "data": "an object of facts",
    "data_base64": "facts as JSON in data",
}

_KIND_OF: Final = {each.name: each.kind for each in EVENT_TYPES}
_PATH: Final = re.compile(r" - at `\$\.(\w+)(?:\.(\w+))?(.*)`$")
_MISSING: Final = re.compile(r"Object missing required field `(\w+)`")
_BYTE: Final = re.compile(r"\(byte (\d+)\)$")


class ContractError(ValueError):
    """An event breaks the contract.

    field: path such as `data.started_at`, or `event` for the whole.  expected: what would have been right.
    got: what came, cut to some 40 characters; it may be personal data, so logs take `reason`.
    """

    def __init__(self, field: str, expected: str, got: str) -> None:
        super().__init__(field, expected, got)
        self.field = field
        self.expected = expected
        self.got = got

    @property
    def reason(self) -> str:
        """The error without what came: fit for logs."""
        return f"{self.field}: expected {self.expected}"

    def __str__(self) -> str:
        return f"{self.reason}, got {self.got}"


class Digits(str):
    """A JSON number as it was written."""

    __slots__ = ()


def loaded(raw: bytes, pairs: Callable[[list[tuple[str, Any]]], dict[str, Any]] = dict) -> Any:
    """Any JSON value as Python objects, numbers as `Digits`.

    pairs: makes an object of its members (see `once`); without it a later duplicate wins.
    """
    return json.loads(
        raw.decode(), parse_int=Digits, parse_float=Digits, parse_constant=_no_constant, object_pairs_hook=pairs
    )


def once(where: str, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of its members; raises ContractError at a key that occurs twice."""
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise ContractError(where, "each key once in an object", f"{shown(twice)} more than once")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def cut(text: str) -> str:
    """At most some 40 printable characters of `text`."""
    text = text if len(text) <= _GOT_LENGTH else text[: _GOT_LENGTH - 1] + "…"
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)


def shown(value: object) -> str:
    """A JSON value as short printable text."""
    if isinstance(value, dict):
        return "an object" if value else "an empty object"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    if isinstance(value, Digits):
        return cut(value)
    return json.dumps(cut(value) if isinstance(value, str) else value, ensure_ascii=False)


def expectation(kind: str, name: str) -> str:
    """What the fact `name` of an event of `kind` must be."""
    choices = CHOICES.get((kind, name))
    return EXPECTED[SHAPE_OF[kind][name]] if choices is None else "one of " + ", ".join(choices)


def refusal(error: Exception, raw: bytes, kind: str | None = None) -> ContractError:
    """What msgspec said about `raw`, a whole event or, where `kind` is given, the data of one, said for people."""
    where = "event" if kind is None else "data"
    try:
        value = loaded(raw, partial(once, where))
    except ContractError as twice:  # which of the two was refused nobody knows
        return twice
    except (RecursionError, ValueError) as unreadable:
        return _unreadable(where, raw, error, unreadable)
    if not isinstance(error, msgspec.ValidationError):
        return _unreadable(where, raw, error)
    if kind is not None:
        return _in_fact(str(error).replace("`$.", "`$.data."), {"data": value}, kind)
    if not isinstance(value, dict):
        return ContractError("event", "one JSON object", shown(value))
    return _in_fact(str(error), value, _KIND_OF.get(str(value.get("type")), ""))


def _unreadable(where: str, raw: bytes, *errors: Exception) -> ContractError:
    """The error for what is no JSON at `where`; `errors` are what its readers said."""
    if not raw.strip():
        return ContractError(where, "one JSON object", "nothing")
    for error in errors:
        if isinstance(error, RecursionError):
            return ContractError(where, "JSON that is not nested so deeply", "too many brackets")
        if isinstance(error, UnicodeDecodeError):
            return ContractError(where, "JSON in UTF-8", "another encoding")
    byte = _BYTE.search(str(errors[0]))
    return ContractError(where, "one JSON object", f"malformed JSON at byte {byte[1]}" if byte else "malformed JSON")


def _in_fact(message: str, event: dict[str, Any], kind: str) -> ContractError:
    """The error for the place that `message` names in a readable event."""
    path = _PATH.search(message)
    missing = _MISSING.match(message)
    if path is None or path[2] is None:
        field = missing[1] if missing else path[1] if path else "data"
        value = event.get(field)
        return ContractError(field, _ENVELOPE[field], "nothing" if field not in event else shown(value))
    name = path[2]
    field, value = f"data.{name}", event["data"][name]
    if path[3]:
        return _in_element(field, SHAPE_OF[kind][name], value)
    return ContractError(field, expectation(kind, name), shown(value))


def _in_element(field: str, shape: Shape, value: list[Any] | dict[str, Any]) -> ContractError:
    """The error for the first element that is not what a list or an object of this shape holds."""
    places = (
        ((f".{cut(key)}", element) for key, element in value.items())
        if isinstance(value, dict)
        else ((f"[{index}]", element) for index, element in enumerate(value))
    )
    right, expected = (_is_double, "a number below 10^20") if shape == "shares" else (_is_text, "a text")
    place, element = next((found for found in places if not right(found[1])), ("", value))
    return ContractError(field + place, expected, shown(element))


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and not isinstance(value, Digits)


def _is_double(value: Any) -> bool:
    return isinstance(value, Digits) and math.isfinite(float(value))
