"""How a worker ends when it may not go on: always before anything is acknowledged."""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from typing import Final, NoReturn

import structlog
from aiokafka.errors import KafkaError

log = structlog.get_logger()

EXIT_REFUSED: Final = 2
"""A person has to do something first; the line before says what."""
EXIT_HALTED: Final = 3
"""Something unexpected happened; starting again is safe and usually all that is needed."""
FRAMES: Final = 4


class StreamError(Exception):
    """A mistake of a person or a broken cluster; the text is one line that names the thing and the remedy."""


def refuse(remedy: str) -> NoReturn:
    """End the process because of what a person has to mend; `remedy` is one line."""
    _end("refused", EXIT_REFUSED, reason=remedy)


def halt(happening: str, error: BaseException, **facts: object) -> NoReturn:
    """End the process because of an unexpected error.

    Nothing uncommitted was acknowledged, so ending is always safe, and after a failed write it is the only safe
    answer. What an error of ours or of Kafka says is logged; what any other says is not, since it may quote an event:
    its type and place are.
    """
    if isinstance(error, StreamError):
        refuse(str(error))
    said = str(error) if isinstance(error, KafkaError | OSError) else ""
    _end(happening, EXIT_HALTED, error=type(error).__name__, said=said, where=place_of(error), **facts)


def place_of(error: BaseException) -> str:
    """Where an error was raised and by which way it came, innermost first."""
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    return " < ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in reversed(frames))


def _end(happening: str, code: int, **facts: object) -> NoReturn:
    log.error(happening, exit_code=code, **facts)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
