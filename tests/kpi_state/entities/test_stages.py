from kpi_state.entities.stages import Stay, stays
from kpi_state.facts import Line


def line(*said: tuple[int, str | None]) -> Line:
    return [((time, "", "/crm", f"e{time}"), stage) for time, stage in said]


def test_a_deal_stays_until_the_next_stage_and_in_the_last_one_for_now() -> None:
    assert stays(line((1, "A"), (5, "B")), "open", 0) == [Stay("A", 1, 5, "moved_on"), Stay("B", 5, 0, "")]


def test_a_repeated_stage_is_one_stay_and_a_cleared_one_does_not_end_it() -> None:
    assert stays(line((1, "A"), (2, "A"), (3, None), (4, ""), (5, "A")), "open", 0) == [Stay("A", 1, 0, "")]


def test_a_deal_moves_back_to_where_it_was_before() -> None:
    assert [stay.exit for stay in stays(line((1, "A"), (2, "B"), (3, "A"), (4, "C")), "open", 0)] == [
        "moved_on",
        "moved_back",
        "moved_on",
        "",
    ]


def test_a_closed_deal_left_its_last_stage_by_its_outcome() -> None:
    assert stays(line((1, "A"), (5, "B")), "won", 9) == [Stay("A", 1, 5, "moved_on"), Stay("B", 5, 9, "won")]
    assert stays(line((1, "A")), "lost", 9) == [Stay("A", 1, 9, "lost")]


def test_a_stage_that_is_said_at_or_after_the_close_is_none() -> None:
    assert stays(line((1, "A"), (9, "Closed won"), (12, "Billing")), "won", 9) == [Stay("A", 1, 9, "won")]
    assert stays(line((9, "Closed won")), "won", 9) == []


def test_a_deal_of_which_nobody_says_the_stage_was_in_none() -> None:
    assert stays([], "open", 0) == []
    assert stays([], "won", 9) == []
