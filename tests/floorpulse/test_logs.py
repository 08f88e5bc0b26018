import io
import logging
from collections.abc import Iterator

import pytest
import structlog

from floorpulse import logs
from floorpulse.logs import SELDOM_SECONDS, Seldom


@pytest.fixture
def said() -> Iterator[io.StringIO]:
    """What is logged; the configuration of before comes back."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    levels = {name: logging.getLogger(name).level for name in (*logs.LIBRARIES, *logs.CHATTER)}
    out = io.StringIO()
    logs.configure(out)
    yield out
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    structlog.reset_defaults()


def lines(out: io.StringIO) -> list[str]:
    return [line.partition(" ")[2] for line in out.getvalue().splitlines()]


def test_a_happening_is_one_line_of_keys_and_values(said: io.StringIO) -> None:
    structlog.get_logger().info("owns", partitions=[0, 1], rows_followed=7, told=True, seconds=0.5, nothing=None)

    assert lines(said) == ['level=info event=owns partitions="[0, 1]" rows_followed=7 told=true seconds=0.5 nothing=']


def test_what_libraries_say_is_a_line_too_and_only_their_warnings(said: io.StringIO) -> None:
    logging.getLogger("faust.app").info("all is well")
    logging.getLogger("aiokafka.consumer").warning("broker %s\n  is away", 7)

    assert lines(said) == ['level=warning event="broker 7 is away" logger=aiokafka.consumer']


def test_an_exception_is_its_type_and_place_without_its_text(said: io.StringIO) -> None:
    try:
        {"rep-anna": 1}["rep-bob"]
    except KeyError:
        logging.getLogger("faust.agents").exception("agent ended")
        structlog.get_logger().error("again", exc_info=True)

    one, two = lines(said)
    assert one.startswith('level=error event="agent ended" ')
    for line in (one, two):
        assert "error=KeyError" in line
        assert "test_logs.py" in line
        assert "bob" not in line


def test_group_chatter_is_not_logged(said: io.StringIO) -> None:
    logging.getLogger("aiokafka.consumer.group_coordinator").error("Group Coordinator Request failed")

    assert lines(said) == []


def test_the_same_of_a_library_is_said_once_in_a_while_and_everything_of_ours_always() -> None:
    now = 0.0
    seldom = Seldom(lambda: now)

    def passes(name: str, message: str) -> bool:
        return bool(seldom.filter(logging.LogRecord(name, logging.ERROR, "", 0, message, (), None)))

    assert passes("aiokafka", "cannot connect")
    assert not passes("aiokafka", "cannot connect")
    assert passes("aiokafka", "something else")
    assert passes("floorpulse", "cannot connect")
    assert passes("floorpulse", "cannot connect")
    now = SELDOM_SECONDS
    assert passes("aiokafka", "cannot connect")
