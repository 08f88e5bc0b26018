import importlib
import subprocess
from types import SimpleNamespace
from typing import Any

import pytest

from bench import __main__ as bench
from bench.__main__ import SIZES, commands, main, measurements


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Commands that were run, none of them in truth; those of `memory` fail."""
    found: list[list[str]] = []

    def run(command: list[str], **_: Any) -> SimpleNamespace:
        found.append(command[1:])
        return SimpleNamespace(returncode=int("bench.memory" in command))

    monkeypatch.setattr(subprocess, "run", run)
    return found


@pytest.mark.parametrize("name", measurements())
def test_every_measurement_is_a_module_that_can_be_run(name: str) -> None:
    assert callable(importlib.import_module(f"bench.{name}").main)


def test_every_size_is_of_a_module_that_measures() -> None:
    assert SIZES.keys() <= set(measurements())
    assert "sampled" not in measurements()


def test_small_and_full_size_differ_in_their_options() -> None:
    assert commands(["replay"], full=False) == {"replay": ["-m", "bench.replay", "--events", "20000"]}
    assert commands(["replay"], full=True) == {"replay": ["-m", "bench.replay", "--events", "1000000"]}


def test_all_are_run_in_turn_and_failures_are_counted(ran: list[list[str]], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 1
    assert [command[1] for command in ran] == [f"bench.{name}" for name in measurements()]
    assert capsys.readouterr().out.count("## ") == len(measurements())


def test_one_may_be_named(ran: list[list[str]]) -> None:
    assert main(["fanin", "--full"]) == 0
    assert ran == [["-m", "bench.fanin"]]


def test_an_unknown_name_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["speed"])

    assert "unknown: speed; there are stages, against" in capsys.readouterr().err


def test_the_load_of_the_machine_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.getloadavg", lambda: (1.0, 2.25, 3.0))
    monkeypatch.setattr("os.cpu_count", lambda: 2)

    assert bench.load() == "load 1.0, 2.2, 3.0 on 2 cores"
