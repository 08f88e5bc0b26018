"""A worker's side of explaining a number: its rows as they stand between commits, looked through beside the loop."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Final

from kpi_state.apply import fingerprint
from kpi_state.explain.asking import Ask, Told
from kpi_state.explain.telling import tell
from kpi_state.measures.registry import BY_STEM

if TYPE_CHECKING:
    from streams.app import StreamApp

MOST: Final = 1_000
"""Entities that are named a partition, at most: why each contributes takes a millisecond or so."""


class AskedError(Exception):
    """A question that has no answer; the text is one line."""


class OtherFingerprintError(AskedError):
    """The cells were counted with other definitions or another core than the rows here."""


class NotReadyError(AskedError):
    """The partitions change hands."""

    def __init__(self) -> None:
        super().__init__("partitions change hands just now: ask again in a second")


class Explainer:
    """Answers for the partitions that the app owns, one question at a time: others and events go on meanwhile."""

    def __init__(self, app: StreamApp) -> None:
        self._app = app
        self._own = fingerprint(app.settings.definitions)
        self._one = asyncio.Semaphore(1)

    async def answer(self, asked: Ask) -> Told:
        """What the owned partitions contribute; raises AskedError.

        Rows are shared, not copied: only the table of one partition is, between two commits of it, in milliseconds.
        """
        self._check(asked)
        began, shares, not_owned = time.monotonic(), [], []
        async with self._one:
            for partition in sorted(set(asked.partitions)):
                if not self._app.ready:  # any more: it may have waited for others
                    raise NotReadyError
                shard = self._app.fenced.shards.get(partition)
                if shard is None:
                    not_owned.append(partition)
                    continue
                if (rest := await shard.at_rest()) is None:
                    raise NotReadyError
                rows, position = rest
                definitions = self._app.settings.definitions
                shares.append(await asyncio.to_thread(tell, rows, definitions, asked, partition, position))
        return Told(self._own, shares, not_owned, round(time.monotonic() - began, 3))

    def _check(self, asked: Ask) -> None:
        if asked.fingerprint != self._own:
            text = f"the question is about {asked.fingerprint}, this worker counts with {self._own}"
            raise OtherFingerprintError(f"{text}: use the same floor.toml and version for both")
        measure = BY_STEM.get(asked.measure)
        if measure is None or not measure.contribute:
            raise AskedError(f"nothing contributes to {asked.measure!r}")
        if not 0 <= asked.most <= MOST:
            raise AskedError(f"most is {asked.most}: expected 0 to {MOST}")
        if not self._app.ready:
            raise NotReadyError
