"""Where the published rows of a measure and a UTC day are: asking for one number need not go through all rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kpi_state.published import decode_group

Place = tuple[int, bytes]
"""(partition, key) of a row."""


class ByDay:
    """Places of rows, by measure and UTC day of their quarter hours (days since 1970); what has no quarter hours stands
    apart. It only grows: a place may be given of a row that is gone.
    """

    def __init__(self) -> None:
        self._places: dict[tuple[bytes, int | None], list[Place]] = {}
        self._entered: dict[Place, None] = {}
        """What is not among those yet: nobody may ever ask."""

    def enter(self, place: Place) -> None:
        """Note where a row is; again does no harm."""
        self._entered[place] = None

    def near(self, measure: str, on: Callable[[int], bool]) -> Iterator[Place]:
        """The places of a measure on days that `on` says, and those that are on none; each once."""
        for place in self._entered:
            self._places.setdefault(_at(place[1]), []).append(place)
        self._entered.clear()
        name = measure.encode()
        for (of, day), places in self._places.items():
            if of == name and (day is None or on(day)):
                once = dict.fromkeys(places)
                if len(once) < len(places):  # rows that went and came back
                    places[:] = once
                yield from places


def _at(key: bytes) -> tuple[bytes, int | None]:
    """(measure, day) of a row: parts of a JSON array, which only has to be decoded where something is escaped."""
    if b"\\" in key:
        measure, _, tag, number, _ = decode_group(key)
        return measure.encode(), number if tag == "Q" else None
    _, name, _, _, _, kind, rest = key.split(b'"', 6)
    return name, int(rest[1 : rest.index(b",", 1)]) if kind == b"Q" else None
