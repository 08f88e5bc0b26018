import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from floorpulse.demo.sweeper import sweep, swept_folder

USES_A_FOLDER = """
import asyncio, signal, sys
from floorpulse.demo.sweeper import swept_folder

async def main():
    async with swept_folder() as folder:
        (folder / "file").write_text("something")
        print(folder, flush=True)
        await asyncio.sleep(600)

asyncio.run(main())
"""


async def test_the_folder_is_gone_after_the_context() -> None:
    async with swept_folder() as folder:
        (folder / "deep").mkdir()
        (folder / "deep" / "file").write_text("something")
        assert folder.is_dir()

    assert not folder.exists()


async def test_the_folder_is_gone_after_an_error() -> None:
    with pytest.raises(ZeroDivisionError):
        async with swept_folder() as folder:
            raise ZeroDivisionError

    assert not folder.exists()


def test_the_folder_is_gone_after_its_user_was_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", USES_A_FOLDER], stdout=subprocess.PIPE, text=True) as user:
        assert user.stdout is not None
        folder = Path(user.stdout.readline().strip())
        assert (folder / "file").exists()

        user.kill()

    while folder.exists():
        time.sleep(0.02)


def test_the_sweeper_does_not_listen_to_signals_that_its_user_should_answer() -> None:
    command = [sys.executable, "-m", "floorpulse.demo.sweeper"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as sweeper:
        assert sweeper.stdin is not None
        assert sweeper.stdout is not None
        folder = Path(sweeper.stdout.readline().strip())
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            os.kill(sweeper.pid, number)
        assert folder.exists()

        sweeper.stdin.close()

    assert sweeper.returncode == 0
    assert not folder.exists()


def test_what_a_dying_program_still_writes_is_removed_too(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            try:
                (folder / str(number)).write_text("late")
            except FileNotFoundError:
                return

    writer = threading.Thread(target=write)
    writer.start()
    sweep(folder)
    stop.set()
    writer.join()

    assert not folder.exists()
