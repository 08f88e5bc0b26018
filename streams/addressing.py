"""Where an event belongs: its topic by its type, its key by its subject."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from kpi_state.events import EVENT_TYPES, TOPIC_OF, ContractError, decode
from kpi_state.published import INPUTS
from streams.outbox import Outgoing

MAX_SENT_BYTES: Final = 1_000_000
"""The largest event that is sent: brokers take no larger record unless they are told to."""
UNREADABLE: Final = INPUTS[0]
"""The topic of what says no type that could be read."""

_TOPIC_OF_TYPE: Final[Mapping[str, str]] = {each.name: TOPIC_OF[each.kind] for each in EVENT_TYPES}
_TOPIC_OF_FAMILY: Final[Mapping[str, str]] = {topic.partition(".")[0]: topic for topic in INPUTS}


class Addressed(NamedTuple):
    """A record and the input it goes to, without prefix."""

    topic: str
    record: Outgoing


def addressed(text: bytes, topic: str | None = None) -> Addressed:
    """An event as it is sent, to the topic of its type unless one is named; raises ContractError."""
    text = text.strip()
    event = decode(text)
    return _checked(Addressed(topic or TOPIC_OF[event.kind], Outgoing(event.subject.encode(), text)))


def addressed_unchecked(text: bytes, topic: str | None = None) -> Addressed:
    """Whatever it is as it is sent, with the subject and the type that can be read of it.

    Raises ContractError about what no broker would take.
    """
    text = text.strip()
    said = _object(text)
    subject, kind = said.get("subject"), said.get("type")
    key = subject.encode(errors="replace") if isinstance(subject, str) else None
    if topic is None and isinstance(kind, str):
        topic = _TOPIC_OF_TYPE.get(kind) or _TOPIC_OF_FAMILY.get(kind.partition(".")[0])
    return _checked(Addressed(topic or UNREADABLE, Outgoing(key, text)))


def _object(text: bytes) -> dict[str, Any]:
    """The members of a JSON object; none of what is no such thing."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _checked(found: Addressed) -> Addressed:
    if (size := found.record.size()) > MAX_SENT_BYTES:
        raise ContractError("event", f"at most {MAX_SENT_BYTES} bytes", f"{size} bytes")
    return found
