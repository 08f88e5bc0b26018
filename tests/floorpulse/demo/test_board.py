from datetime import UTC, datetime
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console, ConsoleDimensions

from floorpulse.demo.board import BAR_WIDTH, LEAST, TOP, Frame, drawn, duration, percent, plain, whole
from floorpulse.demo.standings import Row, Source, Standings

NORTH = Row("North", 120, 160, 110.4, 300, 7_260, 9, 0.25, None)
COAST = Row("Coast", 60, 80, 62.0, 200, 59, 0, None, 0.4)
REPS = [Row(f"rep{number:02d}", 30 - number, None, None, 40, 600, 1, None, None) for number in range(12)]
STANDINGS = Standings(
    clock=datetime(2026, 3, 24, 9, 30, tzinfo=UTC),
    everybody=Row("*", 180, None, None, 500, 7_319, 9, None, None),
    teams=[NORTH, COAST],
    reps=REPS,
    sources=[Source("/crm", 45.2, 12_345, 67, 8)],
    read=12_500,
    quarantined=2,
)
ROOM = ConsoleDimensions(100, 60)
FRAME = Frame(ZoneInfo("Europe/Amsterdam"), 60, [("metrics", "http://127.0.0.1:9/metrics")], 13_000, 400, 3)


def test_the_plain_board_says_everything_in_lines() -> None:
    lines = list(plain(STANDINGS, FRAME))

    assert lines[0] == "floorpulse demo  Tuesday 24 March 2026, 10:30  ×60"
    north, coast = lines[1:3]
    assert north == (
        "  team  1 North      120 touchpoints, 110 due now, 300 attempts, 2h01 talk, 9 new leads, 25 % won this month"
    )
    assert coast == (
        "  team  2 Coast      60 touchpoints, 62 due now, 200 attempts, 59s talk, 0 new leads,"
        " 40 % converted this month"
    )
    assert lines[-3:] == [
        "  /crm: 12,345 applied, 67 said nothing new, 8 late; newest 45s old",
        "  sent 13,000, of these 400 again and 3 broken; 2 in quarantine",
        "  metrics: http://127.0.0.1:9/metrics",
    ]


def test_one_of_something_is_no_plural() -> None:
    busy = Row("rep01", 1, None, None, 1, 60, 1, None, None)
    idle = Row("rep02", 0, None, None, 0, 0, 0, None, None)

    lines = list(plain(STANDINGS._replace(teams=[], reps=[busy, idle]), FRAME))

    assert lines[1:3] == [
        "  rep  1 rep01      1 touchpoint, 1 attempt, 1m talk, 1 new lead",
        "  rep  2 rep02      0 touchpoints, 0 attempts, 0s talk, 0 new leads",
    ]


def test_only_the_top_reps_are_shown() -> None:
    assert sum(line.startswith("  rep ") for line in plain(STANDINGS, FRAME)) == TOP


@pytest.mark.parametrize("width", [80, 160])
def test_the_drawn_board_fits_a_terminal_and_shows_the_same(width: int) -> None:
    screen = StringIO()
    Console(file=screen, width=width, force_terminal=False).print(drawn(STANDINGS, FRAME, ROOM))
    text = screen.getvalue()

    assert max(map(len, text.splitlines())) <= width
    for word in ("North", "Coast", "rep00", "rep09", "2h01", "25 %", "12,345 applied", "http://127.0.0.1:9/metrics"):
        assert word in text
    assert "rep10" not in text


def lines_of_teams(**how: Any) -> dict[str, str]:
    screen = StringIO()
    Console(file=screen, width=100, **how).print(drawn(STANDINGS, FRAME, ROOM))
    lines = screen.getvalue().splitlines()
    return {row.key: next(line for line in lines if row.key in line) for row in STANDINGS.teams}


def test_a_bar_is_full_at_the_highest_target_and_shows_what_is_left() -> None:
    bars = {team: (line.count("█"), line.count("░")) for team, line in lines_of_teams().items()}

    assert BAR_WIDTH == 12
    assert bars == {"North": (9, 3), "Coast": (4, 2)}


def test_a_bar_is_green_where_touchpoints_keep_up_with_the_expected() -> None:
    lines = lines_of_teams(force_terminal=True, color_system="standard")

    assert "\x1b[32m█" in lines["North"]
    assert "\x1b[33m█" in lines["Coast"]


def test_a_board_without_numbers_can_be_drawn() -> None:
    empty = Standings(STANDINGS.clock, None, [], [], [], 0, 0)
    screen = StringIO()

    Console(file=screen, width=100).print(drawn(empty, FRAME, ROOM))

    assert "Teams today" in screen.getvalue()


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0s"), (59.4, "59s"), (60, "1m"), (3_599, "59m"), (3_600, "1h00"), (11_220, "3h07")]
)
def test_a_duration_is_said_as_people_say_it(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(("ratio", "text"), [(None, "–"), (0.0, "0 %"), (0.256, "26 %")])
def test_a_ratio_is_said_in_percent(ratio: float | None, text: str) -> None:
    assert percent(ratio) == text


@pytest.mark.parametrize(("number", "text"), [(None, "–"), (4.4, "4"), (15, "15")])
def test_a_number_is_said_without_its_fraction(number: float | None, text: str) -> None:
    assert whole(number) == text


@pytest.mark.parametrize(
    ("width", "height", "reps"), [(80, 10, LEAST), (80, 24, 7), (80, 60, TOP), (200, 24, TOP), (200, 16, 5)]
)
def test_a_small_terminal_shows_fewer_reps_but_always_the_feet(width: int, height: int, reps: int) -> None:
    screen = StringIO()
    Console(file=screen, width=width).print(drawn(STANDINGS, FRAME, ConsoleDimensions(width, height)))
    lines = screen.getvalue().splitlines()

    assert sum("rep" in line for line in lines) == reps
    assert lines[-1].startswith("metrics")
    assert len(lines) <= height or reps == LEAST
