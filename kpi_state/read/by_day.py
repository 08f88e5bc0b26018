"""Where the published rows of a measure and a UTC day are: asking for one number need not go through all rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kpi_state.published import Group

Place = tuple[int, bytes]
"""(partition, key) of a row."""


class ByDay:
    """Places of rows, by measure and UTC day of their quarter hours (days since 1970); what has no quarter hours stands
    apart. It only grows: a place may be given of a row that is gone.
    """

    def __init__(self) -> None:
        self._places: dict[str, dict[int | None, list[Place]]] = {}

    def enter(self, place: Place, group: Group) -> None:
        """Note where a row is; again does no harm."""
        measure, _, tag, number, _ = group
        self._places.setdefault(measure, {}).setdefault(number if tag == "Q" else None, []).append(place)

    def near(self, measure: str, on: Callable[[int], bool]) -> Iterator[Place]:
        """The places of a measure on days that `on` says, and those that are on none; each once."""
        days = self._places.get(measure, {})
        for day, places in days.items():
            if day is None or on(day):
                once = dict.fromkeys(places)
                if len(once) < len(places):  # rows that went and came back
                    places[:] = once
                yield from places
