import click
import pytest

from floorpulse.pace import RATE, Pace


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


async def test_so_many_pass_in_a_second() -> None:
    clock = Clock()
    pace = Pace(50, clock, clock.sleep)
    for _ in range(101):
        await pace.step()

    assert clock.now == pytest.approx(102.0)


async def test_what_is_faster_than_a_clock_ticks_waits_now_and_then() -> None:
    clock = Clock()
    pace = Pace(10_000, clock, clock.sleep)
    for _ in range(20_001):
        await pace.step()

    assert clock.now == pytest.approx(102.0, abs=0.006)


async def test_who_was_late_makes_up_for_it() -> None:
    clock = Clock()
    pace = Pace(10, clock, clock.sleep)
    await pace.step()
    clock.now += 1
    for _ in range(10):
        await pace.step()

    assert clock.now == 101.0


async def test_without_a_rate_nothing_waits() -> None:
    clock = Clock()
    await Pace(None, clock, clock.sleep).step()

    assert clock.now == 100.0


@pytest.mark.parametrize(("text", "rate"), [("500", 500.0), ("0.5/s", 0.5), ("1e3/s", 1000.0)])
def test_a_rate_is_a_number_a_second(text: str, rate: float) -> None:
    assert RATE.convert(text, None, None) == rate


@pytest.mark.parametrize("text", ["0", "-1/s", "nan", "inf", "fast", "5/m"])
def test_anything_else_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(click.BadParameter, match=f"expected a number a second such as 500 or 500/s, got {text}"):
        RATE.convert(text, None, None)
