"""Files of events, plain or gzipped, or `-` for standard input: read line by line, with a progress bar for people."""

import gzip
import io
import os
import stat
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from floorpulse.errors import UserError

STDIN: Final = "-"
_GZIP: Final = b"\x1f\x8b"
_LINES_A_LOOK: Final = 2_000
"""Lines between two looks at how far reading has come."""


class Line(NamedTuple):
    """One line.  number: from 1.  text: with its line end."""

    file: str
    number: int
    text: bytes


@contextmanager
def reading(names: Sequence[str], what: str) -> Iterator[Iterator[Line]]:
    """The lines of all files in order; UserError where one cannot be read, said before the first line where possible.

    what: what is being done, for the progress bar, which appears on a terminal only.
    """
    if names.count(STDIN) > 1:
        raise UserError(f"{STDIN}: standard input can be read only once")
    sizes = {name: _size(name) for name in names}
    total = None if None in sizes.values() else sum(sizes[name] or 0 for name in names)
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )
    with bar:
        task = bar.add_task(what, total=total)
        yield _lines(names, sizes, lambda done: bar.update(task, completed=done))


def _size(name: str) -> int | None:
    """Bytes of a file, None where nobody knows; UserError when it cannot be read."""
    if name == STDIN:
        return None
    try:
        about = Path(name).stat()
    except OSError as error:
        raise UserError(_said(name, error)) from None
    if stat.S_ISDIR(about.st_mode):
        raise UserError(f"{name}: is a folder, expected a file of events")
    if not os.access(name, os.R_OK):
        raise UserError(f"{name}: permission denied")
    return about.st_size if stat.S_ISREG(about.st_mode) else None


def _lines(names: Sequence[str], sizes: Mapping[str, int | None], report: Callable[[int], None]) -> Iterator[Line]:
    done = 0
    for name in names:
        size = sizes[name]
        number = 0
        try:
            with _opened(name) as file:
                text = gzip.GzipFile(fileobj=file) if file.peek(2)[:2] == _GZIP else file
                for number, line in enumerate(text, 1):
                    if size is not None and number % _LINES_A_LOOK == 0:
                        report(done + file.tell())
                    yield Line(name, number, line)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            raise UserError(f"{name}: damaged or cut off after line {number}, expected a whole gzip file") from None
        except OSError as error:
            raise UserError(_said(name, error)) from None
        done += size or 0


@contextmanager
def _opened(name: str) -> Iterator[io.BufferedReader]:
    if name == STDIN:
        yield io.BufferedReader(io.FileIO(sys.stdin.fileno(), closefd=False))
    else:
        with Path(name).open("rb") as file:
            yield file


def _said(name: str, error: OSError) -> str:
    return f"{name}: {(error.strerror or str(error)).lower()}"
