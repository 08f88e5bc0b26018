"""Lines of one metric, encoded one by one; those of one rep or team are joined again when one of them changed."""

from __future__ import annotations

from collections.abc import Collection, Hashable


class Lines:
    """Lines by whose they are (a rep, a team) and what they are about, in the order in which those came."""

    __slots__ = ("_blocks", "_bodies", "_count", "_dirty")

    def __init__(self) -> None:
        self._blocks: dict[str, dict[Hashable, bytes]] = {}
        self._bodies: dict[str, bytes] = {}
        self._dirty: dict[str, None] = {}
        """Whose lines are not joined as they are."""
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def put(self, whose: str, key: Hashable, line: bytes) -> None:
        """Set a line."""
        block = self._blocks.get(whose)
        if block is None:
            block = self._blocks[whose] = {}
        if key not in block:
            self._count += 1
        block[key] = line
        self._dirty[whose] = None

    def drop(self, whose: str, key: Hashable) -> None:
        """Remove a line, if it is there."""
        block = self._blocks.get(whose, {})
        if block.pop(key, None) is None:
            return
        self._count -= 1
        self._dirty[whose] = None
        if not block:
            del self._blocks[whose]

    def bodies(self) -> Collection[bytes]:
        """All of them, what is of one together."""
        for whose in self._dirty:
            if whose in self._blocks:
                self._bodies[whose] = b"".join(self._blocks[whose].values())
            else:
                self._bodies.pop(whose, None)
        self._dirty.clear()
        return self._bodies.values()
