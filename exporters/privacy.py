"""What a page says of people, by `[privacy] rep_labels`.

names       ids, and their names in `sales_rep_info`
ids         ids; no names
pseudonyms  a keyed hash in place of an id, the same on every page with the same key; no names
none        nothing about single reps
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

from kpi_state.definitions import RepLabels

NOBODY: Final = frozenset({"unassigned", "unmapped"})
"""Keys that stand for no person, shown as they are."""
PSEUDONYM_DIGITS: Final = 16
"""Hexadecimal: two of 10,000 reps get the same with a chance of one in 300 thousand million."""


class Disguise:
    """Turns rep ids into what may be shown. `key` is for pseudonyms; bytes nobody outside knows."""

    def __init__(self, mode: RepLabels, key: bytes = b"") -> None:
        if mode == "pseudonyms" and not key:
            raise ValueError("pseudonyms without a key can be undone by hashing every id")
        self._mode, self._key = mode, key

    @property
    def shows_reps(self) -> bool:
        """Whether single reps are shown at all."""
        return self._mode != "none"

    def rep(self, rep: str) -> str:
        """The id to show in place of `rep`."""
        if self._mode != "pseudonyms" or rep in NOBODY:
            return rep
        return hmac.new(self._key, rep.encode(), hashlib.sha256).hexdigest()[:PSEUDONYM_DIGITS]

    def name(self, name: str) -> str:
        """The name to show; empty when names are not."""
        return name if self._mode == "names" else ""
