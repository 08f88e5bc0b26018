"""YAML of plain values in blocks, so that a person can read what was generated. Source: yaml.org/spec/1.2.2."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

_STEP: Final = "  "
_PLAIN: Final = re.compile(r"[A-Za-z_./][\w./-]*( [\w./-]+)*")
"""Texts that mean themselves without quotes…"""
_SPECIAL: Final = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n", "~", ".nan", ".inf"})
"""…unless they are one of these."""


def blocks(value: Mapping[str, Any]) -> str:
    """The document of a mapping of mappings, lists, texts, numbers, true and false. Texts of many lines are literal."""
    return "".join(f"{line}\n" for line in _lines(value, 0))


def scalar(value: str | float | bool) -> str:
    """One value in a line."""
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _SPECIAL:
        return value
    return json.dumps(value, ensure_ascii=False)  # a text of JSON is one of YAML


def _lines(value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, below in value.items():
            yield from _headed(f"{_STEP * depth}{scalar(key)}:", below, depth)
    else:
        for each in value:
            yield from _item(each, depth)


def _headed(head: str, value: Any, depth: int) -> Iterator[str]:
    """A value after its key, or after the dash of its list."""
    match value:
        case Mapping() | list() | tuple() if not value:
            yield f"{head} {'{}' if isinstance(value, Mapping) else '[]'}"
        case str() if _literal(value):
            yield f"{head} |{'' if value.endswith(chr(10)) else '-'}"
            yield from (f"{_STEP * (depth + 1)}{line}" if line else "" for line in value.rstrip("\n").split("\n"))
        case list() | tuple() if all(isinstance(each, str | int | float) for each in value):
            yield f"{head} [{', '.join(json.dumps(each, ensure_ascii=False) for each in value)}]"
        case Mapping() | list() | tuple():
            yield head
            yield from _lines(value, depth + 1)
        case _:
            yield f"{head} {scalar(value)}"


def _literal(text: str) -> bool:
    """Whether a text is easier to read without quotes, on lines of its own."""
    return ("\n" in text or '"' in text) and not text[0].isspace()


def _item(value: Any, depth: int) -> Iterator[str]:
    """An entry of a list: its first line carries the dash."""
    if isinstance(value, Mapping) and value:
        first, *rest = _lines(value, depth + 1)
        yield f"{_STEP * depth}- {first.lstrip()}"
        yield from rest
    else:
        yield from _headed(f"{_STEP * depth}-", value, depth)
