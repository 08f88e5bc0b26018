"""Ages: right at every look without any new event, for the owners and teams of now."""

import pytest

from kpi_state.kpis.registry import by_stem
from kpi_state.read.ages import Ages
from kpi_state.read.sample import sample_of
from tests.kpi_state.read.floor import Floor, settings_of, since, us


def test_open_leads_have_a_number_a_mean_an_oldest_and_some_over_the_limit() -> None:
    floor = Floor(settings_of(lead_age_days=1))
    floor.rep("r1")
    for time in ("2024-05-10T00:00", "2024-05-12T12:00", "2024-05-13T12:00"):
        floor.count("open_lead_age", "r1", since(time), 1)

    board = floor.look("2024-05-14T12:00")

    day = 86_400
    parts = {"open": 3, "age_seconds_sum": 7.5 * day, "oldest_seconds": 4.5 * day, "over_limit": 2}
    assert board.parts("open_lead_age", "rep:r1", "now") == parts
    assert board.value("open_lead_age", "*", "now") == 2.5 * day


def test_a_lead_of_exactly_the_limit_is_not_over_it() -> None:
    floor = Floor()
    floor.count("open_lead_age", "r1", since("2024-05-01T10:00:00.000001"), 1)

    def over(now: str) -> int | float:
        parts = floor.look(now).parts("open_lead_age", "*", "now")
        assert parts is not None
        return parts["over_limit"]

    assert over("2024-05-31T10:00:00.000001") == 0
    assert over("2024-05-31T10:00:00.000002") == 1


def test_ages_grow_by_the_microsecond_without_any_event() -> None:
    floor = Floor()
    floor.count("open_lead_age", "r1", since("2024-05-14T10:00:00.25"), 1)

    assert floor.look("2024-05-14T10:00:00.250001").parts("open_lead_age", "*", "now") == {
        "open": 1,
        "age_seconds_sum": 0.000001,
        "oldest_seconds": 0.000001,
        "over_limit": 0,
    }
    assert floor.look("2024-05-14T10:00:01.25").value("open_lead_age", "*", "now") == 1


def test_a_lead_dated_ahead_is_held_back_until_its_instant() -> None:
    floor = Floor()
    floor.count("open_lead_age", "r1", since("2024-05-14T10:07"), 1)

    assert floor.look("2024-05-14T10:06:59.999999").samples == []
    assert floor.look("2024-05-14T10:07").parts("open_lead_age", "*", "now") == {
        "open": 1,
        "age_seconds_sum": 0,
        "oldest_seconds": 0,
        "over_limit": 0,
    }


def test_a_lead_dated_ahead_and_taken_back_never_counts() -> None:
    floor = Floor()
    floor.count("open_lead_age", "r1", since("2024-05-14T10:07"), 1)
    floor.look("2024-05-14T10:00")
    floor.count("open_lead_age", "r1", since("2024-05-14T10:07"), -1)

    assert floor.look("2024-05-14T10:06").samples == []
    assert floor.look("2024-05-14T10:08").samples == []


def test_owner_and_team_are_those_of_now() -> None:
    floor = Floor()
    floor.rep("r1", extensions=["101"], team="A")
    floor.rep("r2", team="B")
    floor.count("open_lead_age", "101", since("2024-05-01"), 1)
    floor.count("open_lead_age", "r2", since("2024-05-02"), 1)
    assert floor.look("2024-05-14").whos("open_lead_age", "now") == {"rep:r1", "team:A", "rep:r2", "team:B", "*"}

    floor.rep("r1", "2024-05-15", extensions=[])
    floor.rep("r2", "2024-05-15", extensions=["101"], team="C")

    board = floor.look("2024-05-16")
    assert board.whos("open_lead_age", "now") == {"rep:r2", "team:C", "*"}
    assert board.parts("open_lead_age", "rep:r2", "now") == {
        "open": 2,
        "age_seconds_sum": 29 * 86_400,
        "oldest_seconds": 15 * 86_400,
        "over_limit": 0,
    }


def test_closed_leads_leave_and_the_next_oldest_is_the_oldest() -> None:
    floor = Floor()
    for time in ("2024-05-01", "2024-05-02", "2024-05-02"):
        floor.count("open_lead_age", "r1", since(time), 1)
    floor.look("2024-05-03")
    floor.count("open_lead_age", "r1", since("2024-05-01"), -1)

    parts = floor.look("2024-05-03").parts("open_lead_age", "*", "now")

    assert parts == {"open": 2, "age_seconds_sum": 2 * 86_400, "oldest_seconds": 86_400, "over_limit": 0}
    floor.count("open_lead_age", "r1", since("2024-05-02"), -2)
    assert floor.look("2024-05-03").samples == []


def test_pending_appointments_stand_beside_the_decided_ones_with_their_mean_age() -> None:
    floor = Floor()
    for time in ("2024-05-14T10:00", "2024-05-14T10:00:01"):
        floor.count("appointment_disqualification", "r1", since(time), 0, 0, 1, labels=("",))

    board = floor.look("2024-05-14T10:00:02")

    assert {sample.window for sample in board.samples} == {"now"}
    parts = {"pending": 2, "pending_age_seconds_sum": 3}
    assert board.parts("appointment_disqualification", "rep:unmapped", "now") == parts
    assert board.value("appointment_disqualification", "*", "now") == 1.5


def test_what_was_never_counted_cannot_be_taken_back() -> None:
    ages = Ages(by_stem("open_lead_age"), 1)
    ages.enter("r1", (), 5, 1)

    with pytest.raises(ValueError, match="open_lead_age: 2 waiting since 5 taken back, which were never counted"):
        ages.enter("r1", (), 5, -2)


def test_what_changed_is_what_was_entered_and_at_another_instant_everything() -> None:
    floor = Floor()
    for rep in ("r1", "r2"):
        floor.rep(rep)
        floor.count("open_lead_age", rep, since("2024-05-14T10:00"), 1)
    now = us("2024-05-14T11:00")

    def changed(at: int) -> dict[str, object]:
        found = floor.reader.changes(at).slots()
        samples = {slot.key: amounts and sample_of(slot, amounts) for slot, amounts in found.items()}
        return {key: sample and sample.value for key, sample in samples.items()}

    assert changed(now) == {"r1": 3600, "r2": 3600, "*": 3600}
    assert changed(now) == {}

    floor.count("open_lead_age", "r1", since("2024-05-14T10:00"), -1)
    assert changed(now) == {"r1": None, "*": 3600}
    assert changed(now + 1_000_000) == {"r2": 3601, "*": 3601}

    floor.count("open_lead_age", "r2", since("2024-05-14T10:00"), -1)
    floor.count("open_lead_age", "r1", since("2024-05-14T10:30"), 1)
    assert changed(now) == {"r1": 1800, "*": 1800}


def test_labelled_ages_stand_side_by_side_and_the_limit_is_that_of_their_record() -> None:
    floor = Floor()
    floor.rep("r1", team="A")
    floor.count("pipeline", "r1", since("2024-05-01T12:00"), 1, labels=("Offer", "south", ""))
    floor.count("pipeline", "r1", since("2024-05-13T12:00"), 1, labels=("Demo", "south", ""))

    board = floor.look("2024-05-15T12:00:01", current=True)

    assert board.parts("pipeline", "team:A", "now", stage="Offer") == {
        "deals": 1,
        "age_seconds_sum": 1_209_601,
        "oldest_seconds": 1_209_601,
        "over_limit": 1,
    }
    assert board.value("pipeline", "rep:r1", "now", stage="Demo") == 1
    assert board.value("pipeline", "*", "now", region="south") == 2
    assert board.value("pipeline", "*", "now") == 2
    assert board.parts("pipeline", "*", "now", product="") is None
