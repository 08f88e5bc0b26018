import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from floorpulse.demo.session import environment

COMMAND = [sys.executable, "-m", "floorpulse", "demo"]


@contextmanager
def demo(tmp_path: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """A demo whose programs and files can be told from all others by `tmp_path`."""
    environ = {**os.environ, "TMPDIR": str(tmp_path), "COLUMNS": "100"}
    with subprocess.Popen(
        [*COMMAND, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environ
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_for(process: subprocess.Popen[str], text: str) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if text in line:
            return
    raise AssertionError(f"the demo ended without saying {text!r}: {process.communicate()}")


def programs_of(tmp_path: Path) -> dict[int, str]:
    """Process id → command line of all that runs with the demo's folder for temporary files."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if str(tmp_path).encode() in (folder / "environ").read_bytes():
                found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:  # it has ended, or is somebody else's
            continue
    return found


def wait_until_nothing_is_left(tmp_path: Path) -> None:
    while programs_of(tmp_path) or list(tmp_path.iterdir()):  # the hang guard of the tests ends this if something stays
        time.sleep(0.05)


def test_the_programs_of_a_demo_do_not_see_the_persons_own_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLOORPULSE_KAFKA_APP_ID", "production")
    monkeypatch.setenv("LANG", "C.UTF-8")

    environ = environment(Path("/folder"), "127.0.0.1:1")

    assert {name: value for name, value in environ.items() if name.startswith("FLOORPULSE_")} == {
        "FLOORPULSE_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1"
    }
    assert environ["TMPDIR"] == "/folder"
    assert environ["LANG"] == "C.UTF-8"


@pytest.mark.embedded
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_a_demo_that_is_told_to_stop_leaves_nothing_behind(tmp_path: Path, number: signal.Signals) -> None:
    with demo(tmp_path) as process:
        wait_for(process, "Loading")
        assert len(programs_of(tmp_path)) >= 5  # itself, sweeper, broker, worker, exporter

        process.send_signal(number)
        output, errors = process.communicate()

    assert (process.returncode, errors) == (0, "")
    assert output.endswith("Stopping.\n")
    assert programs_of(tmp_path) == {}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.embedded
def test_a_demo_that_is_killed_leaves_nothing_behind(tmp_path: Path) -> None:
    with demo(tmp_path) as process:
        wait_for(process, "Loading")
        assert len(programs_of(tmp_path)) >= 5

        process.kill()
        process.communicate()

    wait_until_nothing_is_left(tmp_path)


@pytest.mark.embedded
@pytest.mark.parametrize(("name", "pattern"), [("broker", "tansu"), ("worker", " worker "), ("exporter", " exporter ")])
def test_a_demo_that_loses_a_program_stops_as_a_whole(tmp_path: Path, name: str, pattern: str) -> None:
    with demo(tmp_path) as process:
        wait_for(process, "Loading")
        (victim,) = (pid for pid, command in programs_of(tmp_path).items() if pattern in command)

        os.kill(victim, signal.SIGKILL)
        _, errors = process.communicate()

    assert process.returncode == 2
    assert errors.startswith(f"the {name} ended with code -9")
    assert "Traceback" not in errors
    assert programs_of(tmp_path) == {}
    assert list(tmp_path.iterdir()) == []
