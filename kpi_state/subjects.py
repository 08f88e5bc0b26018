"""Subjects that say more than an id: a target's names what is expected of whom, over which window and since when."""

import re
from datetime import date
from typing import Final, Literal

from msgspec import Struct

from kpi_state.refusal import ContractError, shown

_SHAPE: Final = re.compile(r"([a-z][a-z0-9_]*)/(\*|rep:[^/]+|team:[^/]+)/([a-z][a-z0-9_]*)/(\d{4}-\d\d-\d\d)", re.ASCII)
_PERCENT: Final = re.compile(rb"%([0-9A-Fa-f]{2})")
_BAD_PERCENT: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_EXPECTED: Final = "<kpi>/<rep:ID, team:NAME or *>/<window>/<yyyy-mm-dd>, ids percent-encoded"


class TargetSubject(Struct, frozen=True):
    """What the subject of a target says.

    kpi: metric stem or supporting measure.  grain and key: a rep's id, a team's name, or `org` and `*`.
    window: such as `day`.  from_day: ordinal of the first day it holds.
    """

    kpi: str
    grain: Literal["rep", "team", "org"]
    key: str
    window: str
    from_day: int


def parse_target_subject(subject: str) -> TargetSubject:
    """Read `<kpi>/<rep:ID, team:NAME or *>/<window>/<yyyy-mm-dd>`; raises ContractError."""
    parts = _SHAPE.fullmatch(subject)
    if parts is None or _BAD_PERCENT.search(subject):
        raise ContractError("subject", _EXPECTED, shown(subject))
    kpi, whom, window, since = parts.groups()
    try:
        from_day = date.fromisoformat(since).toordinal()
        key = _unquoted(whom.partition(":")[2])
    except ValueError:
        raise ContractError("subject", _EXPECTED, shown(subject)) from None
    if whom == "*":
        return TargetSubject(kpi, "org", "*", window, from_day)
    return TargetSubject(kpi, "rep" if whom.startswith("rep:") else "team", key, window, from_day)


def _unquoted(text: str) -> str:
    """`text` with its percent escapes as UTF-8; raises ValueError where they are none."""
    return _PERCENT.sub(lambda escape: bytes.fromhex(escape[1].decode()), text.encode()).decode()
