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
        if isinstance(several := _bare(fields[name]), inspect.VarTupleType):
            given[name] = (*given.get(name, ()), _value(name, text, several.item_type))
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
def _fields(form: type[msgspec.Struct]) -> dict[str, inspect.Type]:
    return {field.encode_name: field.type for field in _info(form).fields}


def _required(form: type[msgspec.Struct], name: str) -> bool:
    return any(field.encode_name == name and field.required for field in _info(form).fields)


def _bare(kind: inspect.Type) -> inspect.Type:
    """The type without what is said beside it, or of its being left out."""
    if isinstance(kind, inspect.Metadata):
        return _bare(kind.type)
    if isinstance(kind, inspect.UnionType):
        return _bare(kind.types[0])
    return kind


def _value(name: str, text: str, kind: inspect.Type) -> str | int:
    bare = _bare(kind)
    if isinstance(bare, inspect.IntType):
        if not re.fullmatch(r"[0-9]{1,9}", text) or not (bare.ge or 0) <= int(text) <= (bare.le or 0):
            raise _wrong(name, text, kind)
        return int(text)
    if isinstance(bare, inspect.LiteralType) and text not in bare.values:
        raise _wrong(name, text, kind)
    if isinstance(bare, inspect.StrType) and bare.pattern and not re.search(bare.pattern, text):
        raise _wrong(name, text, kind)
    return text


def _wrong(name: str, text: str, kind: inspect.Type) -> RefusedError:
    return RefusedError(400, f"{name} is {text!r}: expected {_expected(kind)}")


def _expected(kind: inspect.Type) -> str:
    """In words: those of the field (`Meta(extra={"expected": …})`), else what its type says."""
    if isinstance(kind, inspect.UnionType):
        return _expected(kind.types[0])
    if isinstance(kind, inspect.Metadata):
        return str((kind.extra or {}).get("expected") or _expected(kind.type))
    if isinstance(kind, inspect.IntType):
        return f"a whole number from {kind.ge} to {kind.le}"
    if isinstance(kind, inspect.LiteralType):
        names = [str(value) for value in kind.values]
        return " or ".join(names) if len(names) < 3 else f"one of {', '.join(names)}"
    return "text"
