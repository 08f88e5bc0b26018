"""A worker's side of explaining a number: its rows as they stand between commits, looked through beside the loop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeVar

from kpi_state.apply import fingerprint
from kpi_state.explain.asking import Ask, Share, Told
from kpi_state.explain.sought import Sought
from kpi_state.explain.telling import tell
from kpi_state.measures.registry import BY_STEM

if TYPE_CHECKING:
    from streams.app import StreamApp

MOST: Final = 1_000
"""Entities that are named, at most: why each contributes takes a millisecond or so."""
MOST_CELLS: Final = 50_000
"""Cells of a question: an exporter names 20,000 at most, or all those of a single id."""
WAITING: Final = 4
"""Questions that may wait while another is answered: who came after them would hardly be waited for."""
LONGEST: Final = 60.0
"""Seconds that a question may take, whatever it says."""


Found = TypeVar("Found")


class AskedError(Exception):
    """A question that has no answer; the text is one line."""


class OtherFingerprintError(AskedError):
    """The cells were counted with other definitions or another core than the rows here."""


class LaterError(AskedError):
    """There is no answer now, but there may be one later."""


class NotReadyError(LaterError):
    """The partitions change hands."""

    def __init__(self) -> None:
        super().__init__("partitions change hands just now: ask again in a second")


class BusyError(LaterError):
    """Too many others wait for an answer."""

    def __init__(self) -> None:
        super().__init__(f"{WAITING} other questions wait for their turn: ask again in a few seconds")


class LateError(LaterError):
    """Whoever asked does not wait for the answer any more."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"there was no answer within the {seconds:g} s that the question allows: ask again")


class Explainer:
    """Answers for the partitions that the app owns, one question at a time: others and events go on meanwhile.

    A question whose asker left (which cancels `answer`), or whose time is up, is dropped within a few milliseconds.
    """

    def __init__(self, app: StreamApp) -> None:
        self._app = app
        self._own = fingerprint(app.settings.definitions)
        self._one = asyncio.Semaphore(1)
        self._open = 0
        """Questions that are answered or wait for it."""

    async def answer(self, asked: Ask) -> Told:
        """What the owned partitions contribute; raises AskedError."""
        self._check(asked)
        if self._open > WAITING:
            raise BusyError
        began = time.monotonic()
        self._open += 1
        try:
            async with asyncio.timeout(asked.seconds), self._one:
                shares, not_owned = await self._shares(asked)
        except TimeoutError:
            raise LateError(asked.seconds) from None
        finally:
            self._open -= 1
        return Told(self._own, shares, not_owned, round(time.monotonic() - began, 3))

    async def _shares(self, asked: Ask) -> tuple[list[Share], list[int]]:
        """What each partition contributes, and which are not owned.

        Rows are shared, not copied: only the table of one partition is, between two commits of it, in milliseconds.
        """
        sought = await _beside(Sought, asked)
        definitions = self._app.settings.definitions
        shares: list[Share] = []
        not_owned: list[int] = []
        for partition in sorted(set(asked.partitions)):
            if not self._app.ready:  # any more: it may have waited for others
                raise NotReadyError
            shard = self._app.fenced.shards.get(partition)
            if shard is None:
                not_owned.append(partition)
                continue
            if (rest := await shard.at_rest()) is None:
                raise NotReadyError
            shares.append(await _beside(tell, rest[0], definitions, sought, partition, rest[1], dropping=sought))
        return shares, not_owned

    def _check(self, asked: Ask) -> None:
        if asked.fingerprint != self._own:
            text = f"the question is about {asked.fingerprint}, this worker counts with {self._own}"
            raise OtherFingerprintError(f"{text}: use the same floor.toml and version for both")
        measure = BY_STEM.get(asked.measure)
        if measure is None or not measure.contribute:
            raise AskedError(f"nothing contributes to {asked.measure!r}")
        if len(asked.cells) > MOST_CELLS:
            raise AskedError(f"{len(asked.cells)} cells are asked for: expected at most {MOST_CELLS}")
        if not 0 <= asked.most <= MOST:
            raise AskedError(f"most is {asked.most}: expected 0 to {MOST}")
        if not 0 < asked.seconds <= LONGEST:
            raise AskedError(f"seconds is {asked.seconds:g}: expected more than 0, at most {LONGEST:g}")
        if not self._app.ready:
            raise NotReadyError


async def _beside(work: Callable[..., Found], *given: Any, dropping: Sought | None = None) -> Found:
    """What is found beside the loop. If nobody waits for it any more this does, once the search for `dropping` was told
    to end: the next question has the processor for itself.
    """
    working = asyncio.ensure_future(asyncio.to_thread(work, *given))
    try:
        return await asyncio.shield(working)
    except asyncio.CancelledError:
        if dropping is not None:
            dropping.dropped = True
        await asyncio.wait([working])
        raise
