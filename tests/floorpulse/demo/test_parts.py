import asyncio
import os
import signal
import sys

import pytest

from floorpulse.demo.parts import GRACE_SECONDS, Part, PartEndedError, Parts
from tests.floorpulse.demo.test_tether import is_running

WAITS = "import time; print('up', flush=True); time.sleep(600)"
IGNORES = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {WAITS}"
FAILS = "import sys; print('first', flush=True); sys.exit('the reason')"
TALKS = "for number in range(1000): print(number)"


def together(grace_seconds: float = GRACE_SECONDS, **environ: str) -> Parts:
    return Parts({**os.environ, **environ}, grace_seconds)


async def start(parts: Parts, script: str, name: str = "part") -> Part:
    return await parts.start(name, [sys.executable, "-c", script])


async def test_leaving_ends_every_program() -> None:
    async with together() as parts:
        started = [await start(parts, WAITS) for _ in range(3)]
        for part in started:
            await part.says("up")

    assert [await part.ended for part in started] == [-signal.SIGTERM] * 3
    assert not any(is_running(part.process.pid) for part in started)


async def test_leaving_by_an_error_ends_them_too() -> None:
    part: Part | None = None
    with pytest.raises(ZeroDivisionError):  # noqa: PT012 - the context is left by the error
        async with together() as parts:
            part = await start(parts, WAITS)
            await part.says("up")
            raise ZeroDivisionError

    assert part is not None
    assert not is_running(part.process.pid)


async def test_a_program_that_does_not_listen_is_killed() -> None:
    async with together(grace_seconds=0.2) as parts:
        part = await start(parts, IGNORES)
        await part.says("up")

    assert await part.ended == -signal.SIGKILL


async def test_the_first_to_end_is_told_with_its_last_words() -> None:
    async with together() as parts:
        await start(parts, WAITS, "steady")
        await start(parts, FAILS, "broken")

        ended = await parts.any_end()

    assert str(ended) == "the broken ended with code 1; the last it said:\n  first\n  the reason"


async def test_a_program_that_was_to_run_to_its_end_may_end() -> None:
    async with together() as parts:
        await parts.run("talker", [sys.executable, "-c", TALKS])
        losing = asyncio.ensure_future(parts.any_end())
        await start(parts, FAILS, "broken")

        assert "broken" in str(await losing)


async def test_a_program_that_was_to_run_to_its_end_may_not_fail() -> None:
    async with together() as parts:
        with pytest.raises(PartEndedError, match="the talker ended with code 1"):
            await parts.run("talker", [sys.executable, "-c", FAILS])


async def test_what_a_program_says_can_be_waited_for() -> None:
    async with together() as parts:
        part = await start(parts, "import time; time.sleep(0.1); print('at http://x:1/', flush=True); time.sleep(600)")

        said = await part.says(r"http://\S+")

    assert said[0] == "http://x:1/"


async def test_waiting_for_what_is_never_said_ends_with_the_program() -> None:
    async with together() as parts:
        part = await start(parts, FAILS)

        with pytest.raises(PartEndedError, match="the reason"):
            await part.says("at last")


async def test_a_silent_end_has_no_last_words() -> None:
    async with together() as parts:
        await start(parts, "", "mute")

        assert str(await parts.any_end()) == "the mute ended with code 0"


async def test_only_the_last_lines_are_kept() -> None:
    async with together() as parts:
        part = await start(parts, TALKS)
        await part.ended

    assert list(part.last_lines) == [str(number) for number in range(960, 1000)]


async def test_a_program_has_the_environment_it_was_given_and_no_other() -> None:
    async with Parts({"FLOOR_TEST": "told", "PATH": os.environ["PATH"]}) as parts:
        part = await start(parts, "import os; print(os.environ['FLOOR_TEST'], 'HOME' in os.environ)")
        await part.ended

    assert list(part.last_lines) == ["told False"]


async def test_leaving_without_having_started_anything_is_fine() -> None:
    async with together():
        pass
