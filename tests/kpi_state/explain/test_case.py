from kpi_state.buckets import Cell, quarter
from kpi_state.explain.witnesses import Who
from tests.explaining import case_of, told
from tests.reference import microseconds
from tests.statements import absence, lead, rep, target

LINES = [
    rep("r2", team="A"),
    rep("r1", team="A"),
    absence("a1", "2024-01-01", rep_id="r1", from_="2024-01-02", until="2024-01-03"),
    target("touchpoints/*/day/2024-01-01", "2024-01-01", value=5),
    lead("l1", "2024-01-05", created_at="2024-01-05", owner_id="r1", origin="web"),
    lead("l2", "2024-01-06", created_at="2024-01-06", owner_id="r1"),
]


def cell(rep_: str = "r1", at: str = "2024-01-05T12:00:00Z", origin: str = "") -> Cell:
    return "leads_created", rep_, quarter(microseconds(at)), (origin,)


def test_a_contribution_lands_in_the_number_or_does_not() -> None:
    case = case_of(LINES, "leads_created", "r1", "month", "2024-01")

    assert case.landed(cell(), (1,)) == (1,)
    assert case.landed(cell(origin="web"), (1,)) == (1,)
    assert case.landed(cell("r2"), (1,)) is None
    assert case.landed(cell(at="2024-02-05T12:00:00Z"), (1,)) is None
    assert case.landed(cell(), (0,)) is None


def test_parts_are_shown_as_they_are_printed_and_nothing_as_zeros() -> None:
    case = case_of(LINES, "open_lead_age", "r1", "now")

    assert case.shown((1, 1_500_000, 1_500_000, 0)) == {
        "open": 1,
        "age_seconds_sum": 1.5,
        "oldest_seconds": 1.5,
        "over_limit": 0,
    }
    assert case.shown((0, 0, 0, 0)) == {"open": 0, "age_seconds_sum": 0, "oldest_seconds": 0, "over_limit": 0}
    assert case.together([(1, 5, 5, 0), (1, 7, 7, 1)]) == (2, 12, 7, 1)


def test_numbers_of_the_same_key_in_another_window_are_ours() -> None:
    case = case_of(LINES, "leads_created", "r1", "month", "2024-01")

    assert case.ours(case.slot._replace(window="day", bucket="2024-01-05"))
    assert not case.ours(case.slot._replace(key="r2"))
    assert not case.ours(case.slot._replace(labels=(("origin", "web"),)))


def test_people_are_the_reps_of_the_roster_and_nobody_else() -> None:
    case = case_of(LINES, "leads_created", "r1", "month", "2024-01")

    assert list(case.people) == ["r1", "r2"]
    assert case.people["r1"].last("team") == "A"


def test_a_reader_of_the_roster_knows_people_and_no_numbers() -> None:
    reader = case_of(LINES, "leads_created", "r1", "month", "2024-01").roster_reader()

    assert [(person.rep, person.team) for person in reader.people(microseconds("2024-02-01T00:00:00Z"))] == [
        ("r1", "A"),
        ("r2", "A"),
    ]
    assert reader.samples(microseconds("2024-02-01T00:00:00Z")) == []


def test_what_an_entity_said_of_a_field_is_a_statement_and_what_it_never_said_is_none() -> None:
    case = case_of(LINES, "leads_created", "r1", "month", "2024-01")

    assert told(case.said(Who("lead", "l1"), "origin")) == [("origin", "web")]
    assert case.said(Who("lead", "l2"), "origin") == []
    assert list(case.witnesses.lost()) == []
