import sys

import pytest

from bench.programs import address, running

COLOURS = "\x1b[0m\x1b[0m"
"""What Maven prints before anything else, also when it is told to be quiet and colourless."""


def test_an_address_is_found_behind_what_another_program_left_on_the_line() -> None:
    assert address(f"{COLOURS}127.0.0.1:9092,127.0.0.1:9094") == "127.0.0.1:9092,127.0.0.1:9094"


def test_a_program_is_waited_for_until_it_says_a_whole_line() -> None:
    with running(sys.executable, "-c", "print('it is', flush=True); print('here', flush=True); input()") as program:
        assert program.until("here") == "here"


def test_a_program_that_ends_is_told_with_its_last_words() -> None:
    with running(sys.executable, "-c", "print('no room')") as program, pytest.raises(RuntimeError, match="no room"):
        program.until("here")
