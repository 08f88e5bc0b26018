"""The programs that a demo consists of: started together, watched, ended together."""

import asyncio
import os
import signal
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections import deque
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Final, Self

from floorpulse.demo.tether import tethered

GRACE_SECONDS: Final = 8.0
"""How long a program may take to end when asked."""
KEPT_LINES: Final = 40


class Part:
    """One program and the last lines it printed, kept in memory: a demo writes no files."""

    def __init__(self, name: str, process: Process) -> None:
        self.name = name
        self.process = process
        self.last_lines: deque[str] = deque(maxlen=KEPT_LINES)
        self.ended = asyncio.ensure_future(self._read())

    async def _read(self) -> int:
        output = self.process.stdout
        assert output is not None
        while line := await output.readline():
            self.last_lines.append(line.decode(errors="replace").rstrip())
        return await self.process.wait()

    def send(self, number: signal.Signals) -> None:
        """Signal the program, if it still runs."""
        if self.process.returncode is None:
            self.process.send_signal(number)


class Parts:
    """All programs of a demo; leaving the context ends them, the last started first to be told."""

    def __init__(self, grace_seconds: float = GRACE_SECONDS) -> None:
        self._grace_seconds = grace_seconds
        self._parts: list[Part] = []

    async def start(self, name: str, command: Sequence[str], environ: Mapping[str, str]) -> Part:
        """Start a program that dies with this process; a Ctrl-C of the terminal does not reach it."""
        process = await asyncio.create_subprocess_exec(
            *tethered(command),
            env={**os.environ, **environ},
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=STDOUT,
            start_new_session=True,
            limit=2**20,
        )
        part = Part(name, process)
        self._parts.append(part)
        return part

    async def first_to_end(self) -> Part:
        """Wait until any program has ended, which none should do by itself."""
        await asyncio.wait([part.ended for part in self._parts], return_when=asyncio.FIRST_COMPLETED)
        return next(part for part in self._parts if part.ended.done())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for part in reversed(self._parts):
            part.send(signal.SIGTERM)
        endings = [part.ended for part in self._parts]
        if endings:
            await asyncio.wait(endings, timeout=self._grace_seconds)
        for part in self._parts:
            part.send(signal.SIGKILL)
        await asyncio.gather(*endings)
