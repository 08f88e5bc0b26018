"""From the text of a query to a struct: every parameter is known, comes once unless several may, and is what it may be.

A field is a `str`, a `Literal` of texts, an `int` with bounds or a tuple of `str`; `| UnsetType` if it may be left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeVar

import msgspec
from msgspec import inspect

from exporters.api.endpoint import RefusedError

Asked = TypeVar("Asked", bound=msgspec.Struct)


def parsed(query: Sequence[tuple[str, str]], path: dict[str, str], form: type[Asked]) -> Asked:
    """The parameters of a query and of a path; raises RefusedError (400), one line with what is allowed."""
    fields = _fields(form)
    known = [name for name in fields if name not in path]
    given: dict[str, Any] = {}
    for name, text in query:
        if name not in known:
            there = f"there is {' and '.join(known)}" if known else "there are none here"
            raise RefusedError(400, f"unknown parameter {name!r}: {there}")
        if _several(fields[name]):
            given[name] = (*given.get(name, ()), _text(name, text, fields[name].item_type))
        elif name in given:
            raise RefusedError(400, f"parameter {name!r} is given more than once")
        else:
            given[name] = _value(name, text, fields[name])
    missing = [name for name in known if _required(form, name) and name not in given]
    if missing:
        raise RefusedError(400, f"parameter {missing[0]!r} is missing: expected {_expected(fields[missing[0]])}")
    return form(**path, **given)


@lru_cache(1 << 6)
def _info(form: type[msgspec.Struct]) -> inspect.StructType:
    info = inspect.type_info(form)
    assert isinstance(info, inspect.StructType)
    return info


@lru_cache(1 << 6)
def _fields(form: type[msgspec.Struct]) -> dict[str, Any]:
    return {field.encode_name: _bare(field.type) for field in _info(form).fields}


def _required(form: type[msgspec.Struct], name: str) -> bool:
    return any(field.encode_name == name and field.required for field in _info(form).fields)


def _bare(kind: inspect.Type) -> inspect.Type:
    """The type without what is said beside it, or of its being left out."""
    if isinstance(kind, inspect.Metadata):
        return _bare(kind.type)
    if isinstance(kind, inspect.UnionType):
        return _bare(kind.types[0])
    return kind


def _several(kind: inspect.Type) -> bool:
    return isinstance(kind, inspect.VarTupleType)


def _value(name: str, text: str, kind: inspect.Type) -> str | int:
    if isinstance(kind, inspect.IntType):
        low, high = kind.ge or 0, kind.le or 0
        if re.fullmatch(r"[0-9]{1,9}", text) and low <= int(text) <= high:
            return int(text)
        raise _wrong(name, text, kind)
    return _text(name, text, kind)


def _text(name: str, text: str, kind: inspect.Type) -> str:
    kind = _bare(kind)
    if isinstance(kind, inspect.LiteralType) and text not in kind.values:
        raise _wrong(name, text, kind)
    if isinstance(kind, inspect.StrType) and kind.pattern and not re.search(kind.pattern, text):
        raise _wrong(name, text, kind)
    return text


def _wrong(name: str, text: str, kind: inspect.Type) -> RefusedError:
    return RefusedError(400, f"{name} is {text!r}: expected {_expected(kind)}")


def _expected(kind: inspect.Type) -> str:
    kind = _bare(kind)
    if isinstance(kind, inspect.IntType):
        return f"a whole number from {kind.ge} to {kind.le}"
    if isinstance(kind, inspect.LiteralType):
        return (
            " or ".join(map(str, kind.values)) if len(kind.values) < 3 else f"one of {', '.join(map(str, kind.values))}"
        )
    return f"text like {kind.pattern}" if isinstance(kind, inspect.StrType) and kind.pattern else "text"
