"""Samples as tables for people: the windows of now first, then the past."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Final

from rich.table import Table
from rich.text import Text

from floorpulse.money import money
from kpi_state.measures.registry import BY_STEM
from kpi_state.read.sample import Sample

_HEADINGS: Final = ("Who", "Window", "Bucket", "Labels", "Value", "Parts")
_MINOR: Final = "_minor"
"""What names of parts that are money end with."""
_MONEY: Final = frozenset({"minor units", "amount_minor"})
"""Units of KPIs whose value is money."""
_GRAINS: Final = {"rep": "", "team": "team ", "org": "organisation "}


def tables(samples: Sequence[Sample], current: Iterable[Sample]) -> Iterator[Table]:
    """One table a KPI.  samples: all, sorted.  current: those of the windows current now, shown first."""
    now = {_name(sample) for sample in current}
    for stem, group in groupby(samples, attrgetter("kpi")):
        kpi = BY_STEM[stem]
        unit = "money" if kpi.unit in _MONEY else kpi.unit
        table = Table(title=f"{kpi.title} · {stem} · {unit}", title_justify="left", title_style="bold")
        for heading in _HEADINGS:
            table.add_column(heading, justify="right" if heading == "Value" else "left", overflow="fold")
        past = []
        for sample in group:
            if _name(sample) in now:
                table.add_row(*_cells(sample))
            else:
                past.append(sample)
        table.add_section()
        for sample in past:
            table.add_row(*_cells(sample), style="dim")
        yield table


def _name(sample: Sample) -> tuple[str, ...]:
    labels = (text for label in sample.labels.items() for text in label)
    return (sample.kpi, sample.grain, sample.key, sample.window, sample.bucket, *labels)


def _cells(sample: Sample) -> Iterator[Text]:
    """The cells of a row, as texts that are shown and not obeyed: ids and labels are what somebody typed."""
    cells = (
        _GRAINS[sample.grain] + (sample.key if sample.grain != "org" else ""),
        sample.window,
        sample.bucket,
        " ".join(f"{name}={value}" for name, value in sample.labels.items()),
        _value(sample),
        " ".join(_part(name, number, sample.labels.get("currency", "")) for name, number in sample.parts.items()),
    )
    for cell in cells:
        yield Text("".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in cell))


def _part(name: str, number: float, currency: str) -> str:
    """A part as people read it: money in the currency's major unit."""
    if currency and name.endswith(_MINOR):
        return f"{name.removesuffix(_MINOR)}={money(number, currency)}"
    return f"{name}={_grouped(number)}"


def _value(sample: Sample) -> str:
    """The value as people read it: shares in percent, times in days, hours and minutes, money in major units."""
    value, unit, currency = sample.value, BY_STEM[sample.kpi].unit, sample.labels.get("currency", "")
    if value is None:
        return "–"
    if currency and unit in _MONEY:
        return money(value, currency)
    if unit not in sample.parts and (unit == "seconds" or any(p.endswith("_seconds_sum") for p in sample.parts)):
        return _time(round(value))
    if unit == "ratio":
        return f"{value:.1%}"
    return _grouped(value)


def _grouped(number: float) -> str:
    return f"{number:,}" if isinstance(number, int) else f"{number:,.2f}"


def _time(seconds: int) -> str:
    minutes = seconds // 60
    days, minutes = divmod(minutes, 24 * 60)
    return f"{days} d {minutes // 60} h" if days else f"{minutes // 60} h {minutes % 60} min"
