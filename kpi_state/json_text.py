"""Values as JSON text: numbers with all their digits, however large, which encoders of JSON cut or refuse."""

from __future__ import annotations

from typing import Any, Final

import msgspec

_text: Final = msgspec.json.Encoder().encode


def json_text(value: Any) -> str:
    """A struct, dict, list, tuple, text, number, truth or None; a number as Python shows it."""
    if isinstance(value, msgspec.Struct):
        value = msgspec.structs.asdict(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json_text(name)}: {json_text(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(json_text, value)) + "]"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return repr(value)
    return _text(value).decode()
