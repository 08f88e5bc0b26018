"""The programs that a demo consists of: started together, watched, ended together."""

import asyncio
import re
import signal
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections import deque
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Final, Self

from floorpulse.demo.tether import tethered

GRACE_SECONDS: Final = 3.0
"""How long a program may take to end when asked; what it keeps is worth nothing without the others."""
KEPT_LINES: Final = 40
SHOWN_LINES: Final = 12


class PartEndedError(Exception):
    """A program ended that should not have, or not like this; the text has its last words."""

    def __init__(self, part: "Part", code: int) -> None:
        last = "".join(f"\n  {line}" for line in list(part.last_lines)[-SHOWN_LINES:])
        super().__init__(f"the {part.name} ended with code {code}" + (f"; the last it said:{last}" if last else ""))


class Part:
    """One program and the last lines it printed, kept in memory."""

    def __init__(self, name: str, process: Process) -> None:
        self.name = name
        self.process = process
        self.last_lines: deque[str] = deque(maxlen=KEPT_LINES)
        self._heard = asyncio.Event()
        self.ended = asyncio.ensure_future(self._read())

    async def _read(self) -> int:
        output = self.process.stdout
        assert output is not None
        while line := await output.readline():
            self.last_lines.append(line.decode(errors="replace").rstrip())
            self._heard.set()
        code = await self.process.wait()
        self._heard.set()
        return code

    async def says(self, pattern: str) -> re.Match[str]:
        """Wait for a line that matches; PartEndedError if the program ends without it."""
        while True:
            for line in self.last_lines:
                if match := re.search(pattern, line):
                    return match
            if self.ended.done():
                raise PartEndedError(self, self.ended.result())
            self._heard.clear()
            await self._heard.wait()

    def send(self, number: signal.Signals) -> None:
        """Signal the program, if it still runs."""
        if self.process.returncode is None:
            self.process.send_signal(number)


class Parts:
    """All programs of a demo; leaving the context ends them, the last started first to be told."""

    def __init__(self, environ: Mapping[str, str], grace_seconds: float = GRACE_SECONDS) -> None:
        self._environ = dict(environ)
        self._grace_seconds = grace_seconds
        self._parts: list[Part] = []
        self._endings: asyncio.Queue[tuple[Part, int]] = asyncio.Queue()

    async def start(self, name: str, command: Sequence[str]) -> Part:
        """Start a program that is to run until the context is left."""
        part = await self._spawn(name, command)
        part.ended.add_done_callback(lambda ended: self._endings.put_nowait((part, ended.result())))
        return part

    async def run(self, name: str, command: Sequence[str]) -> None:
        """Run a program to its end; PartEndedError when it fails."""
        part = await self._spawn(name, command)
        if code := await part.ended:
            raise PartEndedError(part, code)

    async def _spawn(self, name: str, command: Sequence[str]) -> Part:
        # Dies with this process. In a session of its own, so that a Ctrl-C of the terminal does not reach it before us.
        process = await asyncio.create_subprocess_exec(
            *tethered(command),
            env=self._environ,
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=STDOUT,
            start_new_session=True,
            limit=2**20,
        )
        part = Part(name, process)
        self._parts.append(part)
        return part

    async def any_end(self) -> PartEndedError:
        """Wait until a program that was to run on has ended, and say which."""
        return PartEndedError(*await self._endings.get())

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
