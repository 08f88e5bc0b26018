"""Which published rows are about certain ids, told from their keys without decoding each: a roster moves few people."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import TypeVar

from kpi_state.published import decode_group

Row = TypeVar("Row", bound=tuple[int, bytes])
"""(partition, key)."""


def rows_of(rows: Iterable[Row], ids: Collection[str]) -> Iterator[Row]:
    """The rows of these ids as sent; an e-mail address may be sent in any case and is in lower case in `ids`."""
    for row in rows:
        raw = id_in(row[1])
        if raw in ids or raw.lower() in ids:
            yield row


def id_in(key: bytes) -> str:
    """The id in a key: the second text of a JSON array, which only has to be decoded where something is escaped."""
    return decode_group(key)[1] if b"\\" in key else key.split(b'"', 4)[3].decode()
