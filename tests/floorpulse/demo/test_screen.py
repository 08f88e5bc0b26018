from io import StringIO

import pytest
from rich.console import Console

from floorpulse.demo.screen import LINES_EVERY_SECONDS, Lines, Terminal, screen_for
from tests.floorpulse.demo.test_board import FRAME, STANDINGS


def test_lines_say_each_thing_once() -> None:
    written: list[str] = []
    with Lines(written.append) as screen:
        for text in ("Starting", "Loading", "Loading", "Loading", "Stopping"):
            screen.say(text)

    assert written == ["Starting", "Loading", "Stopping"]


def test_lines_show_the_numbers_now_and_then() -> None:
    written: list[str] = []
    now = 100.0
    screen = Lines(written.append, lambda: now)

    screen.show(STANDINGS, FRAME)
    once = len(written)
    now += LINES_EVERY_SECONDS - 1
    screen.show(STANDINGS, FRAME)
    assert len(written) == once > 0

    now += 1
    screen.show(STANDINGS, FRAME)
    assert len(written) == 2 * once


def test_a_terminal_shows_what_is_being_done_and_then_the_numbers() -> None:
    drawn = StringIO()
    with Terminal(Console(file=drawn, width=100, height=60, force_terminal=True, _environ={})) as screen:
        screen.say("Loading")
        screen.show(STANDINGS, FRAME)

    assert "North" in drawn.getvalue()
    assert "http://127.0.0.1:9/metrics" in drawn.getvalue()


@pytest.mark.parametrize(("terminal", "kind"), [(True, Terminal), (False, Lines)])
def test_a_pipe_gets_lines(terminal: bool, kind: type) -> None:
    assert isinstance(screen_for(Console(file=StringIO(), force_terminal=terminal), print), kind)


def test_a_terminal_keeps_the_last_numbers_when_it_stops() -> None:
    drawn = StringIO()
    with Terminal(Console(file=drawn, width=100, height=60, force_terminal=True, _environ={})) as screen:
        screen.show(STANDINGS, FRAME)
        screen.say("Stopping")
        drawn.truncate(0)

    assert "North" in drawn.getvalue()
    assert "Stopping" in drawn.getvalue()
