"""Lines of one metric, encoded one by one and joined when somebody wants them."""

from __future__ import annotations

from collections.abc import Hashable


class Lines:
    """Lines by what they are about, in the order in which they came."""

    __slots__ = ("_body", "_lines")

    def __init__(self) -> None:
        self._lines: dict[Hashable, bytes] = {}
        self._body: bytes | None = None

    def __len__(self) -> int:
        return len(self._lines)

    def put(self, key: Hashable, line: bytes) -> None:
        """Set a line."""
        self._lines[key] = line
        self._body = None

    def drop(self, key: Hashable) -> None:
        """Remove a line, if it is there."""
        if self._lines.pop(key, None) is not None:
            self._body = None

    def body(self) -> bytes:
        """All of them."""
        if self._body is None:
            self._body = b"".join(self._lines.values())
        return self._body
