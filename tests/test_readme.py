"""What the README tells a newcomer to type is understood, and what needs no broker is run."""

import re
import shlex
from pathlib import Path

import click
import pytest

from floorpulse.cli import cli, run

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "README.md").read_text().replace("\\\n", "")
COMMANDS = [
    shlex.split(line, comments=True)[1:] for line in re.findall(r"^\.venv/bin/floorpulse .*$", TEXT, re.MULTILINE)
]
WITHOUT_BROKER = [words for words in COMMANDS if words[0] in {"validate", "replay", "explain"}]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_of_the_page_is_understood(words: list[str]) -> None:
    with cli.make_context("floorpulse", words[:1]) as context:
        command = cli.get_command(context, words[0])
        assert command is not None
        with command.make_context(words[0], words[1:], parent=context) as parsed:
            assert not isinstance(parsed.command, click.Group)


@pytest.mark.parametrize("words", WITHOUT_BROKER, ids=" ".join)
def test_what_needs_no_broker_does_what_the_page_says(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)

    assert run(words) == 0

    assert "13 events read" in "".join(capfd.readouterr())


def test_the_page_shows_all_three_ways_to_read_files() -> None:
    assert [words[0] for words in WITHOUT_BROKER] == ["validate", "replay", "explain"]


def test_the_page_says_how_to_compile_by_the_variable_that_the_build_reads() -> None:
    (variable,) = re.findall(r'environ\.get\("(\w+)"\) == "1"', (ROOT / "setup.py").read_text())

    assert f"{variable}=1 pip install .`" in TEXT
    assert "`make compiled`" in TEXT
