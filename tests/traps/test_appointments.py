"""#11: what became of appointments, when, and which still wait."""

from tests.statements import appointment, rep
from tests.worlds import Board, seen

REPS = [rep("r1"), rep("r2")]
SET = appointment("a", "2024-01-01", set_by="r1", set_at="2024-01-01 10:00", lead_id="L")
Parts = dict[str, int | float] | None


def decided(board: Board, bucket: str, who: str = "*", **labels: str) -> Parts:
    return board.parts("appointment_disqualification", who, "fiscal_quarter", bucket, **labels)


def test_an_appointment_counts_for_who_set_it_when_it_was_decided() -> None:
    board = seen(
        REPS,
        SET,
        appointment("a", "2024-04-09", verdict="accepted", verdict_at="2024-04-08 10:00"),
        appointment("b", "2024-01-01", set_by="r2", verdict="rejected", verdict_at="2024-04-02 10:00"),
    )

    assert decided(board, "FY2024-Q2") == {"decided": 2, "rejected": 1}
    assert decided(board, "FY2024-Q2", "rep:r1") == {"decided": 1, "rejected": 0}
    assert decided(board, "FY2024-Q2", "rep:r2") == {"decided": 1, "rejected": 1}
    assert decided(board, "FY2024-Q1") is None
    assert board.value("appointment_disqualification", "*", "month", "2024-04") == 0.5


def test_without_verdict_at_the_verdicts_deciding_fact_dates_it() -> None:
    nightly = [appointment("a", f"2024-{month:02d}-15", verdict="rejected") for month in range(3, 8)]

    board = seen(REPS, SET, nightly)

    assert decided(board, "FY2024-Q1") == {"decided": 1, "rejected": 1}
    assert decided(board, "FY2024-Q2") is None


def test_a_verdict_changed_counts_as_what_it_became() -> None:
    board = seen(
        REPS,
        SET,
        appointment("a", "2024-02-01", verdict="rejected"),
        appointment("a", "2024-05-01", verdict="accepted"),
    )

    assert decided(board, "FY2024-Q1") is None
    assert decided(board, "FY2024-Q2") == {"decided": 1, "rejected": 0}


def test_a_verdict_taken_back_is_pending_again() -> None:
    board = seen(
        REPS, SET, appointment("a", "2024-02-01", verdict="rejected"), appointment("a", "2024-05-01", verdict="pending")
    )

    assert decided(board, "FY2024-Q1") is None
    assert board.keys("appointment_disqualification", "now") == {"rep:r1", "*"}


def test_pending_appointments_stand_in_the_window_now_with_their_age() -> None:
    board = seen(
        REPS,
        SET,
        appointment("b", "2024-12-31", set_by="r2", set_at="2024-12-31 11:00", verdict="pending"),
        appointment("c", "2024-12-31", set_by="r2", set_at="2025-02-01 11:00"),
        now="2024-12-31T12:00:00Z",
    )

    age = 365 * 86_400 + 2 * 3_600
    assert board.parts("appointment_disqualification", "rep:r1", "now") == {
        "pending": 1,
        "pending_age_seconds_sum": age,
    }
    assert board.parts("appointment_disqualification", "*", "now") == {
        "pending": 2,
        "pending_age_seconds_sum": age + 3_600,
    }
    assert board.value("appointment_disqualification", "*", "now") == (age + 3_600) / 2


def test_a_verdict_dated_ahead_is_no_longer_pending_and_counts_when_its_quarter_hour_begins() -> None:
    said = [REPS, SET, appointment("a", "2024-02-01", verdict="accepted", verdict_at="2024-02-10 10:20")]

    early = seen(*said, now="2024-02-10T10:14:59Z")
    assert early.keys("appointment_disqualification", "now") == set()
    assert decided(early, "FY2024-Q1") is None
    assert decided(seen(*said, now="2024-02-10T10:15:00Z"), "FY2024-Q1") == {"decided": 1, "rejected": 0}


def test_a_reason_has_its_rejections_over_all_that_were_decided() -> None:
    reasons = ["no budget", "no budget", "no interest", None]
    board = seen(
        REPS,
        [
            appointment(f"a{n}", "2024-02-01", set_by="r1", verdict="rejected", reason=reason)
            for n, reason in enumerate(reasons)
        ],
        appointment("ok", "2024-02-01", set_by="r1", verdict="accepted", reason="a good fit"),
    )

    assert decided(board, "FY2024-Q1") == {"decided": 5, "rejected": 4}
    assert decided(board, "FY2024-Q1", reason="no budget") == {"decided": 5, "rejected": 2}
    assert board.value("appointment_disqualification", "rep:r1", "month", "2024-02", reason="no interest") == 0.2
    assert decided(board, "FY2024-Q1", reason="a good fit") is None
    labels = {labels for kpi, *_, labels in board.samples if kpi == "appointment_disqualification"}
    assert labels == {(), (("reason", "no budget"),), (("reason", "no interest"),)}


def test_a_reason_is_printed_only_for_whom_it_was_given() -> None:
    board = seen(
        REPS,
        appointment("a", "2024-02-01", set_by="r1", verdict="rejected", reason="no budget"),
        appointment("b", "2024-02-01", set_by="r2", verdict="accepted"),
    )

    assert decided(board, "FY2024-Q1", "rep:r2", reason="no budget") is None
    assert decided(board, "FY2024-Q1", "*", reason="no budget") == {"decided": 2, "rejected": 1}


def test_decided_appointments_roll_over_30_days_of_who_set_them() -> None:
    said = [
        rep("r1", timezone="America/New_York"),
        appointment("a", "2024-06-01", set_by="r1", verdict="accepted", verdict_at="2024-12-02 04:59"),
        appointment("b", "2024-06-01", set_by="r1", verdict="rejected", verdict_at="2024-12-02 05:00"),
    ]

    assert seen(said, now="2025-01-01T04:59:00Z").parts("appointment_disqualification", "*", "rolling_30d") == {
        "decided": 1,
        "rejected": 1,
    }


def test_nobodys_appointment_is_unassigned_and_a_deleted_one_counts_nowhere() -> None:
    board = seen(
        appointment("a", "2024-02-01", verdict="accepted"),
        appointment("b", "2024-02-01", verdict="accepted", deleted=True),
        appointment("c", "2024-02-01", set_at="2024-02-01", deleted=True),
    )

    assert decided(board, "FY2024-Q1", "rep:unassigned") == {"decided": 1, "rejected": 0}
    assert board.keys("appointment_disqualification", "now") == set()
