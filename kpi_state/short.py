"""Short forms of what rows are full of: ids of events are mostly UUIDs, words mostly those of the contract, and times
mostly near the time of the event that says them.
"""

from __future__ import annotations

from binascii import unhexlify
from collections.abc import Mapping
from typing import Any, Final

from kpi_state.events import FIELDS, SHAPE_OF, Value

WORDS: Final = (
    "answered", "outbound", "inbound", "no_answer", "busy", "failed", "voicemail", "abandoned",
    "email", "inmail", "message", "meeting", "visit",
    "new", "working", "qualified", "disqualified", "converted", "marketing", "sales", "open", "won", "lost",
    "pending", "accepted", "rejected", "upsell", "cross_sell", "renewal",
)  # fmt: skip
"""The words that fields of the shape `choice` hold: a row keeps their number here, so new ones are added at the end."""

_NUMBERS: Final[Mapping[Any, int]] = {word: number for number, word in enumerate(WORDS)}
_UUID_LENGTH: Final = 36
_UUID_DIGITS: Final = 32

WORD, TIME = 1, 2
FORMS: Final[Mapping[str, tuple[tuple[str, int], ...]]] = {
    kind: tuple((name, {"choice": WORD, "time": TIME}.get(SHAPE_OF[kind][name], 0)) for name in names)
    for kind, names in FIELDS.items()
}
"""kind -> by the number of a field: (its name, how its values are shortened: WORD, TIME or 0 for not at all)."""


def short_id(text: str) -> str | bytes:
    """The 16 bytes of a UUID in its usual spelling, any other id as it is."""
    if len(text) == _UUID_LENGTH and text[8] == text[13] == text[18] == text[23] == "-":
        digits = text.replace("-", "")
        if len(digits) == _UUID_DIGITS and digits.islower():
            try:
                return unhexlify(digits)
            except ValueError:
                return text
    return text


def long_id(short: str | bytes) -> str:
    """The inverse of `short_id`."""
    if isinstance(short, str):
        return short
    digits = short.hex()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def short_value(how: int, time: int, value: Any) -> Any:
    """A value in short form, said by an event of this time in microseconds; `how` is WORD or TIME."""
    if value is None:
        return None
    return value - time if how == TIME else _NUMBERS.get(value, value)


def long_value(how: int, time: int, short: Any) -> Value:
    """The inverse of `short_value`."""
    if short is None:
        return None
    value: Value = time + short if how == TIME else WORDS[short] if isinstance(short, int) else short
    return value
