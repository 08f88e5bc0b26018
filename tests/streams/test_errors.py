import subprocess
import sys

import pytest

PROGRAM = """
from aiokafka.errors import ProducerFenced
from streams.errors import StreamError, halt
try:
    {}
except Exception as error:
    halt("commit_failed", error, partition=3)
"""


def ended(statement: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.replace("{}", statement)], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_an_unexpected_error_is_one_line_with_its_place_and_without_what_it_quotes() -> None:
    code, said = ended("{'rep-anna': 1}['rep-bob']")

    assert code == 3
    assert len(said.splitlines()) == 1
    assert "commit_failed" in said
    assert "KeyError" in said
    assert "<module>" in said
    assert "bob" not in said


def test_what_kafka_says_is_logged() -> None:
    code, said = ended("raise ProducerFenced('another owner')")

    assert (code, len(said.splitlines())) == (3, 1)
    assert "another owner" in said


@pytest.mark.parametrize("text", ["topic x is missing: run `floorpulse topics`"])
def test_an_error_for_people_is_refused_with_its_remedy(text: str) -> None:
    code, said = ended(f"raise StreamError({text!r})")

    assert (code, len(said.splitlines())) == (2, 1)
    assert text in said
