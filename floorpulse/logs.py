"""Logs of long-running commands: one line per happening on standard error, as `key=value`; no personal data, no
secrets.
"""

from __future__ import annotations

import logging
import math
import sys
import time
from collections.abc import Callable
from typing import Any, Final, TextIO

import structlog
from structlog.typing import EventDict, Processor

from streams.errors import place_of

LIBRARIES: Final = ("faust", "mode", "aiokafka", "aiohttp", "asyncio")
"""Only their warnings are worth a line."""
CHATTER: Final = (
    "aiokafka.consumer.group_coordinator",  # calls every rebalance and every coordinator that is not up yet an error
    "aiokafka.conn",
    "aiokafka.cluster",
    "mode.timers",
)
SELDOM_SECONDS: Final = 30.0


def configure(stream: TextIO | None = None) -> None:
    """Send structlog's and the libraries' logs as lines to `stream`, by default standard error."""
    out = stream or sys.stderr
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        _place_instead_of_traceback,
    ]
    renderer = structlog.processors.LogfmtRenderer(key_order=["at", "level", "event"], bool_as_flag=False)
    structlog.configure(
        processors=[*shared, _one_line, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=out),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _one_line, renderer],
        )
    )
    handler.addFilter(Seldom())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in LIBRARIES:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in CHATTER:
        logging.getLogger(name).setLevel(logging.CRITICAL)


class Seldom(logging.Filter):
    """Lets the same message of a library through once in a while: a broker that is away is one happening, not ten a
    second.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._monotonic = monotonic
        self._said: dict[tuple[str, str], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is said."""
        if not record.name.startswith(LIBRARIES):
            return True
        now, message = self._monotonic(), (record.name, str(record.msg))
        if now - self._said.get(message, -math.inf) < SELDOM_SECONDS:
            return False
        self._said[message] = now
        return True


def _place_instead_of_traceback(_logger: Any, _name: str, event: EventDict) -> EventDict:
    """An exception as its type and place: its text may quote an event, its traceback takes many lines."""
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["where"] = place_of(error)
    event.pop("stack_info", None)
    return event


def _one_line(_logger: Any, _name: str, event: EventDict) -> EventDict:
    """No value breaks the line, and the renderer gets text where it would refuse."""
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = " ".join(value.split())
        elif not isinstance(value, bool | int | float | None):
            event[name] = str(value)
    return event
