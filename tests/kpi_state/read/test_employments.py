from kpi_state.events import Stamp, Value
from kpi_state.read.employments import Employment, employed, employments

Line = list[tuple[Stamp, Value]]


def line(*said: tuple[int, int | None]) -> Line:
    return [((time, "", "/hr", f"e{time}"), value) for time, value in said]


def known(first: Line, last: Line, now: int = 1000) -> tuple[Employment, ...]:
    return employments(first, last, now)


def test_an_employment_holds_its_first_and_its_last_day() -> None:
    (employment,) = known(line((1, 100)), line((2, 200)))

    assert [employment.holds(day) for day in (99, 100, 200, 201)] == [False, True, True, False]
    assert [employment.ended(day) for day in (99, 200, 201)] == [False, False, True]


def test_an_employment_without_a_last_day_goes_on() -> None:
    (employment,) = known(line((1, 100)), [])

    assert employment.last is None
    assert employment.holds(10**6)


def test_a_first_day_after_the_known_last_day_opens_another_employment() -> None:
    assert known(line((1, 100), (3, 300)), line((2, 200))) == ((100, 200), (300, None))


def test_a_rehire_in_one_event_has_the_new_first_day_and_no_last_day() -> None:
    assert known(line((1, 100), (3, 300)), line((2, 200), (3, None))) == ((100, 200), (300, None))


def test_a_hire_for_a_known_time_in_one_event_is_one_employment() -> None:
    assert known(line((1, 100), (3, 300)), line((1, 200), (3, 400))) == ((100, 200), (300, 400))


def test_any_other_first_day_corrects_the_running_employment() -> None:
    assert known(line((1, 100), (2, 110)), []) == ((110, None),)
    assert known(line((1, 100), (3, 200)), line((2, 200))) == ((200, 200),)


def test_a_last_day_that_was_taken_back_is_none() -> None:
    assert known(line((1, 100)), line((2, 200), (3, None))) == ((100, None),)
    assert known(line((1, 100), (4, 300)), line((2, 200), (3, None))) == ((300, None),)


def test_without_a_first_day_there_is_no_employment() -> None:
    assert known([], line((1, 200))) == ()
    assert known(line((1, 100), (2, None)), []) == ()
    assert known([], []) == ()


def test_a_last_day_stated_before_the_first_day_belongs_to_it() -> None:
    assert known(line((2, 100)), line((1, 200))) == ((100, 200),)


def test_a_first_day_after_a_lonely_last_day_starts_anew() -> None:
    assert known(line((2, 300)), line((1, 200))) == ((300, None),)


def test_nightly_repetitions_change_nothing() -> None:
    once = known(line((1, 100), (3, 300)), line((2, 200), (3, None)))

    assert known(line((1, 100), (3, 300), (4, 300), (5, 300)), line((2, 200), (3, None), (4, None), (5, None))) == once


def test_statements_after_now_are_ignored() -> None:
    assert known(line((1, 100), (3, 300)), line((2, 200)), now=1) == ((100, None),)
    assert known(line((1, 100), (3, 300)), line((2, 200)), now=2) == ((100, 200),)


def test_the_employment_of_a_day_is_the_one_that_holds_it() -> None:
    spans = (Employment(100, 200), Employment(300, None))

    assert [employed(spans, day) for day in (99, 150, 250, 300)] == [None, spans[0], None, spans[1]]
    assert employed((Employment(100, None), Employment(50, 200)), 150) == (100, None)
