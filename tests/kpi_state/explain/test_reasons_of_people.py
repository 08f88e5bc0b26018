"""Every reason why a rep is not in a number about reps is a test of its own."""

from kpi_state.explain.explanation import LeftOut
from tests.explaining import explained, told
from tests.statements import rep

HERE = rep("here", "2023-01-01", first_day="2023-01-01", team="A")
NEW = rep("new", "2024-01-01", first_day="2024-02-01", team="A")


def reason(line: bytes, *more: bytes, kpi: str = "rep_ramp_up", key: str = "*") -> LeftOut:
    """Why r1 is not in the number of 2024."""
    explanation = explained([HERE, NEW, line, *more], kpi, key, "fiscal_year", "FY2024")
    (found,) = (each for each in explanation.left_out if each.subject == "r1" and each.reason != "superseded")
    return found


def test_a_rep_whom_the_roster_deleted() -> None:
    found = reason(rep("r1", "2024-01-01", first_day="2024-02-01"), rep("r1", "2024-03-01", deleted=True))

    assert (found.reason, found.why) == ("deleted", "the roster deleted the rep")
    assert found.parts == {"reps": 0, "days_sum": 0, "pending": 1, "pending_days_sum": 334}
    assert [(said.value, said.at) for said in found.decided_by] == [(True, "events:4")]


def test_a_rep_without_a_first_day() -> None:
    found = reason(rep("r1", "2024-05-01", name="Ann"))

    assert (found.reason, found.why, found.decided_by) == ("no_first_day", "has no first_day", [])


def test_a_rep_of_whom_nothing_is_said() -> None:
    found = reason(rep("r1", "2024-05-01"))

    assert found.reason == "no_first_day"


def test_a_rep_whose_first_day_was_cleared() -> None:
    assert reason(rep("r1", "2024-05-01", name="Ann", first_day=None)).reason == "no_first_day"


def test_a_rep_who_is_yet_to_begin() -> None:
    explanation = explained(
        [NEW, rep("r1", "2024-01-01", first_day="2024-11-01")],
        "rep_ramp_up",
        "*",
        "fiscal_year",
        "FY2024",
        now="2024-06-01T00:00:00Z",
    )

    (found,) = explanation.left_out
    assert (found.reason, found.why) == ("held_back", "begins on 2024-11-01")
    assert told(found.decided_by) == [("first_day", "2024-11-01")]


def test_a_rep_who_began_after_the_window_did() -> None:
    found = reason(rep("r1", "2024-01-01", first_day="2024-02-01"), kpi="rep_retention")

    assert (found.reason, found.why) == ("began_later", "began on 2024-02-01, after the window did")
    assert found.parts == {"employed_at_start": 1, "still_employed": 1}


def test_a_rep_who_left_before_the_window_began() -> None:
    found = reason(rep("r1", "2022-01-01", first_day="2023-02-01", last_day="2023-05-01"), kpi="rep_retention")

    assert (found.reason, found.why) == ("left", "left before the window began")
    assert told(found.decided_by) == [("last_day", "2023-05-01")]


def test_a_rep_who_left_without_a_touch() -> None:
    found = reason(rep("r1", "2024-01-01", first_day="2024-02-01", last_day="2024-03-01"))

    assert (found.reason, found.why) == ("left_untouched", "left without an effective touch")


def test_a_rep_who_was_in_another_team() -> None:
    found = reason(
        rep("r1", "2024-01-01", first_day="2024-02-01", team="B"), rep("r1", "2024-06-01", team="A"), key="A"
    )

    assert (found.reason, found.why) == ("team", "was in another team then")


def test_a_rep_of_another_team_is_no_concern_of_this_one() -> None:
    explanation = explained(
        [HERE, NEW, rep("r1", "2024-01-01", first_day="2024-02-01", team="B")],
        "rep_ramp_up",
        "A",
        "fiscal_year",
        "FY2024",
    )

    assert [each.subject for each in explanation.left_out] == ["here"]
