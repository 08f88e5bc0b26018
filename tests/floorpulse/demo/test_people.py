from datetime import date, time

from floorpulse.demo.people import NAMES, TEAMS, announcements, floor_reps
from kpi_state.events import parse_target_subject

FIRST, LIVE = date(2026, 3, 2), date(2026, 3, 24)


def test_forty_reps_share_four_teams_equally() -> None:
    reps = floor_reps(1, FIRST, LIVE)

    assert len({rep.id for rep in reps}) == len(NAMES) == 40
    assert [sum(rep.team == team for rep in reps) for team in TEAMS] == [10, 10, 10, 10]


def test_no_two_reps_share_an_extension_or_a_telephone_id() -> None:
    reps = floor_reps(1, FIRST, LIVE)

    assert len({rep.extension for rep in reps}) == len({rep.phone_id for rep in reps}) == 40


def test_some_begin_after_the_first_day_and_one_leaves_before_the_show() -> None:
    reps = floor_reps(1, FIRST, LIVE)
    leaver = next(rep for rep in reps if rep.last)

    assert sum(FIRST < rep.first <= LIVE for rep in reps) == 2
    assert leaver.employed(FIRST)
    assert not leaver.employed(LIVE)


def test_a_local_time_is_the_reps_own() -> None:
    reps = floor_reps(1, FIRST, LIVE)
    north, coast = reps[0], reps[-1]

    assert coast.local(LIVE, time(9)) - north.local(LIVE, time(9)) == 3_600_000_000


def test_whoever_is_new_has_a_smaller_quota_from_the_first_day_on() -> None:
    reps = floor_reps(1, FIRST, LIVE)
    said = list(announcements(reps, FIRST, LIVE, "emma"))
    targets = [parse_target_subject(statement.subject) for statement in said if statement.kind == "target"]
    new = [rep for rep in reps if rep.first > FIRST]

    assert len(targets) == len(new) == 2


def test_hr_says_everybody_one_move_one_leave_and_one_end() -> None:
    said = list(announcements(floor_reps(1, FIRST, LIVE), FIRST, LIVE, "emma"))
    of_reps = [statement for statement in said if statement.kind == "rep"]

    assert len({statement.subject for statement in of_reps}) == 40
    assert [set(statement.facts) for statement in of_reps if "name" not in statement.facts] == [{"last_day"}, {"team"}]
    assert [statement.facts["rep_id"] for statement in said if statement.kind == "absence"] == ["emma"]
