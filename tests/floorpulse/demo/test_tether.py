import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from floorpulse.demo.tether import tethered

SLEEPER = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)"]
STARTS_ONE_AND_WAITS = f"""
import subprocess, time
from floorpulse.demo.tether import tethered
child = subprocess.Popen(tethered({SLEEPER!r}), stdout=subprocess.PIPE, start_new_session=True)
child.stdout.readline()
print(child.pid, flush=True)
time.sleep(600)
"""


def is_running(pid: int) -> bool:
    """Whether a process lives; one that has ended and waits to be collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_tethered_program_is_killed_when_its_parent_is() -> None:
    with subprocess.Popen([sys.executable, "-c", STARTS_ONE_AND_WAITS], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert is_running(pid)

        parent.kill()

    while is_running(pid):  # the hang guard of the tests ends this if the program stays
        time.sleep(0.02)


def test_a_tethered_program_runs_as_if_it_were_not() -> None:
    done = subprocess.run(
        tethered(["sh", "-c", "echo $0; exit 7", "word"]), capture_output=True, text=True, check=False
    )

    assert (done.stdout, done.returncode) == ("word\n", 7)


def test_a_program_whose_parent_is_gone_already_does_not_start() -> None:
    command = [sys.executable, "-m", "floorpulse.demo.tether", "1" if os.getppid() != 1 else "2", "echo", "started"]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (done.stdout, done.returncode) == ("", 1)


def test_the_kernel_is_asked_to_kill_and_not_to_ask() -> None:
    ignores = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
    )
    script = STARTS_ONE_AND_WAITS.replace(repr(SLEEPER), repr([sys.executable, "-c", ignores]))
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())

        parent.send_signal(signal.SIGTERM)

    while is_running(pid):
        time.sleep(0.02)
