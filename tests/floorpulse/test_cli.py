"""How the program behaves in a shell, whatever the command."""

import os
import pty
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from floorpulse import cli
from floorpulse import commands as commands_folder
from floorpulse.cli import run
from floorpulse.errors import UserError

PROGRAM = [sys.executable, "-m", "floorpulse"]
NAMES = cli.cli.list_commands(click.Context(cli.cli))


def commands(group: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command below a group, with its words."""
    if isinstance(group, click.Group):
        for name in group.list_commands(click.Context(group)):
            command = group.get_command(click.Context(group), name)
            assert command is not None
            yield (*path, name), command
            yield from commands(command, (*path, name))


ALL = dict(commands(cli.cli))


def test_commands_are_the_modules_of_the_folder() -> None:
    folder = Path(commands_folder.__path__[0])
    assert sorted(path.stem for path in folder.glob("*.py") if path.stem != "__init__") == NAMES
    assert {"config", "replay", "validate"} <= set(NAMES)


@pytest.mark.parametrize("words", list(ALL), ids=" ".join)
def test_every_command_and_option_is_explained(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*words, "--help"]) == 0
    assert capsys.readouterr().out.startswith(f"Usage: floorpulse {' '.join(words)} ")
    assert ALL[words].help
    for option in ALL[words].params:
        assert isinstance(option, click.Argument) or getattr(option, "help", None), option.name


def test_the_overview_names_every_command_and_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    said = capsys.readouterr().out
    assert all(f"\n  {name} " in said for name in NAMES)
    assert "Exit codes: 0 done" in said


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["nonsense"], "floorpulse: No such command 'nonsense'. See floorpulse --help."),
        (["validate"], "floorpulse validate: Missing argument 'FILE...'. See floorpulse validate --help."),
        (["replay", "x"], "floorpulse replay: Missing option '--as-of'. See floorpulse replay --help."),
        (
            ["replay", "x", "--as-of", "yesterday"],
            (
                "floorpulse replay: Invalid value for '--as-of': expected a time with offset such as "
                '2026-01-31T09:00:00Z, got "yesterday". See floorpulse replay --help.'
            ),
        ),
        (["config", "show", "--set", "x"], "--set x: expected SECTION.KEY=VALUE such as kafka.partitions=4"),
        (["validate", "missing.jsonl"], "missing.jsonl: no such file or directory"),
    ],
)
def test_a_mistake_is_one_line_on_standard_error_and_code_2(
    arguments: list[str], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == 2
    assert capsys.readouterr() == ("", line + "\n")


@pytest.mark.parametrize("words", [[], ["config"], ["quarantine"]])
def test_a_group_without_a_command_prints_its_help_line_by_line(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(words) == 2

    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("Usage: ")
    assert "Commands:" in lines


def test_a_fault_of_the_program_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(cli.cli, "make_context", broken)
    with pytest.raises(ZeroDivisionError):
        run([])


def test_main_ends_the_process_with_the_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise UserError("no")

    monkeypatch.setattr(cli.cli, "make_context", refuse)
    monkeypatch.setattr(sys, "argv", ["floorpulse", "anything"])
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code == 2


def test_it_runs_as_a_module_and_says_its_version() -> None:
    done = subprocess.run([*PROGRAM, "--version"], capture_output=True, text=True, check=True)
    assert re.fullmatch(r"floorpulse 0\.\d+\.\d+ \((compiled|interpreted)\)\n", done.stdout)
    assert done.stderr == ""


def test_a_reader_that_leaves_early_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "bad").write_bytes(b"{}\n" * 20_000)
    program = subprocess.Popen(
        [*PROGRAM, "validate", str(tmp_path / "bad")], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert program.stdout is not None
    assert program.stderr is not None
    assert b": type: expected one of" in program.stdout.readline()
    program.stdout.close()
    assert program.wait() == 141
    assert program.stderr.read() == b""
    program.stderr.close()


def test_ctrl_c_is_quiet() -> None:
    with subprocess.Popen(
        [*PROGRAM, "validate", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        assert program.stderr is not None
        program.stdin.write(b"{}\n" * (os.sysconf("SC_PAGESIZE") * 4))
        program.stdin.flush()
        program.stdout.readline()  # it is at work
        program.send_signal(signal.SIGINT)
        program.stdout.read()
        assert program.wait() == 130
        assert program.stderr.read() == b""


@pytest.mark.parametrize(
    "words",
    [
        "validate",
        "replay --as-of 2026-02-20T17:00:00Z",
        "explain --kpi leads_created --key * --window month --bucket 2026-01 --as-of 2026-02-20T17:00:00Z",
    ],
)
def test_long_work_shows_a_bar_on_a_terminal_and_none_in_a_pipe(words: str, tmp_path: Path) -> None:
    examples = Path(__file__).parents[2] / "docs/examples/events.jsonl"
    (tmp_path / "many.jsonl").write_bytes(examples.read_bytes() * 400)
    command = [*PROGRAM, *words.split(), str(tmp_path / "many.jsonl")]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}

    screen, terminal = pty.openpty()
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=terminal) as program:
        os.close(terminal)
        shown = b""
        while piece := _read(screen):
            shown += piece
    os.close(screen)
    piped = subprocess.run(command, env=environment, capture_output=True, check=False)

    assert (program.returncode, piped.returncode) == (0, 0)
    assert "━".encode() in shown
    assert "━".encode() not in piped.stderr + piped.stdout
    assert b"\x1b" not in piped.stderr + piped.stdout


def _read(screen: int) -> bytes:
    """What the terminal was told; nothing when the program has ended."""
    try:
        return os.read(screen, 65_536)
    except OSError:  # Linux says so when nobody holds the other end any more
        return b""
