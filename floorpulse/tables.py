"""Samples as tables for people: the windows of now first, then the past."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Final

from rich.table import Table
from rich.text import Text

from kpi_state.measures.registry import BY_STEM
from kpi_state.read.sample import Sample

_HEADINGS: Final = ("Who", "Window", "Bucket", "Labels", "Value", "Parts")
_GRAINS: Final = {"rep": "", "team": "team ", "org": "organisation "}


def tables(samples: Sequence[Sample], current: Iterable[Sample]) -> Iterator[Table]:
    """One table a KPI.  samples: all, sorted.  current: those of the windows current now, shown first."""
    now = {_name(sample) for sample in current}
    for stem, group in groupby(samples, attrgetter("kpi")):
        kpi = BY_STEM[stem]
        table = Table(title=f"{kpi.title} · {stem} · {kpi.unit}", title_justify="left", title_style="bold")
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
        " ".join(f"{name}={_grouped(number)}" for name, number in sample.parts.items()),
    )
    for cell in cells:
        yield Text("".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in cell))


def _value(sample: Sample) -> str:
    """The value as people read it: shares in percent, times in days, hours and minutes."""
    value, unit = sample.value, BY_STEM[sample.kpi].unit
    if value is None:
        return "–"
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
