"""#3, #4, #5, #8, #12 and #14: whose lead it is, when it was created, and how it ended."""

import pytest

from tests.statements import account, appointment, contract, lead, opportunity, purchase, rep
from tests.worlds import Board, seen

REPS = [rep("r1"), rep("r2")]
CREATED = lead("L", "2024-01-05", created_at="2024-01-05 10:00", owner_id="r1", status="new", outcome="open")


def closed(board: Board, who: str, bucket: str) -> dict[str, int | float] | None:
    return board.parts("lead_win", who, "fiscal_quarter", bucket, basis="closed")


def cohort(board: Board, who: str, bucket: str = "FY2024-Q1") -> dict[str, int | float] | None:
    return board.parts("lead_win", who, "fiscal_quarter", bucket, basis="cohort")


# ---- owners


def test_a_lead_reassigned_after_creation_is_its_first_owners_when_created_and_its_later_owners_when_closed() -> None:
    board = seen(
        REPS,
        CREATED,
        lead("L", "2024-02-01", owner_id="r2"),
        lead("L", "2024-04-03", outcome="won", closed_at="2024-04-03 10:00"),
    )

    assert board.parts("leads_created", "rep:r1", "fiscal_quarter", "FY2024-Q1") == {"leads": 1}
    assert cohort(board, "rep:r1") == {"leads": 1, "won": 1}
    assert closed(board, "rep:r2", "FY2024-Q2") == {"closed": 1, "won": 1}
    assert board.keys("leads_created", "fiscal_quarter", "FY2024-Q1") == {"rep:r1", "*"}
    assert board.keys("lead_win", "fiscal_quarter", "FY2024-Q2") == {"rep:r2", "*"}


def test_the_first_owner_is_the_first_who_is_named() -> None:
    board = seen(
        REPS,
        lead("L", "2024-01-05", created_at="2024-01-05 10:00", owner_id=None),
        lead("L", "2024-01-06", owner_id="r2"),
        lead("L", "2024-01-07", owner_id="r1"),
    )

    assert board.keys("leads_created", "month", "2024-01") == {"rep:r2", "*"}


def test_a_late_statement_of_an_earlier_owner_moves_the_lead_to_him() -> None:
    board = seen(REPS, CREATED, lead("L", "2024-01-04", owner_id="r2"))

    assert board.keys("leads_created", "month", "2024-01") == {"rep:r2", "*"}


def test_a_lead_that_never_had_an_owner_is_unassigned_and_of_no_team() -> None:
    board = seen(lead("L", "2024-01-05", created_at="2024-01-05 10:00"))

    assert board.keys("leads_created", "month", "2024-01") == {"rep:unassigned", "*"}
    assert board.parts("open_lead_age", "rep:unassigned", "now") is not None


def test_the_owner_at_the_outcome_is_the_last_one_stated_by_then() -> None:
    said = [
        *REPS,
        CREATED,
        lead("L", "2024-03-01 10:00", owner_id="r2"),
        lead("L", "2024-03-02", outcome="lost", closed_at="2024-03-01 10:00"),
    ]

    assert board_keys(seen(said)) == {"rep:r2", "*"}
    assert board_keys(seen(said, lead("L", "2024-03-03", closed_at="2024-03-01T09:59:59.999999Z"))) == {"rep:r1", "*"}


def board_keys(board: Board) -> set[str]:
    return {
        who for kpi, who, window, _, labels in board.samples if (kpi, window, labels) == ("lead_win", "month", CLOSED)
    }


CLOSED = (("basis", "closed"),)


def test_a_lead_that_had_no_owner_at_its_outcome_is_unassigned_then() -> None:
    board = seen(
        REPS,
        CREATED,
        lead("L", "2024-02-01", owner_id=None),
        lead("L", "2024-03-01", outcome="won"),
        lead("L", "2024-03-02", owner_id="r2"),
    )

    assert board_keys(board) == {"rep:unassigned", "*"}


def test_an_outcome_before_the_first_statement_of_an_owner_is_the_first_named_owners() -> None:
    board = seen(
        REPS,
        lead("L", "2024-03-01", created_at="2024-01-05 10:00", outcome="won", closed_at="2024-02-01 10:00"),
        lead("L", "2024-03-02", owner_id=None),
        lead("L", "2024-03-03", owner_id="r2"),
    )

    assert board_keys(board) == {"rep:r2", "*"}


def test_an_open_lead_belongs_to_its_owner_now() -> None:
    said = [REPS, CREATED, lead("L", "2024-02-01", owner_id="r2")]

    assert seen(*said).keys("open_lead_age", "now") == {"rep:r2", "*"}
    assert seen(*said, lead("L", "2024-03-01", owner_id=None)).keys("open_lead_age", "now") == {"rep:unassigned", "*"}


# ---- outcome


def won(bucket: str, board: Board) -> bool:
    return closed(board, "*", bucket) == {"closed": 1, "won": 1}


def not_won(bucket: str, board: Board) -> bool:
    return closed(board, "*", bucket) == {"closed": 1, "won": 0}


def test_a_lead_is_won_by_its_own_outcome_at_closed_at() -> None:
    assert won("FY2024-Q1", seen(CREATED, lead("L", "2024-06-01", outcome="won", closed_at="2024-03-31 23:45")))


def test_without_closed_at_a_win_is_dated_by_the_first_statement_of_its_last_unbroken_run() -> None:
    board = seen(
        CREATED,
        lead("L", "2024-03-01", outcome="won"),
        lead("L", "2024-05-01", outcome="won"),
        lead("L", "2024-08-01", outcome="won"),
    )

    assert won("FY2024-Q1", board)
    assert closed(board, "*", "FY2024-Q2") is None


def test_a_run_that_was_broken_begins_again() -> None:
    board = seen(
        CREATED,
        lead("L", "2024-03-01", outcome="won"),
        lead("L", "2024-04-10", outcome="open"),
        lead("L", "2024-05-01", outcome="won"),
        lead("L", "2024-08-01", outcome="won"),
    )

    assert won("FY2024-Q2", board)
    assert closed(board, "*", "FY2024-Q1") is None


def test_a_late_statement_can_break_a_run() -> None:
    said = [CREATED, lead("L", "2024-03-01", outcome="lost"), lead("L", "2024-05-01", outcome="lost")]

    assert not_won("FY2024-Q1", seen(said))
    assert not_won("FY2024-Q2", seen(said, lead("L", "2024-04-01", outcome=None)))


def test_a_nightly_repetition_of_disqualified_moves_nothing() -> None:
    nights = [
        lead("L", f"2024-{month:02d}-{day:02d} 02:00", status="disqualified")
        for month in range(3, 7)
        for day in (1, 15)
    ]

    board = seen(CREATED, nights)

    assert not_won("FY2024-Q1", board)
    assert closed(board, "*", "FY2024-Q2") is None


def test_a_disqualified_lead_is_dated_by_its_closed_at_when_it_has_one() -> None:
    assert not_won("FY2024-Q1", seen(CREATED, lead("L", "2024-06-01", status="disqualified", closed_at="2024-02-01")))


def test_a_lost_lead_is_dated_by_its_closed_at_when_it_has_one() -> None:
    assert not_won("FY2024-Q1", seen(CREATED, lead("L", "2024-06-01", outcome="lost", closed_at="2024-02-01")))


def test_winning_comes_before_disqualification() -> None:
    board = seen(
        CREATED,
        lead("L", "2024-02-01", status="disqualified"),
        opportunity("O", "2024-05-01", lead_id="L", outcome="won"),
    )

    assert won("FY2024-Q2", board)
    assert closed(board, "*", "FY2024-Q1") is None


def test_winning_comes_before_its_own_lost_outcome() -> None:
    board = seen(
        CREATED,
        lead("L", "2024-02-01", outcome="lost"),
        opportunity("O", "2024-05-01", lead_id="L", outcome="won"),
    )

    assert won("FY2024-Q2", board)


def test_disqualification_comes_before_its_own_lost_outcome() -> None:
    board = seen(CREATED, lead("L", "2024-02-01", outcome="lost"), lead("L", "2024-05-01", status="disqualified"))

    assert not_won("FY2024-Q2", board)
    assert closed(board, "*", "FY2024-Q1") is None


def test_its_own_lost_outcome_comes_before_its_lost_opportunities() -> None:
    board = seen(
        CREATED,
        lead("L", "2024-05-01", outcome="lost"),
        opportunity("O", "2024-02-01", lead_id="L", outcome="lost"),
    )

    assert not_won("FY2024-Q2", board)
    assert closed(board, "*", "FY2024-Q1") is None


def test_its_own_lost_outcome_counts_although_an_opportunity_is_open() -> None:
    board = seen(
        CREATED, lead("L", "2024-05-01", outcome="lost"), opportunity("O", "2024-02-01", lead_id="L", outcome="open")
    )

    assert not_won("FY2024-Q2", board)


def test_a_lead_whose_opportunities_are_all_lost_is_lost_at_the_latest() -> None:
    board = seen(
        CREATED,
        opportunity("O", "2024-02-01", lead_id="L", outcome="lost"),
        opportunity("P", "2024-01-20", lead_id="L", outcome="lost", closed_at="2024-05-01"),
    )

    assert not_won("FY2024-Q2", board)
    assert closed(board, "*", "FY2024-Q1") is None


def test_a_lead_with_an_open_opportunity_beside_a_lost_one_is_open() -> None:
    board = seen(
        CREATED,
        opportunity("O", "2024-02-01", lead_id="L", outcome="lost"),
        opportunity("P", "2024-01-20", lead_id="L"),
    )

    assert closed(board, "*", "FY2024-Q1") is None
    assert cohort(board, "rep:unmapped") == {"leads": 1, "won": 0}
    assert board.keys("open_lead_age", "now") == {"rep:unmapped", "*"}


def test_of_several_wins_the_earliest_counts() -> None:
    board = seen(
        CREATED,
        lead("L", "2024-08-01", outcome="won"),
        opportunity("O", "2024-07-01", lead_id="L", outcome="won", closed_at="2024-05-01"),
        opportunity("P", "2024-07-01", lead_id="L", outcome="won", closed_at="2024-06-01"),
    )

    assert won("FY2024-Q2", board)
    assert closed(board, "*", "FY2024-Q3") is None


def test_the_leads_closed_at_does_not_date_its_opportunitys_win() -> None:
    board = seen(
        CREATED,
        lead("L", "2024-08-01", closed_at="2024-02-01"),
        opportunity("O", "2024-05-01", lead_id="L", outcome="won"),
    )

    assert won("FY2024-Q2", board)
    assert closed(board, "*", "FY2024-Q1") is None


def test_a_deleted_opportunity_neither_wins_nor_loses_its_lead() -> None:
    board = seen(
        CREATED,
        opportunity("O", "2024-02-01", lead_id="L", outcome="lost"),
        opportunity("P", "2024-02-01", lead_id="L", outcome="won", deleted=True),
    )

    assert not_won("FY2024-Q1", board)


def test_a_deal_reopened_and_won_again_next_quarter_counts_once_in_the_later_quarter() -> None:
    board = seen(
        REPS,
        CREATED,
        opportunity("O", "2024-01-06", lead_id="L", owner_id="r1", amount_minor=2400, currency="EUR", term_months=24),
        opportunity("O", "2024-03-01", outcome="won", closed_at="2024-03-01"),
        opportunity("O", "2024-03-20", outcome="open", closed_at=None),
        opportunity("O", "2024-05-02", outcome="won", closed_at="2024-05-02"),
    )

    assert closed(board, "rep:r1", "FY2024-Q1") is None
    assert closed(board, "rep:r1", "FY2024-Q2") == {"closed": 1, "won": 1}
    assert cohort(board, "rep:r1") == {"leads": 1, "won": 1}
    assert board.parts("annual_contract_value", "*", "fiscal_year", "FY2024", currency="EUR") == {
        "contracts": 1,
        "annual_value_minor": 1200,
    }
    assert board.keys("annual_contract_value", "fiscal_quarter", "FY2024-Q1") == set()


def test_a_deal_moved_to_another_lead_wins_that_one() -> None:
    board = seen(
        REPS,
        CREATED,
        lead("M", "2024-01-05", created_at="2024-01-05 10:00", owner_id="r2"),
        opportunity("O", "2024-02-01", lead_id="L", outcome="won"),
        opportunity("O", "2024-04-01", lead_id="M"),
    )

    assert cohort(board, "rep:r1") == {"leads": 1, "won": 0}
    assert cohort(board, "rep:r2") == {"leads": 1, "won": 1}
    assert board.parts("lead_conversion", "rep:r1", "fiscal_quarter", "FY2024-Q1") == {"leads": 1, "converted": 0}
    assert closed(board, "rep:r2", "FY2024-Q1") == {"closed": 1, "won": 1}


def test_a_win_dated_ahead_counts_as_won_now_and_closes_when_its_quarter_hour_begins() -> None:
    said = [REPS, CREATED, lead("L", "2024-03-01", outcome="won", closed_at="2024-03-20 10:20")]

    early = seen(said, now="2024-03-20T10:14:59Z")
    assert cohort(early, "rep:r1") == {"leads": 1, "won": 1}
    assert closed(early, "rep:r1", "FY2024-Q1") is None
    assert early.keys("open_lead_age", "now") == set()
    assert closed(seen(said, now="2024-03-20T10:15:00Z"), "rep:r1", "FY2024-Q1") == {"closed": 1, "won": 1}


def test_an_outcome_holds_from_its_events_time_and_not_before() -> None:
    said = [CREATED, lead("L", "2024-03-01", outcome="won", closed_at="2024-02-01")]

    assert cohort(seen(said, now="2024-02-15T00:00:00Z"), "*") == {"leads": 1, "won": 0}


def test_a_lead_only_named_by_a_won_opportunity_closes_but_was_never_created() -> None:
    board = seen(opportunity("O", "2024-02-01", lead_id="L", outcome="won"))

    assert closed(board, "rep:unassigned", "FY2024-Q1") == {"closed": 1, "won": 1}
    assert cohort(board, "*") is None
    assert board.keys("leads_created", "fiscal_quarter", "FY2024-Q1") == set()


def test_a_lead_without_created_at_counts_nowhere_by_creation() -> None:
    board = seen(lead("L", "2024-01-05", owner_id="r1", generated_by="sales", outcome="won"))

    assert {kpi for kpi, *_ in board.samples} == {"lead_win"}
    assert closed(board, "*", "FY2024-Q1") == {"closed": 1, "won": 1}


def test_closed_counts_won_lost_and_disqualified_alike() -> None:
    outcomes = [{"outcome": "won"}, {"outcome": "lost"}, {"status": "disqualified"}, {"outcome": "open"}]
    board = seen(lead(f"L{n}", "2024-01-05", created_at="2024-01-05 10:00", **said) for n, said in enumerate(outcomes))

    assert closed(board, "*", "FY2024-Q1") == {"closed": 3, "won": 1}
    assert board.value("lead_win", "*", "month", "2024-01", basis="closed") == 1 / 3
    assert cohort(board, "*") == {"leads": 4, "won": 1}
    assert board.value("lead_win", "*", "fiscal_year", "FY2024", basis="cohort") == 0.25


def test_lead_win_rolls_over_90_days() -> None:
    said = [
        lead("L", "2024-01-05", created_at="2024-01-05 00:00"),
        lead("M", "2024-01-05", created_at="2024-01-04 23:59"),
    ]

    assert seen(said, now="2024-04-03T23:00:00Z").parts("lead_win", "*", "rolling_90d", basis="cohort") == {
        "leads": 1,
        "won": 0,
    }
    assert seen(said, now="2024-04-04T00:00:00Z").parts("lead_win", "*", "rolling_90d", basis="cohort") is None
    assert seen(said, now="2024-04-02T23:00:00Z").parts("lead_win", "*", "rolling_90d", basis="cohort") == {
        "leads": 2,
        "won": 0,
    }


# ---- #3


def test_new_leads_are_counted_by_day_week_month_quarter_and_year() -> None:
    board = seen(CREATED, lead("M", "2024-01-05", created_at="2024-03-31 23:59", origin="fair"))

    found = {(window, bucket): board.parts("leads_created", "*", window, bucket) for window, bucket in BUCKETS}
    assert found == {each: {"leads": count} for each, count in BUCKETS.items()}
    assert board.parts("leads_created", "*", "fiscal_year", "FY2024", origin="fair") == {"leads": 1}
    assert board.value("leads_created", "*", "fiscal_year", "FY2024") == 2


BUCKETS = {
    ("day", "2024-01-05"): 1,
    ("week", "2024-W01"): 1,
    ("month", "2024-01"): 1,
    ("day", "2024-03-31"): 1,
    ("week", "2024-W13"): 1,
    ("month", "2024-03"): 1,
    ("fiscal_quarter", "FY2024-Q1"): 2,
    ("fiscal_year", "FY2024"): 2,
}


def test_a_lead_created_ahead_enters_when_its_quarter_hour_begins() -> None:
    said = lead("L", "2024-01-05", created_at="2024-06-01 10:50")

    assert seen(said, now="2024-06-01T10:44:59Z").keys("leads_created", "month", "2024-06") == set()
    assert seen(said, now="2024-06-01T10:45:00Z").keys("leads_created", "month", "2024-06") == {"rep:unassigned", "*"}


# ---- #4


def test_the_age_of_open_leads_has_a_mean_a_count_an_oldest_and_how_many_are_over_the_limit() -> None:
    board = seen(
        lead("old", "2024-01-05", created_at="2024-11-01T12:00:00Z"),
        lead("limit", "2024-01-05", created_at="2024-12-01T12:00:00Z"),
        lead("over", "2024-01-05", created_at="2024-12-01T11:59:59.999999Z"),
        lead("won", "2024-01-05", created_at="2024-01-01T12:00:00Z", outcome="won"),
    )

    assert board.parts("open_lead_age", "*", "now") == {
        "open": 3,
        "age_seconds_sum": (60 + 30 + 30) * 86_400 + 0.000001,
        "oldest_seconds": 60 * 86_400,
        "over_limit": 2,
    }
    assert board.value("open_lead_age", "*", "now") == (120 * 86_400_000_000 + 1) / 3_000_000


def test_the_age_limit_is_a_setting_in_days_of_86_400_seconds() -> None:
    said = lead("L", "2024-01-05", created_at="2024-12-25 12:00")

    assert seen(said, lead_age_days=6).parts("open_lead_age", "*", "now") == {
        "open": 1,
        "age_seconds_sum": 518_400,
        "oldest_seconds": 518_400,
        "over_limit": 0,
    }
    assert seen(said, lead_age_days=5).value("open_lead_age", "*", "now") == 518_400


def test_a_reopened_lead_is_as_old_as_before() -> None:
    reopened = [lead("L", "2024-01-05 13:00", outcome="won"), lead("L", "2024-01-05 14:00", outcome="open")]

    board = seen(CREATED, reopened, now="2024-01-06T10:00:00Z")

    assert board.value("open_lead_age", "*", "now") == 86_400


# ---- #8


ACCOUNT = contract(
    "K", "2024-01-01", account_id="A", value_minor=10, currency="EUR", starts_on="2024-01-01", ends_on="2024-06-30"
)


@pytest.mark.parametrize(
    ("created", "bucket", "referred"),
    [
        pytest.param("2023-12-31 23:59", "2023-12", None, id="before"),
        pytest.param("2024-01-01 00:00", "2024-01", {"leads": 1}, id="on the first day"),
        pytest.param("2024-06-30 23:59", "2024-06", {"leads": 1}, id="on the last day"),
        pytest.param("2024-07-01 00:00", "2024-07", None, id="after"),
    ],
)
def test_a_referral_is_a_lead_whose_referrer_was_active_on_the_creation_date(
    created: str, bucket: str, referred: dict[str, int] | None
) -> None:
    said = [REPS, ACCOUNT, lead("L", "2024-01-05", created_at=created, owner_id="r1", referrer_account_id="A")]
    board = seen(*said, lead("L", "2024-09-01", owner_id="r2"))

    assert board.parts("referrals", "rep:r1", "month", bucket) == referred


def test_the_creation_date_of_a_referral_is_the_organisations() -> None:
    said = [
        ACCOUNT,
        rep("r1", timezone="UTC"),
        lead("L", "2024-01-05", created_at="2024-06-30 22:30", owner_id="r1", referrer_account_id="A"),
    ]

    assert seen(said, zone="Europe/Berlin").keys("referrals", "month", "2024-06") == set()
    assert seen(said).keys("referrals", "month", "2024-06") == {"rep:r1", "*"}


def test_a_referrer_that_is_no_customer_refers_nobody() -> None:
    board = seen(account("A", "2024-01-01"), lead("L", "2024-01-05", created_at="2024-02-01", referrer_account_id="A"))

    assert board.keys("referrals", "month", "2024-02") == set()


def test_a_lost_referral_counts_and_a_deleted_one_does_not() -> None:
    said = [
        ACCOUNT,
        lead("L", "2024-01-05", created_at="2024-02-01", referrer_account_id="A", outcome="lost"),
        lead("M", "2024-01-05", created_at="2024-02-01", referrer_account_id="A", deleted=True),
    ]

    assert seen(said).parts("referrals", "*", "fiscal_year", "FY2024") == {"leads": 1}


def test_a_referral_to_an_account_active_by_a_purchase_counts() -> None:
    board = seen(
        purchase("P", "2024-01-01", account_id="A", amount_minor=1, currency="EUR", at="2024-01-10 10:00"),
        lead("L", "2024-01-05", created_at="2024-01-10 00:01", referrer_account_id="A"),
        lead("M", "2024-01-05", created_at="2024-01-09 23:59", referrer_account_id="A"),
    )

    assert board.parts("referrals", "*", "fiscal_quarter", "FY2024-Q1") == {"leads": 1}


# ---- #12


def test_lead_source_is_marketing_over_known_with_unknown_beside_it() -> None:
    generators = ["marketing", "marketing", "sales", None]
    board = seen(
        lead(f"L{n}", "2024-01-05", created_at="2024-12-02 00:00", generated_by=by) for n, by in enumerate(generators)
    )

    for window, bucket in (("month", "2024-12"), ("fiscal_quarter", "FY2024-Q4"), ("rolling_30d", "")):
        assert board.parts("lead_source", "*", window, bucket) == {"known": 3, "marketing": 2, "unknown": 1}
        assert board.value("lead_source", "*", window, bucket) == 2 / 3


def test_lead_source_of_unknown_generators_alone_has_parts_and_no_value() -> None:
    board = seen(CREATED)

    assert board.parts("lead_source", "*", "month", "2024-01") == {"known": 0, "marketing": 0, "unknown": 1}
    assert board.value("lead_source", "*", "month", "2024-01") is None


# ---- #14


def converted(board: Board) -> dict[str, int | float] | None:
    return board.parts("lead_conversion", "*", "fiscal_quarter", "FY2024-Q1")


YES, NO = {"leads": 1, "converted": 1}, {"leads": 1, "converted": 0}


@pytest.mark.parametrize(
    ("said", "parts"),
    [
        pytest.param([], NO, id="nothing"),
        pytest.param(
            [appointment("a", "2024-02-01", lead_id="L", verdict="accepted")], YES, id="an accepted appointment"
        ),
        pytest.param(
            [appointment("a", "2024-02-01", lead_id="L", verdict="rejected")], NO, id="a rejected appointment"
        ),
        pytest.param(
            [appointment("a", "2024-02-01", lead_id="L", set_at="2024-02-01")], NO, id="a pending appointment"
        ),
        pytest.param(
            [
                appointment("a", "2024-02-01", lead_id="L", verdict="accepted"),
                appointment("a", "2024-02-02", verdict="rejected"),
            ],
            NO,
            id="an appointment rejected after all",
        ),
        pytest.param(
            [appointment("a", "2024-02-01", lead_id="L", verdict="accepted", deleted=True)],
            NO,
            id="a deleted appointment",
        ),
        pytest.param([opportunity("O", "2024-02-01", lead_id="L")], YES, id="an opportunity"),
        pytest.param([opportunity("O", "2024-02-01", lead_id="L", outcome="lost")], YES, id="a lost opportunity"),
        pytest.param([opportunity("O", "2024-02-01", lead_id="L", deleted=True)], NO, id="a deleted opportunity"),
        pytest.param([lead("L", "2024-02-01", status="converted")], YES, id="status converted"),
        pytest.param(
            [lead("L", "2024-02-01", status="converted"), lead("L", "2024-03-01", status="working")],
            YES,
            id="status converted once",
        ),
        pytest.param([lead("L", "2024-02-01", status="qualified")], NO, id="status qualified"),
        pytest.param([lead("L", "2024-02-01", outcome="won")], YES, id="a win"),
        pytest.param(
            [lead("L", "2024-02-01", outcome="won"), lead("L", "2024-02-02", outcome="lost")], NO, id="a win taken back"
        ),
    ],
)
def test_what_converts_a_lead(said: list[bytes], parts: dict[str, int]) -> None:
    assert converted(seen(CREATED, said)) == parts


def test_conversion_counts_for_the_first_owner_in_the_window_of_creation() -> None:
    board = seen(
        REPS,
        CREATED,
        lead("L", "2024-02-01", owner_id="r2"),
        opportunity("O", "2024-12-01", lead_id="L", owner_id="r2"),
    )

    assert board.parts("lead_conversion", "rep:r1", "month", "2024-01") == YES
    assert board.keys("lead_conversion", "month", "2024-01") == {"rep:r1", "*"}
    assert board.keys("lead_conversion", "month", "2024-12") == set()
