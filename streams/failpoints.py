"""Named points between the steps of a commit where tests end the process: what `kill -9` hits only by luck."""

from __future__ import annotations

import os
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from streams.errors import StreamError

VARIABLE: Final = "FLOORPULSE_FAILPOINTS"
EXIT_CODE: Final = 9
POINTS: Final = (
    "after_fence",  # former owners can no longer commit, the tables are still old
    "after_follow",  # the tables are new, the consumer still stands where it stood
    "after_announce",  # the new owner is published, nothing else is done
    "before_begin",  # a batch is applied in memory only
    "after_begin",  # the transaction is open and empty
    "mid_write",  # links and quarantine are written, the tables are not
    "after_write",  # everything is written and uncommitted
    "after_commit",  # committed, nothing acknowledged
    "before_ack",  # the positions in memory moved on, nothing acknowledged
)


@dataclass(frozen=True, slots=True)
class Failpoints:
    """Probability of ending the process at each point; empty, as by default, means never."""

    chances: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str) -> Failpoints:
        """From "after_write=0.01,after_commit=1"; raises StreamError."""
        chances: dict[str, float] = {}
        for part in filter(None, (part.strip() for part in text.split(","))):
            name, _, chance = part.partition("=")
            if name not in POINTS:
                raise StreamError(f"{VARIABLE}: unknown failpoint {name!r}; allowed: {', '.join(POINTS)}")
            try:
                chances[name] = float(chance)
            except ValueError:
                raise StreamError(f"{VARIABLE}: {name} needs a probability from 0 to 1, got {chance!r}") from None
        return cls(chances)

    def reach(self, point: str) -> None:
        """Maybe end the process, without any farewell."""
        if self.chances and random.random() < self.chances.get(point, 0.0):  # noqa: S311  # no secret
            os._exit(EXIT_CODE)
