"""What breaks the contract goes to `kpi.quarantine`, in the transaction that moves past it; the rest goes on.

A quarantined record is the original: its bytes, key, headers and timestamp, plus one header `floorpulse_quarantine`
with JSON: {"topic", "partition", "offset", "field", "expected", "got"}. Without it, it can be sent to its topic again.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from kpi_state.events import ContractError
from streams.outbox import Outgoing, bytes_of
from streams.routing import timestamp_of

HEADER: Final = "floorpulse_quarantine"
MAX_EVENT_BYTES: Final = 2 << 20
"""A larger record cannot be written again, so only its address is quarantined; inputs are kept for ever."""


MAX_SOURCE: Final = 200
"""Characters of a source; a longer one is not told apart."""


class Sourced(msgspec.Struct):
    """Of a record in structured mode, who sent it."""

    source: str


class Address(msgspec.Struct, frozen=True):
    """Where a quarantined record came from and why it is there; `bytes_kept` is False when it was too large to copy."""

    topic: str
    partition: int
    offset: int
    field: str
    expected: str
    got: str
    bytes_kept: bool = True


_sourced = msgspec.json.Decoder(Sourced).decode
_encode = msgspec.json.Encoder().encode


def oversized(record: Any) -> ContractError | None:
    """The error of a record that is too large to be an event."""
    size = bytes_of(record)
    if size <= MAX_EVENT_BYTES:
        return None
    return ContractError("event", f"at most {MAX_EVENT_BYTES} bytes", f"{size} bytes")


def source_of(record: Any) -> str:
    """Who sent a record that is no event, "" where that cannot be read."""
    named = [value for name, value in record.headers if name == "ce_source"]
    try:
        source = (named[0] or b"").decode() if named else _sourced(record.value or b"").source
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ""
    return source if len(source) <= MAX_SOURCE else ""


def quarantined(record: Any, topic: str, partition: int, error: ContractError) -> Outgoing:
    """A record as it is set aside, consumed from this topic, prefix included, and partition."""
    kept = oversized(record) is None
    address = Address(topic, partition, record.offset, error.field, error.expected, error.got, kept)
    why = (HEADER, _encode(address))
    if kept:
        return Outgoing(record.key, record.value, (*record.headers, why), timestamp_of(record))
    return Outgoing(None, b"", (why,), timestamp_of(record))


def read_address(headers: Any) -> Address:
    """The address in the headers of a quarantined record: the last one, should it have been there before."""
    found = [value for name, value in headers if name == HEADER]
    return msgspec.json.decode(found[-1], type=Address)
