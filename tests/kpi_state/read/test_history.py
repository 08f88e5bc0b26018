from kpi_state.read.history import History
from tests.kpi_state.read.floor import on, us

TUESDAY = on("2024-05-14")


def history() -> History:
    return History(16, us("2024-05-28T12:00"))


def test_touchpoints_are_counted_between_two_quarter_hours_of_the_clock() -> None:
    kept = history()
    for quarter, touchpoints in ((36, 1), (37, 2), (40, 4), (36, 8)):
        kept.enter("r1", TUESDAY, [(quarter, touchpoints)], 0)
    kept.enter("r2", TUESDAY, [(36, 16)], 0)
    kept.enter("r1", TUESDAY + 1, [(36, 32)], 0)

    assert kept.touchpoints("r1", TUESDAY, 0, 96) == 15
    assert kept.touchpoints("r1", TUESDAY, 0, 36) == 0
    assert kept.touchpoints("r1", TUESDAY, 36, 37) == 9
    assert kept.touchpoints("r1", TUESDAY, 37, 40) == 2
    assert kept.touchpoints("r3", TUESDAY, 0, 96) == 0


def test_an_hour_may_begin_on_the_day_before() -> None:
    kept = history()
    for day, quarter, touchpoints in (
        (TUESDAY - 1, 92, 1),
        (TUESDAY - 1, 94, 2),
        (TUESDAY - 1, 95, 4),
        (TUESDAY, 0, 8),
        (TUESDAY, 1, 16),
    ):
        kept.enter("r1", day, [(quarter, touchpoints)], 0)

    assert kept.touchpoints("r1", TUESDAY, -2, 1) == 14
    assert kept.touchpoints("r1", TUESDAY, -3, 0) == 6
    assert kept.touchpoints("r1", TUESDAY + 1, -3, 96) == 0


def test_a_day_with_attempts_or_touchpoints_was_worked_unless_they_were_taken_back() -> None:
    kept = history()
    kept.enter("r1", TUESDAY, [(36, 0)], 2)
    kept.enter("r1", TUESDAY + 1, [(36, 1)], 0)
    assert [kept.worked("r1", TUESDAY + day) for day in (-1, 0, 1)] == [False, True, True]
    assert not kept.worked("r2", TUESDAY)

    kept.enter("r1", TUESDAY, [(37, 0)], -2)
    kept.enter("r1", TUESDAY + 1, [(36, -1)], 0)

    assert [kept.worked("r1", TUESDAY + day) for day in (0, 1)] == [False, False]


def test_days_that_are_too_long_ago_are_forgotten() -> None:
    kept = history()
    for day in ("2024-05-11", "2024-05-12", "2024-05-13"):
        kept.enter("r1", on(day), [(36, 1)], 1)
    assert [kept.worked("r1", on(f"2024-05-{day}")) for day in (11, 12, 13)] == [False, True, True]

    kept.advance(us("2024-05-28T23:59"))
    assert kept.worked("r1", on("2024-05-12"))

    kept.advance(us("2024-05-29T00:00"))
    kept.enter("r1", on("2024-05-12"), [(36, 1)], 1)
    assert [kept.worked("r1", on(f"2024-05-{day}")) for day in (12, 13)] == [False, True]
