"""Where the published rows of a measure and a UTC day are: asking for one number need not go through all rows.

A row that comes or goes costs an entry of a dict, some tens of bytes; its key is only read when somebody asks. What
came since the last question is forgotten at once when it goes, what was there by then at the next one: no more places
are held than there are rows and were at that question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kpi_state.published import decode_group

Place = tuple[int, bytes]
"""(partition, key) of a row."""


class ByDay:
    """Places of rows, by measure and UTC day of their quarter hours (days since 1970); what has no quarter hours stands
    apart.
    """

    def __init__(self) -> None:
        self._places: dict[tuple[bytes, int | None], dict[Place, None]] = {}
        self._entered: dict[Place, None] = {}
        """What is not among those yet: nobody may ever ask."""
        self._left: dict[Place, None] = {}
        """What is still among those."""

    def enter(self, place: Place) -> None:
        """Note where a row is that came."""
        self._entered[place] = None

    def leave(self, place: Place) -> None:
        """Note that a row which was entered is gone."""
        if place in self._entered:
            del self._entered[place]
        else:
            self._left[place] = None

    def near(self, measure: str, on: Callable[[int], bool]) -> Iterator[Place]:
        """The places of a measure on days that `on` says, and those that are on none; each once."""
        self._file()
        name = measure.encode()
        for (of, day), places in self._places.items():
            if of == name and (day is None or on(day)):
                yield from places

    def _file(self) -> None:
        """Put every place where it belongs: first out, then in, as a row may have gone and come back."""
        for place in self._left:
            at = _at(place[1])
            del self._places[at][place]
            if not self._places[at]:
                del self._places[at]
        self._left.clear()
        for place in self._entered:
            self._places.setdefault(_at(place[1]), {})[place] = None
        self._entered.clear()


def _at(key: bytes) -> tuple[bytes, int | None]:
    """(measure, day) of a row: parts of a JSON array, which only has to be decoded where something is escaped."""
    if b"\\" in key:
        measure, _, tag, number, _ = decode_group(key)
        return measure.encode(), number if tag == "Q" else None
    _, name, _, _, _, kind, rest = key.split(b'"', 6)
    return name, int(rest[1 : rest.index(b",", 1)]) if kind == b"Q" else None
