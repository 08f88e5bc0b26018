"""The numbers of one KPI on a page: a column for each of its metrics, kept as what stands there of each rep or team.

What is written of a rep is written anew as a whole when one of its numbers changed: no line is kept by itself, and
however often a number changes between two pages it is written once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from exporters.exposition import Family
from exporters.metrics import family, part_figure, value_figure
from exporters.numbers import Number
from kpi_state.buckets import Amounts
from kpi_state.kpis.kpi import Kpi
from kpi_state.read.sample import decimal, in_millionths, quotient, shown

Members = Sequence[tuple[str, Amounts]]
"""Labels in braces and amounts of the numbers of one rep or team."""


class Column:
    """The lines of one metric. `sparse`: of some numbers there is none."""

    __slots__ = ("_bodies", "_count", "_joined", "_sparse", "_write", "family")

    def __init__(self, metric: Family, write: Callable[[Members], str], *, sparse: bool = False) -> None:
        self.family, self._write, self._sparse = metric, write, sparse
        self._bodies: dict[str, bytes] = {}
        self._joined: bytes | None = None
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def write(self, blocks: Iterable[tuple[str, Members]], numbers: int) -> None:
        """Write the lines of these reps or teams anew; `numbers` is how many all of them have."""
        write, bodies = self._write, self._bodies
        self._joined = None
        if self._sparse:
            for whose, members in blocks:
                body = write(members).encode()
                self._count += body.count(b"\n") - bodies.get(whose, b"").count(b"\n")
                bodies[whose] = body
            return
        self._count = numbers
        for whose, members in blocks:
            bodies[whose] = write(members).encode()

    def forget(self, gone: Iterable[str]) -> None:
        """Reps or teams that have no number any more."""
        for whose in gone:
            del self._bodies[whose]

    def rest(self) -> None:
        """Nothing changed between two pages: keep all lines in one piece as long as that stays so."""
        if self._joined is None:
            self._joined = b"".join(self._bodies.values())

    def bodies(self) -> Collection[bytes]:
        """All lines, those of one together."""
        return self._bodies.values() if self._joined is None else (self._joined,)


class Sheet:
    """Numbers of a KPI and grain with parts of these names."""

    def __init__(self, kpi: Kpi, grain: str, names: tuple[str, ...]) -> None:
        self._columns: list[Column] = []
        if (value := value_figure(kpi, names)) is not None:
            metric = family(kpi, grain, value)
            self._columns.append(Column(metric, _value(metric.name, kpi, names, value.factor), sparse=True))
        for n, part in enumerate(names):
            figure = part_figure(part)
            metric = family(kpi, grain, figure)
            self._columns.append(Column(metric, _part(metric.name, n, part, figure.factor)))
        self._blocks: dict[str, dict[Number, str]] = {}
        """Whose → its numbers → their labels in braces."""
        self._dirty: dict[str, None] = {}
        self._size = 0
        """Numbers of all of them."""

    def put(self, number: Number, labels: str) -> None:
        """Have a number, or other labels of it."""
        whose = number.key
        block = self._blocks.setdefault(whose, {})
        self._size += number not in block
        block[number] = labels
        self._dirty[whose] = None

    def change(self, number: Number) -> None:
        """A number that it has is another."""
        self._dirty[number.key] = None

    def drop(self, number: Number) -> None:
        """Have a number no more."""
        whose = number.key
        block = self._blocks[whose]
        del block[number]
        self._size -= 1
        if not block:
            del self._blocks[whose]
        self._dirty[whose] = None

    def columns(self) -> Sequence[Column]:
        """A column for each metric, as the numbers are now."""
        if not self._dirty:
            for column in self._columns:
                column.rest()
            return self._columns
        blocks = [
            (whose, [(labels, number.amounts or ()) for number, labels in self._blocks.get(whose, {}).items()])
            for whose in self._dirty
        ]
        gone = [whose for whose, members in blocks if not members]
        for column in self._columns:
            column.write(blocks, self._size)
            column.forget(gone)
        self._dirty.clear()
        return self._columns


def _part(name: str, n: int, part: str, factor: int) -> Callable[[Members], str]:
    """Writes a part."""

    def plain(members: Members) -> str:
        return "".join([f"{name}{labels} {amounts[n]}\n" for labels, amounts in members])

    def millionths(members: Members) -> str:
        return "".join([f"{name}{labels} {decimal(amounts[n])}\n" for labels, amounts in members])

    def times(members: Members) -> str:
        return "".join([f"{name}{labels} {shown(part, amounts[n]) * factor!r}\n" for labels, amounts in members])

    return times if factor != 1 else millionths if in_millionths(part) else plain


def _value(name: str, kpi: Kpi, names: tuple[str, ...], factor: int) -> Callable[[Members], str]:
    """Writes the value; nothing where nothing divides."""

    def write(members: Members) -> str:
        lines: list[str] = []
        for labels, amounts in members:
            numerator, denominator = kpi.value(dict(zip(names, amounts, strict=False)))
            if denominator:
                lines.append(f"{name}{labels} {quotient(numerator, denominator) * factor!r}\n")
        return "".join(lines)

    return write
