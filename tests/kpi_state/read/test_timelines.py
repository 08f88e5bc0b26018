from kpi_state.events import Stamp
from kpi_state.read.timelines import Timeline, timeline


def stamp(time: int) -> Stamp:
    return time, "", "/hr", f"e{time}"


def test_the_first_statement_holds_before_it_was_made() -> None:
    line = timeline([(stamp(10), "A"), (stamp(20), "B")], 100)

    assert [line.at(time) for time in (0, 9, 10, 19, 20, 99)] == ["A", "A", "A", "A", "B", "B"]
    assert line.last() == "B"


def test_statements_after_now_are_ignored() -> None:
    assert timeline([(stamp(10), "A"), (stamp(20), "B")], 19).last() == "A"
    assert timeline([(stamp(10), "A")], 9) == Timeline()


def test_a_cleared_value_is_none() -> None:
    assert timeline([(stamp(10), "A"), (stamp(20), None)], 20).at(20) is None


def test_who_never_said_anything_has_no_value() -> None:
    assert Timeline().at(5) is None
    assert Timeline().last() is None


def test_of_statements_at_one_instant_the_last_one_holds_from_then() -> None:
    line = timeline([((10, "1", "/hr", "a"), "A"), ((10, "2", "/hr", "b"), "B")], 10)

    assert line.at(10) == "B"


def test_a_repeated_value_changes_nothing() -> None:
    assert timeline([(stamp(10), "A"), (stamp(11), "A"), (stamp(12), "A")], 100) == timeline([(stamp(10), "A")], 100)


def test_a_value_is_steady_between_two_instants_unless_another_begins_after_the_first() -> None:
    line = timeline([(stamp(10), "A"), (stamp(20), "B")], 100)

    assert [line.steady(*times) for times in ((0, 9), (10, 19), (20, 90), (9, 10), (15, 20), (0, 90))] == (
        [True] * 3 + [False] * 3
    )
