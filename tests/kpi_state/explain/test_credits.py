from kpi_state.explain.explanation import Credit
from tests.explaining import explained, told
from tests.statements import appointment, lead, rep, spoke

MONTH = ("month", "2024-01")


def credits_of(*lines: bytes, key: str = "r1") -> list[tuple[str, str, str, list[tuple[str, object]]]]:
    found = explained(lines, "leads_created", key, *MONTH).credits
    return [(each.rep, each.key, each.team, told(each.decided_by)) for each in found]


def made(subject: str, by: str | None, day: int = 5) -> bytes:
    return lead(subject, f"2024-01-{day:02d}", created_at=f"2024-01-{day:02d}", owner_id=by)


def test_an_id_of_the_roster_stands_for_itself() -> None:
    assert credits_of(rep("r1", name="Ann", first_day="2020-01-01", deleted=False), made("l1", "r1")) == [
        ("r1", "r1", "", [("name", "Ann")])
    ]


def test_an_id_of_another_system_stands_for_who_held_it() -> None:
    lines = [
        rep("r1", external_ids={"crm": "7"}, name="Ann"),
        rep("r2", emails=["bob@b.c"]),
        made("l1", "crm:7"),
        made("l2", "Bob@b.c"),
    ]

    assert credits_of(*lines) == [("crm:7", "r1", "", [("external_ids", {"crm": "7"})])]
    assert credits_of(*lines, key="r2") == [("Bob@b.c", "r2", "", [("emails", ["bob@b.c"])])]


def test_a_number_of_a_team_rests_on_what_the_team_was_then() -> None:
    lines = [
        rep("r1", team="B", name="Ann"),
        rep("r1", "2024-01-10", team="A"),
        rep("r1", "2024-01-20", team="A"),
        made("l1", "r1", 12),
        made("l2", "r1", 25),
    ]

    explanation = explained(lines, "leads_created", "A", *MONTH)

    (credit,) = explanation.credits
    assert (credit.rep, credit.key, credit.team) == ("r1", "r1", "A")
    assert [(said.value, said.time) for said in credit.decided_by] == [("A", "2024-01-10T12:00:00Z")]


def test_other_statements_for_the_same_id_are_another_credit() -> None:
    lines = [
        rep("r1", extensions=["101"]),
        rep("r1", "2024-01-10", extensions=[]),
        rep("r1", "2024-01-20", extensions=["101"], timezone="Asia/Kathmandu"),
        made("l1", "101", 5),
        made("l2", "101", 25),
        made("l3", "101", 26),
    ]

    found = explained(lines, "leads_created", "r1", *MONTH).credits

    assert [[(said.value, said.at) for said in each.decided_by] for each in found] == [
        [(["101"], "events:1")],
        [(["101"], "events:3")],
    ]


def test_a_zone_is_said_where_the_bucket_depends_on_it() -> None:
    lines = [rep("r1", timezone="Asia/Kathmandu"), spoke("k1", "2024-01-04 20:00")]

    explanation = explained(lines, "touchpoints", "*", "day", "2024-01-05")

    assert explanation.credits == [Credit("r1", "r1", "", explanation.credits[0].decided_by)]
    assert told(explanation.credits[0].decided_by) == [("timezone", "Asia/Kathmandu")]


def test_nobody_and_ids_that_nobody_knows_rest_on_nothing() -> None:
    lines = [made("l1", None), made("l2", "ghost"), made("l3", "ghost")]

    assert credits_of(*lines, key="*") == [("ghost", "unmapped", "", []), ("unassigned", "unassigned", "", [])]


def test_a_labelled_number_of_parts_of_a_whole_rests_on_people_as_the_whole_does() -> None:
    lines = [
        rep("r1", name="Ann"),
        appointment("a1", "2024-01-05", set_by="r1", verdict="rejected", verdict_at="2024-01-05", reason="late"),
        appointment("a2", "2024-01-05", set_by="r1", verdict="accepted", verdict_at="2024-01-06"),
    ]

    explanation = explained(lines, "appointment_disqualification", "r1", *MONTH, reason="late")

    assert [(each.rep, told(each.decided_by)) for each in explanation.credits] == [("r1", [("name", "Ann")])]
