"""Consumed records, events as bytes, and settings, for the tests of the stream."""

import json
from dataclasses import dataclass
from typing import Any

from streams.settings import StreamSettings

NOON = 1_700_000_000_000
"""A Kafka timestamp in milliseconds: 2023-11-14T22:13:20Z."""


@dataclass(frozen=True)
class Record:
    """What a consumer returns, as far as the stream looks at it."""

    value: bytes | None = b""
    key: bytes | None = None
    topic: str = "crm.events"
    partition: int = 0
    offset: int = 0
    headers: tuple[tuple[str, bytes], ...] = ()
    timestamp: int | None = NOON


def event(
    subject: str, *, kind: str = "crm.lead.v1", number: int = 0, time: str = "2023-11-14T22:00:00Z", **data: Any
) -> bytes:
    """A structured event; `number` makes its id."""
    content = {
        "specversion": "1.0",
        "id": f"e{number}",
        "source": "/crm",
        "type": kind,
        "subject": subject,
        "time": time,
    }
    return json.dumps({**content, "data": data}).encode()


def settings(**changes: Any) -> StreamSettings:
    """Settings of a stream that talks to nobody."""
    return StreamSettings(**{"bootstrap_servers": "nowhere:1", "partitions": 4, "replication": 1, **changes})
