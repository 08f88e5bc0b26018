from kpi_state.explain.explain import examine
from tests.explaining import case_of, chain, explained, left_out, line_of, told
from tests.statements import lead, mailed, rep, spoke

YEAR = ("fiscal_year", "FY2024")
TOUCHED = [
    rep("r1", "2024-01-01", first_day="2024-02-01", team="A", name="Ann"),
    rep("r2", "2024-01-01", first_day="2024-03-01", team="A"),
    spoke("k1", "2024-01-20 10:00", "r1", phone="+31"),
    spoke("k2", "2024-02-05 10:00", "r1", phone="+31"),
    spoke("k3", "2024-02-05 11:00", "r1", phone="+31"),
    spoke("k4", "2024-02-09 10:00", "r1", phone="+31"),
]


def test_a_ramp_up_ends_with_the_first_touch_of_the_employment() -> None:
    explanation = explained(TOUCHED, "rep_ramp_up", "*", *YEAR)

    r1, r2 = line_of(explanation, "rep", "r1"), line_of(explanation, "rep", "r2")

    assert r1.parts == {"reps": 1, "days_sum": 4, "pending": 0, "pending_days_sum": 0}
    assert told(r1.decided_by) == [("first_day", "2024-02-01")]
    assert [(says, kind) for says, kind, _ in chain(r1.via)] == [("first touched in", "slot"), ("filled by", "call")]
    assert chain(r1.via)[1][2] == "k2"
    assert r1.via[0].via[0].decided_by[0].at == "events:4"
    assert r2.parts == {"reps": 0, "days_sum": 0, "pending": 1, "pending_days_sum": 305}
    assert (told(r2.decided_by), r2.via) == ([("first_day", "2024-03-01")], [])


def test_a_team_number_rests_on_the_team_too() -> None:
    explanation = explained(TOUCHED, "rep_ramp_up", "A", *YEAR)

    assert told(line_of(explanation, "rep", "r2").decided_by) == [("first_day", "2024-03-01"), ("team", "A")]


def test_a_first_day_that_was_corrected_lost() -> None:
    lines = [rep("r1", "2024-01-01", first_day="2024-02-01"), rep("r1", "2024-01-02", first_day="2024-02-05")]

    explanation = explained(lines, "rep_ramp_up", "r1", *YEAR)

    (lost,) = left_out(explanation, "superseded")
    assert lost.why == "first_day = 2024-02-01 lost against the later 2024-02-05"


def test_a_rep_who_left_and_came_back_has_two_employments() -> None:
    lines = [
        rep("r1", "2024-01-01", first_day="2024-01-10"),
        rep("r1", "2024-03-01", last_day="2024-03-01"),
        rep("r1", "2024-06-01", first_day="2024-06-01", last_day=None),
        spoke("k1", "2024-01-12 10:00", phone="+31"),
        spoke("k2", "2024-06-04 10:00", phone="+31"),
    ]

    line = line_of(explained(lines, "rep_ramp_up", "r1", *YEAR), "rep", "r1")

    assert line.parts == {"reps": 2, "days_sum": 5, "pending": 0, "pending_days_sum": 0}
    assert [subject for _, kind, subject in chain(line.via) if kind == "call"] == ["k1", "k2"]
    assert told(line.decided_by) == [
        ("first_day", "2024-01-10"),
        ("last_day", "2024-03-01"),
        ("first_day", "2024-06-01"),
    ]


def test_retention_rests_on_first_and_last_days() -> None:
    lines = [
        rep("r1", "2023-01-01", first_day="2023-01-01", name="Ann"),
        rep("r2", "2023-01-01", first_day="2023-01-01", last_day="2024-06-01"),
    ]

    explanation = explained(lines, "rep_retention", "*", *YEAR)

    assert line_of(explanation, "rep", "r1").parts == {"employed_at_start": 1, "still_employed": 1}
    assert line_of(explanation, "rep", "r2").parts == {"employed_at_start": 1, "still_employed": 0}
    assert told(line_of(explanation, "rep", "r2").decided_by) == [
        ("first_day", "2023-01-01"),
        ("last_day", "2024-06-01"),
    ]


def test_reps_that_count_at_another_time_say_when_and_many_are_counted() -> None:
    lines = [
        rep("r1", "2024-01-01", first_day="2024-02-01"),
        *(rep(f"s{n:02d}", "2023-01-01", first_day="2023-02-01") for n in range(25)),
    ]

    explanation = explained(lines, "rep_ramp_up", "*", *YEAR)

    found = left_out(explanation, "outside_window")
    assert (len(found), found[0].subject, found[0].why) == (20, "s00", "counts in FY2023")
    assert explanation.not_listed == {"outside_window": 5}


def test_only_the_first_reps_get_their_statements_if_that_is_asked() -> None:
    lines = examine(case_of(TOUCHED, "rep_ramp_up", "*", *YEAR), detailed=1).entities

    assert [bool(line.decided_by) for line in lines] == [True, False]


def test_touches_of_others_and_of_no_effect_end_nobodys_ramp_up() -> None:
    lines = [
        rep("r1", "2024-01-01", first_day="2024-02-01"),
        lead("l1", "2024-02-01", created_at="2024-02-01", owner_id="r1"),
        spoke("k1", "2024-02-05 10:00", "r2"),
        mailed("m1", "2024-02-05 10:00", "r1", automated=True),
    ]

    line = line_of(explained(lines, "rep_ramp_up", "r1", *YEAR), "rep", "r1")

    assert line.parts["pending"] == 1
