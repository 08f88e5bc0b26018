"""Where a demo is shown: a terminal that is drawn anew, or lines for a pipe or a log."""

import time
from collections.abc import Callable
from types import TracebackType
from typing import Final, Protocol, Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.spinner import Spinner

from floorpulse.demo.board import Frame, drawn, plain
from floorpulse.demo.standings import Standings

LINES_EVERY_SECONDS: Final = 15.0


class Screen(Protocol):
    """What a demo shows; a context, left when the demo ends."""

    def say(self, text: str) -> None:
        """What is being done, until there are numbers."""
        ...

    def show(self, of: Standings, frame: Frame) -> None:
        """The numbers."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Terminal:
    """Draws in place; the last board stays when the demo ends."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live = Live(console=console, refresh_per_second=4, vertical_overflow="crop")
        self._board: RenderableType = ""

    def say(self, text: str) -> None:
        """What is being done, below the numbers if there are any."""
        self._live.update(Group(self._board, Spinner("dots", text)) if self._board else Spinner("dots", text))

    def show(self, of: Standings, frame: Frame) -> None:
        """The numbers, as many reps as there is room for."""
        self._board = drawn(of, frame, self._console.size)
        self._live.update(self._board)

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()


class Lines:
    """Prints what is new: each thing done once, and the numbers now and then."""

    def __init__(self, write: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._write = write
        self._clock = clock
        self._said = ""
        self._next = 0.0

    def say(self, text: str) -> None:
        """What is being done, until there are numbers."""
        if text != self._said:
            self._write(text)
            self._said = text

    def show(self, of: Standings, frame: Frame) -> None:
        """The numbers, not more often than every quarter of a minute."""
        if self._clock() >= self._next:
            self._next = self._clock() + LINES_EVERY_SECONDS
            for line in plain(of, frame):
                self._write(line)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass


def screen_for(console: Console, write: Callable[[str], None]) -> Screen:
    """A terminal where there is one."""
    return Terminal(console) if console.is_terminal else Lines(write)
