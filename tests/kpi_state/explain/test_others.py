from kpi_state.explain.others import ids_ever
from tests.explaining import case_of, explained, left_out
from tests.statements import lead, rep, spoke


def calls(*by: str | None, day: str = "2024-01-05") -> list[bytes]:
    return [spoke(f"k{n}", f"{day} {8 + n:02d}:00", who) for n, who in enumerate(by)]


def test_an_id_that_was_released_before_does_not_count_for_who_held_it() -> None:
    lines = [
        rep("r1", external_ids={"x": "1"}, emails=["Ann@b.c"], extensions=["101"]),
        rep("r1", "2024-01-05 09:30", external_ids={}, emails=[], extensions=None),
        *calls("r1", "x:1", "x:1", "ann@b.c", "101"),
    ]

    found = left_out(explained(lines, "touchpoints", "r1", "day", "2024-01-05"), "identity")

    assert [(each.subject, each.why, each.parts["touchpoints"]) for each in found] == [
        ("101", "'101' did not mean r1 then, it counts for unmapped", 1),
        ("ann@b.c", "'ann@b.c' did not mean r1 then, it counts for unmapped", 1),
        ("x:1", "'x:1' did not mean r1 then, it counts for unmapped", 1),
    ]


def test_ids_that_the_roster_does_not_know_may_be_anybodys() -> None:
    lines = [rep("r1"), rep("r2"), *calls("r1", "ghost", "ghost", "r2", None)]

    found = left_out(explained(lines, "touchpoints", "r1", "day", "2024-01-05"), "unmapped")

    assert [(each.kind, each.subject, each.why, each.parts["touchpoints"]) for each in found] == [
        ("rep", "ghost", "the roster did not know 'ghost' then, it counts for unmapped", 2)
    ]


def test_a_team_is_told_who_was_in_another_or_in_none() -> None:
    lines = [
        rep("r1", team="A"),
        rep("r2", team="B"),
        rep("r2", "2024-01-06", team="A"),
        rep("r3", team="B"),
        rep("r4"),
        lead("l1", "2024-01-05", created_at="2024-01-05", owner_id="r1"),
        lead("l2", "2024-01-05", created_at="2024-01-05"),
        *(
            lead(f"of {rep_}", "2024-01-05", created_at="2024-01-05", owner_id=rep_)
            for rep_ in ("r1", "r2", "r3", "r4", "ghost")
        ),
    ]

    found = explained(lines, "leads_created", "A", "month", "2024-01").left_out

    assert [(each.reason, each.subject, each.why) for each in found if each.kind == "rep"] == [
        ("no_team", "r4", "r4 is in no team"),
        ("team", "r2", "r2 was in another team then"),
        ("unassigned", "unassigned", "nobody was named, and nobody is in no team"),
        ("unmapped", "ghost", "the roster did not know 'ghost' then, it counts for unmapped"),
    ]


def test_of_many_unknown_ids_the_busiest_are_listed() -> None:
    lines = [rep("r1"), *calls("r1", "g99", "g99", *(f"g{n:02d}" for n in range(12)))]
    lines += [spoke(f"more {n}", f"2024-01-05 10:{n:02d}", f"h{n:02d}") for n in range(30)]

    explanation = explained(lines, "touchpoints", "r1", "day", "2024-01-05")

    found = left_out(explanation, "unmapped")
    assert (len(found), {each.subject for each in found} >= {"g99", "g00"}) == (20, True)
    assert explanation.not_listed["unmapped"] == 23


def test_nobody_is_missing_from_the_organisation() -> None:
    lines = [rep("r1"), *calls("r1", "ghost", None)]

    explanation = explained(lines, "touchpoints", "*", "day", "2024-01-05")

    assert [each for each in explanation.left_out if each.kind == "rep"] == []


def test_ids_are_those_that_were_ever_claimed() -> None:
    lines = [
        rep("r1", external_ids={"x": "1", "y": "2"}, emails=["Ann@b.c"]),
        rep("r1", "2024-01-05", external_ids=None, extensions=["101"], name="Ann"),
        *calls("r1"),
    ]

    row = case_of(lines, "touchpoints", "r1", "day", "2024-01-05").people["r1"]

    assert ids_ever(row) == {"x:1", "y:2", "ann@b.c", "101"}
