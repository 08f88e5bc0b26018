"""The broker scripts leave nothing running, whatever ends them."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.brokers import ROOT


def answers(bootstrap: str) -> bool:
    host, _, port = bootstrap.rpartition(":")
    try:
        socket.create_connection((host, int(port)), 1).close()
    except OSError:
        return False
    return True


def until(answering: bool, bootstrap: str) -> None:
    for _ in range(600):
        if answers(bootstrap) is answering:
            return
        time.sleep(0.1)
    raise AssertionError(f"{bootstrap} {'does not answer' if answering else 'answers still'}")


@pytest.fixture(
    params=[
        pytest.param(["scripts/kafka.py"], marks=pytest.mark.kafka, id="kafka"),
        pytest.param(["-m", "scripts.mesh"], marks=pytest.mark.embedded, id="mesh"),
    ]
)
def started(request: pytest.FixtureRequest) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A script that runs, and the first line it said."""
    with subprocess.Popen([sys.executable, *request.param], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        bootstrap = process.stdout.readline().strip()
        try:
            yield process, bootstrap
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_the_broker_ends_with_its_script(started: tuple[subprocess.Popen[str], str], number: signal.Signals) -> None:
    process, bootstrap = started
    assert answers(bootstrap)

    process.send_signal(number)

    until(answering=False, bootstrap=bootstrap)


@pytest.mark.parametrize(
    "script",
    [
        pytest.param("scripts/kafka.py", marks=pytest.mark.kafka),
        pytest.param("-m scripts.mesh", marks=pytest.mark.embedded),
    ],
)
def test_the_script_ends_when_who_started_it_is_killed(script: str) -> None:
    shell = f"{sys.executable} {script} & wait"
    with subprocess.Popen(["sh", "-c", shell], cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        bootstrap = parent.stdout.readline().strip()
        assert answers(bootstrap)

        parent.kill()

        until(answering=False, bootstrap=bootstrap)


@pytest.mark.kafka
def test_a_killed_broker_comes_back_on_its_port(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "scripts/kafka.py", "--dir", str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        bootstrap = process.stdout.readline().strip()
        try:
            subprocess.run(["kill", "-9", (tmp_path / "broker-1" / "pid").read_text()], check=True)
            until(answering=False, bootstrap=bootstrap)

            until(answering=True, bootstrap=bootstrap)
        finally:
            process.terminate()


def test_without_java_the_script_says_what_to_install() -> None:
    refused = subprocess.run(
        [sys.executable, "scripts/kafka.py"], cwd=ROOT, env={"PATH": ""}, capture_output=True, text=True, check=False
    )

    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == "kafka.py: no `java`: install a Java runtime, 17 or newer\n"
