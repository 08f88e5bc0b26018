"""Replay: the very same core without a broker, over lines of events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from kpi_state.apply import Applier, State
from kpi_state.definitions import ReadSettings
from kpi_state.events import ContractError, decode
from kpi_state.naming import Naming, namings
from kpi_state.read.document import Input, document
from kpi_state.read.samples import Reader, Sample

COMMIT_EVENTS: Final = 20_000
"""Events an Applier takes at once; any number gives the same result, this one bounds the memory of decoded rows."""


def _home(key: str) -> int:  # noqa: ARG001 - everything lives on the one partition
    return 0


@dataclass
class Replay:
    """State after some lines of events, as of an instant (microseconds): later events are counted, not applied.

    named: which ids each source has named.
    """

    as_of: int
    settings: ReadSettings
    state: State = field(default_factory=State)
    read: int = 0
    after_as_of: int = 0
    quarantined: int = 0
    named: set[Naming] = field(default_factory=set)

    def feed(self, lines: Iterable[bytes]) -> None:
        """Apply lines, one event each; empty ones are none, and what breaks the contract is counted as quarantined."""
        applier, waiting = self._applier(), 0
        for line in lines:
            if not line.strip():
                continue
            self.read += 1
            try:
                event = decode(line)
            except ContractError:
                self.quarantined += 1
                continue
            if event.stamp[0] > self.as_of:
                self.after_as_of += 1
                continue
            applier.event(event)
            self.named.update(namings(event))
            waiting += 1
            if waiting == COMMIT_EVENTS:
                applier.finish()
                applier, waiting = self._applier(), 0
        applier.finish()

    def _applier(self) -> Applier:
        return Applier(self.state, self.settings.definitions, _home, 0)

    def reader(self) -> Reader:
        """A reader that has seen all rows."""
        reader = Reader(self.settings)
        for key, value in self.state.roster.items():
            reader.roster(key, value)
        for key, value in self.state.tally.items():
            reader.tally(0, key, value)
        return reader

    def samples(self, *, current: bool = False, supporting: bool = False) -> list[Sample]:
        """What `replay` prints: all buckets that hold something, or only the windows current at `as_of`; the KPIs, or
        the supporting measures too.
        """
        return self.reader().samples(self.as_of, current=current, supporting=supporting)

    def document(self, *, supporting: bool = False) -> bytes:
        """The JSON that `replay` prints."""
        samples = self.samples(supporting=supporting)
        return document(self.as_of, Input(self.read, self.after_as_of, self.quarantined), samples)


def replay(lines: Iterable[bytes], as_of: int, settings: ReadSettings) -> Replay:
    """State after all lines, as of an instant."""
    result = Replay(as_of, settings)
    result.feed(lines)
    return result
