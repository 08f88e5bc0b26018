"""A mapping that knows when each of its entries last changed, so that who looks again looks at what is new alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeVar

GONE: Final = 1_000
"""So many keys that are gone may be remembered, and as many more as there are entries."""

Key = TypeVar("Key")
Value = TypeVar("Value")


class Versioned(Mapping[Key, Value]):
    """Entries, each with the version it changed at. Versions only grow.

    What is gone is remembered for a while, not for ever: whoever looked last before `forgotten` begins anew.
    """

    def __init__(self) -> None:
        self._entries: dict[Key, Value] = {}
        self._changed_at: dict[Key, int] = {}
        """Key → version, what changed last at the end; what is gone, too, unless it is forgotten."""
        self.forgotten = 0
        """Version up to which what is gone may be missing in `changed_since`."""
        self._swept_at = 0
        self.latest = 0
        """The version of the last change."""

    def __getitem__(self, key: Key) -> Value:
        return self._entries[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, key: object) -> bool:
        return key in self._entries

    def get(self, key: Key, default: Any = None) -> Any:
        """The entry; looked up more often than anything else."""
        return self._entries.get(key, default)

    def put(self, key: Key, value: Value, version: int) -> None:
        """Set an entry, which is a change also where the value is equal: exact numbers may differ in a last digit."""
        self._entries[key] = value
        self._stamp(key, version)

    def drop(self, key: Key, version: int) -> None:
        """Remove an entry, if it is there."""
        if self._entries.pop(key, None) is not None:
            self._stamp(key, version)
            if len(self._changed_at) > 2 * len(self._entries) + GONE and version > self._swept_at:
                self._forget(version)

    def replace(self, entries: Mapping[Key, Value], version: int) -> None:
        """Have these and no others; equal ones have not changed."""
        for key in self._entries.keys() - entries.keys():
            self.drop(key, version)
        for key, value in entries.items():
            if self._entries.get(key) != value:
                self.put(key, value, version)

    def changed_since(self, version: int) -> list[Key]:
        """What is new, another or gone after a version, the latest first; all after version 0. Costs their number.

        What is gone is said to those alone who looked since `forgotten`.
        """
        found: list[Key] = []
        for key, changed_at in reversed(self._changed_at.items()):
            if changed_at <= version:
                break
            found.append(key)
        return found

    def _forget(self, version: int) -> None:
        """Forget the longer gone half of what went before a version: whoever looks now and then misses nothing."""
        self._swept_at = version
        gone = [key for key, at in self._changed_at.items() if at < version and key not in self._entries]
        for key in gone[: len(gone) // 2]:
            self.forgotten = self._changed_at.pop(key)

    def _stamp(self, key: Key, version: int) -> None:
        self._changed_at.pop(key, None)
        self._changed_at[key] = self.latest = version
