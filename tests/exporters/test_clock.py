import time

from exporters import clock


class Seen:
    def __init__(self, newest: int | None) -> None:
        self.time = newest

    def newest(self) -> int | None:
        return self.time


def test_the_wall_clock_is_the_second_it_is_now_in_microseconds() -> None:
    before, now, after = time.time(), clock.wall()(Seen(None)), time.time()
    assert before - 1 <= now / 1_000_000 <= after
    assert now % 1_000_000 == 0


def test_the_wall_clock_goes_back_by_no_minute_or_less_but_by_more() -> None:
    times = iter((1_000.0, 999.9, 1_001.5, 941.0, 1_002.0, 941.9, 1_003.0, 900.0))
    wall = clock.wall(now_ns=lambda: round(next(times) * 1e9))

    said = [wall(Seen(None)) / 1_000_000 for _ in range(8)]

    assert said == [1_000, 1_000, 1_001, 1_001, 1_002, 941, 1_003, 900]


def test_a_fixed_clock_stays_whatever_is_seen() -> None:
    fixed = clock.fixed(17)
    assert [fixed(Seen(None)), fixed(Seen(99))] == [17, 17]


def test_the_newest_event_is_the_clock_and_never_goes_back() -> None:
    newest = clock.newest()
    assert [newest(Seen(time)) for time in (None, 5, 9, 7, None, 10)] == [0, 5, 9, 9, 9, 10]
