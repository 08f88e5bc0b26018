import asyncio
import signal
import sys

import pytest

from floorpulse.demo.parts import Part, Parts
from tests.floorpulse.demo.test_tether import is_running

WAITS = "import time; print('up', flush=True); time.sleep(600)"
IGNORES = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {WAITS}"
FAILS = "import sys; print('first'); sys.exit('the reason')"
TALKS = "for number in range(1000): print(number)"


async def start(parts: Parts, script: str, name: str = "part", **environ: str) -> Part:
    return await parts.start(name, [sys.executable, "-c", script], environ)


async def up(part: Part) -> None:
    while "up" not in part.last_lines:
        await asyncio.sleep(0.02)


async def test_leaving_ends_every_program() -> None:
    async with Parts() as parts:
        started = [await start(parts, WAITS) for _ in range(3)]
        for part in started:
            await up(part)

    assert [await part.ended for part in started] == [-signal.SIGTERM] * 3
    assert not any(is_running(part.process.pid) for part in started)


async def test_leaving_by_an_error_ends_them_too() -> None:
    part: Part | None = None
    with pytest.raises(ZeroDivisionError):  # noqa: PT012 - the context is left by the error
        async with Parts() as parts:
            part = await start(parts, WAITS)
            await up(part)
            raise ZeroDivisionError

    assert part is not None
    assert not is_running(part.process.pid)


async def test_a_program_that_does_not_listen_is_killed() -> None:
    async with Parts(grace_seconds=0.2) as parts:
        part = await start(parts, IGNORES)
        await up(part)

    assert await part.ended == -signal.SIGKILL


async def test_the_first_to_end_is_told_with_its_last_words() -> None:
    async with Parts() as parts:
        await start(parts, WAITS, "steady")
        await start(parts, FAILS, "broken")

        ended = await parts.first_to_end()

    assert ended.name == "broken"
    assert list(ended.last_lines) == ["first", "the reason"] or list(ended.last_lines) == ["the reason", "first"]
    assert await ended.ended == 1


async def test_only_the_last_lines_are_kept() -> None:
    async with Parts() as parts:
        part = await start(parts, TALKS)
        await part.ended

    assert list(part.last_lines) == [str(number) for number in range(960, 1000)]


async def test_a_program_gets_its_environment() -> None:
    async with Parts() as parts:
        part = await start(parts, "import os; print(os.environ['FLOOR_TEST'])", FLOOR_TEST="told")
        await part.ended

    assert list(part.last_lines) == ["told"]


async def test_leaving_without_having_started_anything_is_fine() -> None:
    async with Parts():
        pass
