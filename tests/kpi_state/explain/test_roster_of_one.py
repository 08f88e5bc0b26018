from kpi_state.buckets import quarter
from kpi_state.definitions import ReadSettings
from kpi_state.events import decode
from kpi_state.explain.minimal import Piece
from kpi_state.explain.roster_of_one import least, moments, reader_of, runs
from kpi_state.facts import merge
from kpi_state.read.document import instant_text
from kpi_state.read.timelines import timeline
from kpi_state.rows import Row
from tests.reference import microseconds
from tests.statements import rep

NOW = microseconds("2024-02-01T12:00:00Z")


def row_of(*lines: bytes) -> Row:
    row = Row()
    for line in lines:
        merge(row, decode(line))
    return row


def test_a_reader_of_one_rep_knows_that_rep_and_what_it_was_given() -> None:
    row = row_of(rep("r1", team="A"))
    cell = ("touchpoints", "r1", quarter(NOW), ("call",))

    reader = reader_of(ReadSettings(), "r1", row, [(cell, (1, 0, 0))])

    assert [(person.rep, person.team) for person in reader.people(NOW)] == [("r1", "A")]
    assert {(sample.grain, sample.key) for sample in reader.samples(NOW) if sample.kpi == "touchpoints"} == {
        ("rep", "r1"),
        ("team", "A"),
        ("org", "*"),
    }


def test_an_empty_row_is_nobody() -> None:
    assert reader_of(ReadSettings(), "r1", Row()).people(NOW) == []


def test_the_least_of_a_row_is_what_is_needed_the_earliest_of_equal_ones() -> None:
    row = row_of(rep("r1", "2024-01-01", team="A", name="Ann"), rep("r1", "2024-01-02", team="A"))

    kept = least(row, lambda some: some.last("team") == "A")

    assert kept == [Piece("line", "team", row.lines["team"][0][0])]


def test_of_a_team_that_was_left_and_joined_again_the_time_decides() -> None:
    row = row_of(
        *(rep("r1", day, team=team) for day, team in (("2024-01-01", "A"), ("2024-01-10", "B"), ("2024-01-20", "A")))
    )

    def in_team_on(day: str) -> list[str]:
        at = microseconds(f"{day}T00:00:00Z")
        kept = least(row, lambda some: timeline(some.lines.get("team", ()), NOW).at(at) == "A")
        return [instant_text(piece.of[0]) for piece in kept]

    assert in_team_on("2024-01-05") == ["2024-01-01T12:00:00Z"]
    assert in_team_on("2024-01-25") == ["2024-01-20T12:00:00Z"]


def test_a_row_says_something_new_at_the_start_of_each_run() -> None:
    row = row_of(
        rep("r1", "2024-01-01", team="A"), rep("r1", "2024-01-02", team="A"), rep("r1", "2024-01-03", name="x")
    )

    assert [instant_text(time) for time in moments(row)] == ["2024-01-01T12:00:00Z", "2024-01-03T12:00:00Z"]
    assert [len(run) for run in runs(row.lines["team"])] == [2]
