"""The leaderboard in the terminal: drawn, or as plain lines where nobody looks at a screen."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from rich.columns import Columns
from rich.console import ConsoleDimensions, Group, RenderableType
from rich.table import Table
from rich.text import Text

from floorpulse.demo.standings import Row, Standings

TOP: Final = 10
LEAST: Final = 3
SIDE_BY_SIDE_WIDTH: Final = 150
LINES_OF_A_TABLE: Final = 4
LINES_BETWEEN: Final = 4
HEADINGS: Final = ("touch-\npoints", "due\nnow", "at-\ntempts", "\ntalk", "new\nleads", "won\nmonth", "conv.\nmonth")
"""Of the columns in `_cells`, short enough for eighty characters a row."""
BAR_WIDTH: Final = 12


class Frame(NamedTuple):
    """What stands around the numbers.

    zone: in which the clock is shown.  speed: how many times faster than real.
    addresses: what is served where, by name.
    sent, again, flawed: what the simulated systems have sent so far.
    """

    zone: ZoneInfo
    speed: float
    addresses: Sequence[tuple[str, str]]
    sent: int
    again: int
    flawed: int


def drawn(of: Standings, frame: Frame, room: ConsoleDimensions) -> RenderableType:
    """The board as rich draws it, with as many reps as fit into the room there is."""
    feet = [Text(line, style="dim") for line in _feet(of, frame)]
    above = 0 if room.width >= SIDE_BY_SIDE_WIDTH else len(of.teams) + LINES_OF_A_TABLE
    reps = of.reps[: max(LEAST, min(TOP, room.height - above - LINES_OF_A_TABLE - len(feet) - LINES_BETWEEN))]
    heading = Text.assemble(("floorpulse demo  ", "bold"), (_clock(of, frame), "bold cyan"), f"  ×{frame.speed:g}")
    boards = Columns(
        [_table("Teams today", of.teams, "Team", of.everybody), _table("Reps today", reps, "Rep")],
        padding=(0, 3),
    )
    return Group(heading, Text(), boards, Text(), *feet)


def plain(of: Standings, frame: Frame) -> Iterator[str]:
    """The board as lines of text."""
    yield f"floorpulse demo  {_clock(of, frame)}  ×{frame.speed:g}"
    for title, rows in (("team", of.teams), ("rep", of.reps[:TOP])):
        for place, row in enumerate(rows, 1):
            cells = ", ".join(f"{value} {name}" for name, value in _cells(row) if value != "–")
            yield f"  {title} {place:>2} {row.key:<10} {cells}"
    yield from (f"  {line}" for line in _feet(of, frame))


def _clock(of: Standings, frame: Frame) -> str:
    return of.clock.astimezone(frame.zone).strftime("%A %-d %B %Y, %H:%M")


def _cells(row: Row) -> list[tuple[str, str]]:
    """The columns beside the key: what the text counts or says, and the text."""
    return [
        (counted("touchpoint", row.touchpoints), str(row.touchpoints)),
        ("due now", whole(row.expected)),
        (counted("attempt", row.attempts), str(row.attempts)),
        ("talk", duration(row.talk_seconds)),
        (counted("new lead", row.leads), str(row.leads)),
        ("won this month", percent(row.won_ratio)),
        ("converted this month", percent(row.conversion_ratio)),
    ]


def _table(title: str, rows: Sequence[Row], first: str, total: Row | None = None) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 1))
    table.add_column("", justify="right", style="dim")
    table.add_column(first, style="bold")
    table.add_column("", width=BAR_WIDTH)
    for name in HEADINGS:
        table.add_column(name, justify="right")
    most = max((max(row.touchpoints, row.target or 0) for row in rows), default=0)
    for place, row in enumerate(rows, 1):
        table.add_row(str(place), row.key, _bar(row, most), *(text for _, text in _cells(row)))
    if total:
        table.add_row("", "all", "", *(text for _, text in _cells(total)), style="dim")
    return table


def _bar(row: Row, most: float) -> Text:
    """Touchpoints against the day's target, `most` being the longest: green where they keep up with the expected."""
    behind = row.expected is not None and row.touchpoints < row.expected
    done = round(BAR_WIDTH * row.touchpoints / most) if most else 0
    left = round(BAR_WIDTH * (row.target or 0) / most) - done if most else 0
    return Text.assemble(("█" * done, "yellow" if behind else "green"), ("░" * left, "dim"))


def _feet(of: Standings, frame: Frame) -> Iterator[str]:
    """Whether the numbers can be trusted, and where to see more."""
    for source in of.sources:
        yield (
            f"{source.name}: {source.applied:,} applied, {source.unchanged:,} said nothing new, {source.late:,} late; "
            f"newest {duration(max(0.0, source.behind_seconds))} old"
        )
    sent = f"sent {frame.sent:,}, of these {frame.again:,} again and {frame.flawed:,} broken"
    yield f"{sent}; {of.quarantined:,} in quarantine"
    for name, address in frame.addresses:
        yield f"{name}: {address}"


def counted(noun: str, number: int) -> str:
    """A noun as it follows a number."""
    return noun if number == 1 else f"{noun}s"


def duration(seconds: float) -> str:
    """Seconds as people say them: 45s, 12m, 3h07."""
    if seconds < 60:
        return f"{seconds:.0f}s"
    minutes = int(seconds // 60)
    return f"{minutes}m" if minutes < 60 else f"{minutes // 60}h{minutes % 60:02d}"


def whole(number: float | None) -> str:
    """A number without its fraction, or a dash."""
    return "–" if number is None else f"{number:.0f}"


def percent(ratio: float | None) -> str:
    """A ratio in percent, or a dash."""
    return "–" if ratio is None else f"{100 * ratio:.0f} %"
