"""An explanation for people: a table on a terminal, plain lines in a pipe."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from rich.table import Table
from rich.text import Text

from kpi_state.explain.explanation import Credit, Explanation, LeftOut, Line, Parts, Said, Via
from kpi_state.links import parse_slot
from kpi_state.read.document import instant_text

_HOUR_US: Final = 3_600_000_000
_PARTIES: Final = {"n": "number", "c": "contact", "l": "lead", "t": "nobody named, touch"}


class Row(NamedTuple):
    """One row. depth: how far it is indented.  where: who said so, when, and in which line of which file."""

    depth: int
    what: str
    adds: str = ""
    why: str = ""
    where: str = ""


class Section(NamedTuple):
    """Rows under a heading; `more`: what is not shown."""

    heading: str
    rows: list[Row]
    more: str = ""


def head(explanation: Explanation) -> list[str]:
    """The number itself."""
    sample, counts = explanation.sample, explanation.input
    who = "the organisation" if sample.grain == "org" else f"{sample.grain} {sample.key}"
    labels = [f"{name} = {value}" for name, value in sample.labels.items()]
    later, bad = counts["after_as_of"], counts["quarantined"]
    return [
        " · ".join(filter(None, [sample.kpi, who, f"{sample.window} {sample.bucket}".strip(), *labels])),
        f"value {'none' if sample.value is None else repr(sample.value)}: {_parts(sample.parts, always=True)}",
        f"As of {explanation.as_of}: {counts['read']} events read, {later} of them later, {bad} quarantined.",
    ]


def sections(explanation: Explanation, most: int | None) -> Iterator[Section]:
    """Everything else; `most`: how many things a list shows, None: all."""
    entities, left_out = explanation.entities, explanation.left_out
    yield Section(
        f"{_counted(len(entities), 'contribution')} make{'s' * (len(entities) == 1)} it up",
        [row for line in entities[:most] for row in _of_line(line, most)],
        _more(len(entities), most),
    )
    known = [credit for credit in explanation.credits if credit.decided_by]
    if known:
        yield Section(
            "Who is meant", [row for credit in known[:most] for row in _of_credit(credit)], _more(len(known), most)
        )
    unlisted = [f"{reason}: {count} more are not listed" for reason, count in explanation.not_listed.items()]
    if left_out or unlisted:
        yield Section(
            f"{len(left_out)} left out",
            [row for each in left_out[:most] for row in _of_left_out(each)],
            "\n".join(filter(None, [_more(len(left_out), most), *unlisted])),
        )


def plain(explanation: Explanation, most: int | None) -> Iterator[str]:
    """Lines for a pipe."""
    yield from map(_clean, head(explanation))
    for section in sections(explanation, most):
        yield ""
        yield section.heading
        for row in section.rows:
            cells = [row.what, row.adds, row.why, row.where]
            yield "  " * (row.depth + 1) + _clean("  ".join(filter(None, cells)))
        yield from (f"  {_clean(line)}" for line in section.more.splitlines())


def tables(explanation: Explanation, most: int | None) -> Iterator[Table | Text]:
    """Tables for a terminal."""
    for line in head(explanation):
        yield Text(_clean(line), "bold" if line.startswith(explanation.sample.kpi) else "")
    for section in sections(explanation, most):
        table = Table(title=section.heading, title_justify="left", title_style="bold", caption_justify="left")
        for heading in ("What", "Adds, and why", "Said at, by, in"):
            table.add_column(heading, overflow="fold")
        for row in section.rows:
            cells = ["  " * row.depth + row.what, "; ".join(filter(None, [row.adds, row.why])), row.where]
            table.add_row(*(Text(_clean(cell)) for cell in cells), style="" if row.depth == 0 else "dim")
        if section.more:
            table.caption = Text(_clean(section.more, keep="\n"))
        yield Text()
        yield table


def named(kind: str, subject: str) -> str:
    """An entity for people; slots have an id that nobody ever saw."""
    if kind != "slot":
        return f"{kind} {subject}"
    slot = parse_slot(subject)
    party = f"{_PARTIES[slot.party[0]]} {slot.party[1:]}"
    return f"slot of {slot.rep}, {slot.channel} with {party}, hour from {instant_text(slot.hour * _HOUR_US)}"


def _of_line(line: Line, most: int | None) -> Iterator[Row]:
    yield Row(0, named(line.kind, line.subject), _parts(line.parts), f"for {line.rep}")
    yield from _of_said(1, line.decided_by)
    yield from _of_via(1, line.via, most)


def _of_via(depth: int, via: list[Via], most: int | None) -> Iterator[Row]:
    for each in via[:most]:
        yield Row(depth, f"{each.says} {named(each.kind, each.subject)}")
        yield from _of_said(depth + 1, each.decided_by)
        yield from _of_via(depth + 1, each.via, most)
    if more := _more(len(via), most):
        yield Row(depth, more)


def _of_credit(credit: Credit) -> Iterator[Row]:
    team = f" of team {credit.team}" if credit.team else ""
    yield Row(0, f"{credit.rep} is {credit.key}{team}")
    yield from _of_said(1, credit.decided_by)


def _of_left_out(left_out: LeftOut) -> Iterator[Row]:
    yield Row(0, f"{named(left_out.kind, left_out.subject)} ({left_out.reason})", _parts(left_out.parts), left_out.why)
    yield from _of_said(1, left_out.decided_by)


def _of_said(depth: int, several: Iterable[Said]) -> Iterator[Row]:
    for said in several:
        times = f", said {said.times} times" if said.times > 1 else ""
        where = " ".join(filter(None, [said.time, said.source, said.id, said.at]))
        yield Row(depth, f"{said.field} = {said.value}", where=where + times)


def _parts(parts: Parts, *, always: bool = False) -> str:
    """Parts that are not zero; all of them where they are the number itself."""
    return ", ".join(f"{name} = {number!r}" for name, number in parts.items() if number or always)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"


def _more(number: int, most: int | None) -> str:
    return f"… and {number - most} more: --all shows them" if most is not None and number > most else ""


def _clean(text: str, keep: str = "") -> str:
    """Ids and values are what somebody typed: shown, never obeyed."""
    return "".join(c if c.isprintable() or c in keep else "\N{REPLACEMENT CHARACTER}" for c in text)
