"""From the settings of a person to those of the stream."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Mapping
from typing import Any, TypeVar

from floorpulse.errors import UserError
from floorpulse.settings import Settings
from streams.errors import StreamError
from streams.failpoints import VARIABLE, Failpoints
from streams.settings import StreamSettings

Result = TypeVar("Result")


def stream_settings(settings: Settings, environ: Mapping[str, str]) -> StreamSettings:
    """What the stream needs to know; raises UserError."""
    try:
        failpoints = Failpoints.parse(environ.get(VARIABLE, ""))
    except StreamError as error:
        raise UserError(str(error)) from None
    return StreamSettings(
        bootstrap_servers=settings.kafka.bootstrap_servers,
        app_id=settings.kafka.app_id,
        topic_prefix=settings.kafka.topic_prefix,
        partitions=settings.kafka.partitions,
        replication=settings.kafka.replication,
        allow_no_transactions=settings.kafka.allow_no_transactions,
        future_seconds=settings.limits.future_seconds,
        late_seconds=settings.limits.late_seconds,
        definitions=settings.definitions,
        failpoints=failpoints,
    )


def carried_out(task: Coroutine[Any, Any, Result]) -> Result:
    """Run a task of the stream; what a person can put right becomes a UserError."""
    try:
        return asyncio.run(task)
    except StreamError as error:
        raise UserError(str(error)) from None


def quietly(task: Coroutine[Any, Any, Result]) -> Result:
    """Like `carried_out`, for commands that say themselves what aiokafka would log."""
    logger = logging.getLogger("aiokafka")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        return carried_out(task)
    finally:
        logger.setLevel(level)
