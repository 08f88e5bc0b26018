"""What a setting may be: a check says in words what it allows, and turns a value into the form the program uses."""

import difflib
import math
import re
import tomllib
import zoneinfo
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Final

from kpi_state.read.zones import zone_named

_ALIKE: Final = 0.7
_HOURS: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]|24):([0-5]\d)", re.ASCII)


def unquoted(given: str) -> Any:
    """A text as it is, or as TOML where it is written like a text of TOML: `"…"`."""
    return _toml(given) if len(given) > 1 and given[0] == given[-1] == '"' else given


def _toml(given: str) -> Any:
    """A value of TOML; what is none stays a text."""
    try:
        return tomllib.loads(f"value = {given}")["value"]
    except tomllib.TOMLDecodeError:
        return given


@dataclass(frozen=True, slots=True)
class Check:
    """What a setting may be.

    allowed: in words, to follow "expected".
    accept: the value in the program's form; raises ValueError, perhaps with a hint.
    from_text: the value that a text in an environment variable or a flag stands for.
    """

    allowed: str
    accept: Callable[[Any], Any]
    from_text: Callable[[str], Any] = unquoted


def suggestion(word: str, known: Iterable[str]) -> str:
    """`did you mean …?` with the most alike of the known words, or nothing."""
    alike = difflib.get_close_matches(word, list(known), 1, _ALIKE)
    return f"did you mean {alike[0]}?" if alike else ""


def whole(low: int, high: int) -> Check:
    """A whole number within bounds."""

    def accept(value: Any) -> int:
        if type(value) is not int or not low <= value <= high:
            raise ValueError
        return value

    def from_text(text: str) -> int | str:
        return int(text) if re.fullmatch(r"-?\d{1,18}", text, re.ASCII) else text

    return Check(f"a whole number from {low} to {high}", accept, from_text)


def number() -> Check:
    """A finite number, not negative."""

    def accept(value: Any) -> float:
        if type(value) not in {int, float} or not math.isfinite(value) or value < 0:
            raise ValueError
        return float(value)

    def from_text(text: str) -> float | str:
        return float(text) if re.fullmatch(r"-?\d+(\.\d+)?([eE][-+]?\d+)?", text, re.ASCII) else text

    return Check("a number of 0 or more", accept, from_text)


def ratio() -> Check:
    """A number from a hundredth to 1."""
    any_number = number()

    def accept(value: Any) -> float:
        found = float(any_number.accept(value))
        if not 0.01 <= found <= 1:
            raise ValueError
        return found

    return Check("a number from 0.01 to 1", accept, any_number.from_text)


def flag() -> Check:
    """Yes or no."""

    def accept(value: Any) -> bool:
        if type(value) is not bool:
            raise ValueError
        return value

    def from_text(text: str) -> bool | str:
        return {"true": True, "false": False}.get(text.lower(), text)

    return Check("true or false", accept, from_text)


def choice(*values: str) -> Check:
    """One of a few words."""

    def accept(value: Any) -> str:
        if value not in values:
            raise ValueError(suggestion(str(value), values))
        return str(value)

    return Check("one of " + ", ".join(values), accept)


def pattern(allowed: str, regex: str) -> Check:
    """A text of one form."""

    def accept(value: Any) -> str:
        if not isinstance(value, str) or not re.fullmatch(regex, value, re.ASCII):
            raise ValueError
        return value

    return Check(allowed, accept)


def text(allowed: str) -> Check:
    """Any text on one line."""
    return pattern(allowed, r"[^\x00-\x1f\x7f]*")


def zone(*, optional: bool = False) -> Check:
    """An IANA time zone, or, where optional, an empty text."""

    def accept(value: Any) -> str:
        if optional and value == "":
            return ""
        if not isinstance(value, str) or zone_named(value) is None:
            raise ValueError(suggestion(str(value), zoneinfo.available_timezones()))
        return value

    return Check("an IANA time zone such as Europe/Amsterdam" + (", or empty" if optional else ""), accept)


def day() -> Check:
    """A date, as text or as a date of TOML."""

    def accept(value: Any) -> str:
        if type(value) is date:
            return value.isoformat()
        if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
            raise ValueError
        return date.fromisoformat(value).isoformat()

    return Check("a date such as 2026-12-24", accept)


def country() -> Check:
    """A country of the `holidays` library, with a part of it after a hyphen where wanted."""

    def accept(value: Any) -> str:
        import holidays  # noqa: PLC0415  # takes a quarter of a second, which only who names a country shall pay

        countries = holidays.list_supported_countries()
        code, _, part = str(value).partition("-")
        if code not in countries:
            raise ValueError(suggestion(str(value).upper(), countries))
        if part and part not in countries[code]:
            raise ValueError(f"parts of {code}: {', '.join(countries[code]) or 'none'}")
        return str(value)

    return Check("a country code such as NL, or DE-BY for a part", accept)


def several(each: Check, what: str, *, some: bool = False) -> Check:
    """A list without repetition; `some`: not empty."""

    def accept(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list) or (some and not value):
            raise ValueError
        accepted = tuple(_element(each, element) for element in value)
        if len(set(accepted)) < len(accepted):
            raise ValueError("one of them is there twice")
        return accepted

    return Check(f"a list of {what}" + (", not empty" if some else ""), accept, _listed)


def _element(each: Check, value: Any) -> Any:
    try:
        return each.accept(value)
    except ValueError as error:
        raise ValueError(f"{value!r} is not {each.allowed}" + (f"; {error}" if str(error) else "")) from None


def _listed(given: str) -> Any:
    """A list from `a,b` or `["a", "b"]`."""
    if given.lstrip().startswith("["):
        return _toml(given)
    return [part.strip() for part in given.split(",") if part.strip()]


def hours() -> Check:
    """Spans of local time, in order and apart."""
    each = pattern("HH:MM-HH:MM", _HOURS.pattern)

    def accept(value: Any) -> tuple[str, ...]:
        spans: tuple[str, ...] = listed.accept(value)
        bounds = [minutes for span in spans for minutes in _minutes(span)]
        for (start, end), span in zip(zip(bounds[::2], bounds[1::2], strict=True), spans, strict=True):
            if start >= end or end > 24 * 60:
                raise ValueError(f"{span} does not end after it starts on the same day")
        if any(earlier > later for earlier, later in pairwise(bounds)):
            raise ValueError("they must be in order and must not overlap")
        return spans

    listed = several(each, "hours such as 09:00-17:30", some=True)
    return Check(listed.allowed, accept, listed.from_text)


def _minutes(span: str) -> tuple[int, int]:
    first, second, third, fourth = (int(part) for part in re.split("[:-]", span))
    return 60 * first + second, 60 * third + fourth
