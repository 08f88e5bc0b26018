"""#2 and #9: when an account is active, what it is worth, and whose it is."""

import pytest

from tests.statements import account, contract, opportunity, purchase, rep
from tests.worlds import Board, seen

REPS = [rep("r1"), rep("r2")]
Parts = dict[str, int | float] | None


def paper(subject: str, starts_on: str | None, ends_on: str | None = None, **said: object) -> bytes:
    """A contract of account A worth 1000 EUR."""
    usual = {"account_id": "A", "owner_id": "r1", "value_minor": 1000, "currency": "EUR"}
    return contract(subject, "2020-01-05", **{**usual, "starts_on": starts_on, "ends_on": ends_on, **said})


def bought(subject: str, at: str | None, **said: object) -> bytes:
    """A purchase of account A worth 500 EUR."""
    usual = {"account_id": "A", "owner_id": "r1", "amount_minor": 500, "currency": "EUR", "at": at}
    return purchase(subject, "2020-01-05", **{**usual, **said})


def deal(subject: str, closed_at: str, **said: object) -> bytes:
    """A won opportunity of account A worth 700 EUR."""
    usual = {"account_id": "A", "owner_id": "r1", "amount_minor": 700, "currency": "EUR", "outcome": "won"}
    return opportunity(subject, "2020-01-05", **{**usual, "closed_at": closed_at, **said})


def lifetime(board: Board, who: str = "*", currency: str = "EUR") -> Parts:
    return board.parts("customer_lifetime_value", who, "to_date", currency=currency)


def observed(board: Board, currency: str = "EUR") -> Parts:
    return board.parts("customer_lifetime_value_observed", "*", "to_date", currency=currency)


def retention(board: Board, bucket: str, who: str = "*") -> Parts:
    window = "fiscal_quarter" if "Q" in bucket else "fiscal_year" if bucket else "rolling_365d"
    return board.parts("customer_retention", who, window, bucket)


def active(active_at_start: int, retained: int) -> Parts:
    return {"active_at_start": active_at_start, "retained": retained}


# ---- #2


def test_lifetime_value_is_revenue_of_a_year_times_days_by_days_of_a_year_times_churned() -> None:
    board = seen(
        REPS,
        paper("K1", "2023-01-01", "2023-12-31"),
        paper("K2", "2024-02-01", account_id="B", owner_id="r2", value_minor=2000),
    )

    assert lifetime(board) == {
        "customers": 2,
        "churned": 1,
        "customer_days": 365 + 335,
        "customer_days_365": 335,
        "purchases_365": 1,
        "revenue_365_minor": 2000,
        "revenue_minor": 3000,
    }
    assert board.value("customer_lifetime_value", "*", "to_date", currency="EUR") == 2000 * 700 / 335
    assert observed(board) == {"customers": 2, "revenue_minor": 3000}
    assert board.value("customer_lifetime_value_observed", "*", "to_date", currency="EUR") == 1500
    assert lifetime(board, "rep:r2") == {
        "customers": 1,
        "churned": 0,
        "customer_days": 335,
        "customer_days_365": 335,
        "purchases_365": 1,
        "revenue_365_minor": 2000,
        "revenue_minor": 2000,
    }
    assert board.value("customer_lifetime_value", "rep:r2", "to_date", currency="EUR") is None


def test_a_purchase_keeps_its_account_active_for_365_days_and_then_it_has_churned() -> None:
    said = [REPS, bought("P", "2023-03-01 10:00")]

    last_day = seen(*said, now="2024-02-28T23:59:59Z")
    assert lifetime(last_day) == {
        "customers": 1,
        "churned": 0,
        "customer_days": 365,
        "customer_days_365": 365,
        "purchases_365": 1,
        "revenue_365_minor": 500,
        "revenue_minor": 500,
    }
    after = seen(*said, now="2024-02-29T00:00:00Z")
    assert lifetime(after) == {
        "customers": 1,
        "churned": 1,
        "customer_days": 365,
        "customer_days_365": 364,
        "purchases_365": 0,
        "revenue_365_minor": 0,
        "revenue_minor": 500,
    }
    assert after.value("customer_lifetime_value", "*", "to_date", currency="EUR") == 0


def test_days_count_up_to_and_including_today() -> None:
    board = seen(REPS, paper("K", "2024-12-31"))

    assert lifetime(board) == {
        "customers": 1,
        "churned": 0,
        "customer_days": 1,
        "customer_days_365": 1,
        "purchases_365": 1,
        "revenue_365_minor": 1000,
        "revenue_minor": 1000,
    }


def test_a_contract_that_starts_tomorrow_is_no_customer_yet() -> None:
    assert lifetime(seen(REPS, paper("K", "2025-01-01"))) is None


def test_today_of_customers_is_the_organisations() -> None:
    said = [rep("r1", timezone="Pacific/Honolulu"), paper("K", "2025-01-01")]

    assert lifetime(seen(*said, now="2024-12-31T22:59:59Z", zone="Europe/Berlin")) is None
    board = seen(*said, now="2024-12-31T23:00:00Z", zone="Europe/Berlin")
    assert observed(board) == {"customers": 1, "revenue_minor": 1000}


def test_the_day_of_a_purchase_is_the_organisations() -> None:
    said = [rep("r1", timezone="Pacific/Honolulu"), bought("P", "2023-12-31 23:30")]

    parts = lifetime(seen(*said, zone="Europe/Berlin", now="2024-12-30T12:00:00Z"))
    assert parts is not None
    assert (parts["customer_days"], parts["purchases_365"]) == (365, 1)


def test_every_span_that_ended_by_today_has_churned_and_the_account_is_one_customer() -> None:
    board = seen(
        REPS,
        paper("K1", "2020-01-01", "2020-12-31"),
        paper("K2", "2022-01-01", "2022-12-31"),
        paper("K3", "2024-01-01", "2024-12-30"),
    )

    parts = lifetime(board)
    assert parts is not None
    assert (parts["customers"], parts["churned"], parts["customer_days"]) == (1, 3, 366 + 365 + 365)


def test_a_contract_that_ends_today_has_not_churned() -> None:
    parts = lifetime(seen(REPS, paper("K", "2024-01-01", "2024-12-31")))

    assert parts is not None
    assert (parts["churned"], parts["customer_days"], parts["customer_days_365"]) == (0, 366, 365)


def test_purchases_include_new_upsell_cross_sell_and_renewal() -> None:
    kinds = ("new", "upsell", "cross_sell", "renewal")

    parts = lifetime(seen(REPS, (bought(f"P-{kind}", "2024-06-01 10:00", kind=kind) for kind in kinds)))

    assert parts is not None
    assert (parts["purchases_365"], parts["revenue_365_minor"]) == (4, 2000)


def test_a_refund_lowers_the_revenue() -> None:
    board = seen(REPS, bought("P", "2024-06-01 10:00"), bought("Q", "2024-06-02 10:00", amount_minor=-200))

    assert observed(board) == {"customers": 1, "revenue_minor": 300}


def test_a_multi_year_contract_lands_whole_on_its_first_day() -> None:
    board = seen(REPS, paper("K", "2024-06-01", "2027-05-31", value_minor=36_000))

    parts = lifetime(board)
    assert parts is not None
    assert (parts["purchases_365"], parts["revenue_365_minor"], parts["revenue_minor"]) == (1, 36_000, 36_000)


def test_with_both_the_revenue_is_the_purchases_alone_and_the_spans_are_the_contracts_alone() -> None:
    board = seen(
        REPS, paper("K", "2024-01-01", "2024-01-31"), bought("P", "2023-06-01 10:00"), deal("O", "2022-01-01 10:00")
    )

    assert lifetime(board) == {
        "customers": 1,
        "churned": 1,
        "customer_days": 31,
        "customer_days_365": 30,
        "purchases_365": 0,
        "revenue_365_minor": 0,
        "revenue_minor": 500,
    }


def test_with_neither_contract_nor_purchase_won_opportunities_count() -> None:
    board = seen(REPS, deal("O", "2024-06-01 10:00"))

    parts = lifetime(board)
    assert parts is not None
    assert (parts["customer_days"], parts["revenue_minor"]) == (214, 700)
    assert retention(board, "FY2024-Q3") == active(1, 1)


def test_a_won_opportunity_without_an_amount_is_a_purchase_of_nothing() -> None:
    parts = lifetime(seen(REPS, deal("O", "2024-06-01 10:00", amount_minor=None)))

    assert parts is not None
    assert (parts["customers"], parts["purchases_365"], parts["revenue_minor"]) == (1, 1, 0)


@pytest.mark.parametrize(
    ("closed", "months", "days"),
    [
        pytest.param("2024-01-31 10:00", 1, 29, id="to the last day of February"),
        pytest.param("2024-02-29 10:00", 12, 365, id="a year from a leap day"),
        pytest.param("2024-03-15 10:00", 6, 184, id="to the same day of the month"),
        pytest.param("2023-11-30 10:00", 3, 91, id="over the turn of the year"),
    ],
)
def test_a_won_opportunity_with_a_term_is_active_like_a_contract(closed: str, months: int, days: int) -> None:
    parts = lifetime(seen(REPS, deal("O", closed, term_months=months), now="2026-01-01T12:00:00Z"))

    assert parts is not None
    assert (parts["customer_days"], parts["churned"]) == (days, 1)


def test_a_won_opportunity_that_a_contract_names_makes_no_customer_of_its_own() -> None:
    board = seen(REPS, deal("O", "2024-01-01 10:00"), paper("K", "2024-06-01", opportunity_id="O", account_id="B"))

    assert observed(board) == {"customers": 1, "revenue_minor": 1000}
    assert retention(board, "FY2024-Q2") is None


def test_an_account_that_buys_in_two_currencies_is_a_customer_in_each() -> None:
    board = seen(REPS, bought("P", "2024-06-01 10:00"), bought("Q", "2024-06-03 10:00", currency="USD", amount_minor=9))

    assert observed(board) == {"customers": 1, "revenue_minor": 500}
    assert observed(board, "USD") == {"customers": 1, "revenue_minor": 9}
    for currency in ("EUR", "USD"):
        parts = lifetime(board, currency=currency)
        assert parts is not None
        assert (parts["customer_days"], parts["purchases_365"]) == (214, 1)


def test_a_contract_without_a_value_has_a_span_and_no_revenue() -> None:
    board = seen(REPS, paper("K", "2024-01-01", value_minor=None))

    assert retention(board, "FY2024-Q2") == active(1, 1)
    assert lifetime(board) is None


def test_a_contract_without_a_first_day_or_a_purchase_without_a_date_counts_as_none_for_its_account() -> None:
    board = seen(
        REPS, paper("K", None, "2024-06-30", signed_on="2024-01-01"), bought("P", None), deal("O", "2024-06-01 10:00")
    )

    assert observed(board) == {"customers": 1, "revenue_minor": 700}


def test_deleted_contracts_purchases_and_accounts_count_nowhere() -> None:
    board = seen(REPS, paper("K", "2024-01-01", deleted=True), bought("P", "2024-01-01 10:00", deleted=True))
    assert all(kpi not in {"customer_lifetime_value", "customer_retention"} for kpi, *_ in board.samples)

    board = seen(REPS, paper("K", "2024-01-01"), account("A", "2024-02-01", deleted=True))
    assert {kpi for kpi, *_ in board.samples} == {"annual_contract_value"}


# ---- #9


def test_a_contract_that_ends_on_the_last_day_of_a_quarter_is_lost_in_that_quarter() -> None:
    board = seen(REPS, paper("K", "2024-01-01", "2024-09-30"))

    assert retention(board, "FY2024-Q3") == active(1, 0)
    assert retention(board, "FY2024-Q2") == active(1, 1)
    assert retention(board, "FY2024-Q4") is None
    assert board.value("customer_retention", "*", "fiscal_quarter", "FY2024-Q3") == 0


def test_a_contract_that_ends_on_the_first_day_of_the_next_quarter_is_retained() -> None:
    board = seen(REPS, paper("K", "2024-01-01", "2024-10-01"))

    assert retention(board, "FY2024-Q3") == active(1, 1)
    assert retention(board, "FY2024-Q4") == active(1, 0)


def test_a_contract_renewed_the_day_after_is_one_span() -> None:
    board = seen(REPS, paper("K1", "2024-01-01", "2024-06-30"), paper("K2", "2024-07-01", "2024-12-31"))

    assert retention(board, "FY2024-Q2") == active(1, 1)
    assert retention(board, "FY2024-Q3") == active(1, 1)


def test_spans_at_most_grace_days_apart_are_one() -> None:
    said = [REPS, paper("K1", "2024-01-01", "2024-06-30"), paper("K2", "2024-07-11", "2024-12-31")]

    assert retention(seen(*said, grace_days=9), "FY2024-Q2") == active(1, 0)
    assert retention(seen(*said, grace_days=10), "FY2024-Q2") == active(1, 1)
    assert retention(seen(*said, grace_days=10), "FY2024-Q3") == active(1, 1)
    assert retention(seen(*said, grace_days=9), "FY2024-Q3") is None


def test_a_customer_back_after_a_gap_inside_the_window_is_not_retained() -> None:
    board = seen(REPS, paper("K1", "2023-12-01", "2024-02-28"), paper("K2", "2024-05-01", "2025-12-31"))

    assert retention(board, "FY2024") == active(1, 0)


def test_overlapping_contracts_are_one_span_to_the_later_end() -> None:
    board = seen(
        REPS,
        paper("K1", "2024-01-01", "2024-12-31"),
        paper("K2", "2024-02-01", "2024-03-31"),
        now="2024-11-01T12:00:00Z",
    )

    assert retention(board, "FY2024-Q1") == active(1, 1)
    assert retention(board, "FY2024-Q2") == active(1, 1)


def test_a_contract_without_end_lasts() -> None:
    assert retention(seen(REPS, paper("K", "2023-01-01")), "FY2024") == active(1, 1)
    assert retention(seen(REPS, paper("K", "2023-01-01"), paper("J", "2023-05-01", "2023-06-30")), "FY2024") == active(
        1, 1
    )


@pytest.mark.parametrize(
    ("ends_on", "cancelled_on"),
    [("2024-09-30", "2024-05-15"), (None, "2024-05-15"), ("2024-05-15", "2024-09-30"), ("2024-05-15", None)],
)
def test_a_contract_is_active_to_the_earlier_of_its_end_and_its_cancellation_inclusive(
    ends_on: str | None, cancelled_on: str | None
) -> None:
    parts = lifetime(seen(REPS, paper("K", "2024-05-01", ends_on, cancelled_on=cancelled_on)))

    assert parts is not None
    assert (parts["customer_days"], parts["churned"]) == (15, 1)


def test_a_contract_cancelled_before_it_starts_is_never_active() -> None:
    board = seen(REPS, paper("K", "2024-05-01", cancelled_on="2024-04-30"))

    assert all(kpi != "customer_retention" for kpi, *_ in board.samples)


def test_a_window_that_runs_ends_today() -> None:
    said = [REPS, paper("K", "2023-01-01", "2024-12-31")]

    assert retention(seen(*said, now="2024-12-31T12:00:00Z"), "FY2024") == active(1, 1)
    assert retention(seen(*said, now="2025-01-01T12:00:00Z"), "FY2024") == active(1, 0)
    assert retention(seen(*said, now="2025-01-01T12:00:00Z"), "") == active(1, 0)
    assert retention(seen(*said, now="2024-12-31T12:00:00Z"), "") == active(1, 1)


def test_the_rolling_year_starts_364_days_before_today() -> None:
    assert retention(seen(REPS, paper("K", "2024-01-02")), "") == active(1, 1)
    assert retention(seen(REPS, paper("K", "2024-01-03")), "") is None


def test_an_account_that_becomes_a_customer_within_the_window_is_not_in_it() -> None:
    board = seen(REPS, paper("K", "2024-01-02"))

    assert retention(board, "FY2024-Q1") is None
    assert retention(board, "FY2024") is None
    assert retention(board, "FY2024-Q2") == active(1, 1)


def test_two_purchases_a_year_apart_are_one_span() -> None:
    board = seen(REPS, bought("P1", "2023-01-10 10:00"), bought("P2", "2024-01-10 10:00"))

    assert retention(board, "FY2024") == active(1, 1)
    parts = lifetime(board)
    assert parts is not None
    assert (parts["customers"], parts["churned"], parts["customer_days"]) == (1, 0, 365 + 357)


def test_the_activity_after_a_purchase_is_a_definition() -> None:
    board = seen(REPS, bought("P", "2024-01-10 10:00"), activity_days=100)

    parts = lifetime(board)
    assert parts is not None
    assert (parts["customer_days"], parts["churned"]) == (100, 1)


# ---- owner


OWNERS = [rep(name) for name in ("r1", "r2", "r3", "r4")]


def owner(*said: bytes, zone: str = "UTC") -> str:
    """Who has the customer; the first lookup of every test is active in 2024."""
    (name,) = seen(OWNERS, said, zone=zone).keys("customer_retention", "fiscal_quarter", "FY2024-Q4") - {"*"}
    return name.removeprefix("rep:")


def test_an_account_belongs_to_its_own_owner_before_anybody_elses() -> None:
    assert owner(account("A", "2024-01-01", owner_id="r4"), paper("K", "2024-01-01", owner_id="r1")) == "r4"
    assert owner(account("A", "2024-01-01", owner_id=None), paper("K", "2024-01-01", owner_id="r1")) == "r1"


def test_an_account_without_owner_belongs_to_the_owner_of_the_newest_of_contracts_purchases_and_deals() -> None:
    old, newer = paper("K", "2024-01-01", owner_id="r1"), bought("P", "2024-02-01 10:00", owner_id="r2")

    assert owner(old, newer) == "r2"
    assert owner(old, newer, deal("O", "2024-03-01 10:00", owner_id="r3")) == "r3"
    assert owner(old, newer, paper("K2", "2024-03-01", owner_id="r4")) == "r4"


def test_what_has_no_owner_is_passed_over() -> None:
    assert owner(paper("K", "2024-01-01", owner_id="r1"), bought("P", "2024-02-01 10:00", owner_id=None)) == "r1"
    assert owner(paper("K", "2024-01-01", owner_id=None)) == "unassigned"


def test_dates_compare_as_midnight_of_the_organisation() -> None:
    said = [paper("K", "2024-02-01", owner_id="r1"), bought("P", "2024-01-31 23:30", owner_id="r2")]

    assert owner(*said) == "r1"
    assert owner(*said, zone="Europe/Berlin") == "r2"


def test_of_two_at_one_moment_the_larger_id_decides() -> None:
    assert owner(paper("K1", "2024-01-01", owner_id="r2"), paper("K2", "2024-01-01", owner_id="r1")) == "r1"


def test_a_contracts_owner_for_its_account_is_its_owner_at_midnight_of_the_day_it_was_signed() -> None:
    later = contract("K", "2024-03-10 08:00", owner_id="r2")

    assert owner(paper("K", "2024-03-10", owner_id="r1"), later) == "r1"
    assert owner(paper("K", "2024-03-11", owner_id="r1"), later) == "r2"
    assert owner(paper("K", "2024-03-11", signed_on="2024-02-01", owner_id="r1"), later) == "r1"


def test_a_contract_that_names_a_won_opportunity_still_gives_its_account_its_own_owner() -> None:
    said = [
        opportunity("O", "2024-01-01", owner_id="r3", outcome="won"),
        paper("K", "2024-01-01", owner_id="r1", opportunity_id="O"),
    ]

    assert owner(*said) == "r1"


def test_a_deals_owner_for_its_account_is_its_owner_now() -> None:
    assert owner(deal("O", "2024-01-10 10:00", owner_id="r1"), opportunity("O", "2024-05-01", owner_id="r2")) == "r2"


def test_the_owner_of_an_account_now_has_all_its_history() -> None:
    board = seen(REPS, paper("K", "2022-01-01", owner_id="r1"), account("A", "2024-12-01", owner_id="r2"))

    assert board.keys("customer_retention", "fiscal_year", "FY2022") == {"rep:r2", "*"}
    assert board.keys("customer_lifetime_value", "to_date") == {"rep:r2", "*"}


def test_the_team_of_retention_is_the_owners_at_the_window_start_in_the_organisations_zone() -> None:
    board = seen(
        rep("r1", team="A", timezone="America/New_York"),
        rep("r1", "2024-07-01T02:00:00Z", team="B"),
        paper("K", "2024-01-01"),
        zone="Europe/Lisbon",  # there July began at 23:00 UTC of 30 June
    )

    assert board.keys("customer_retention", "fiscal_quarter", "FY2024-Q3") == {"rep:r1", "team:A", "*"}
    assert board.keys("customer_retention", "fiscal_quarter", "FY2024-Q4") == {"rep:r1", "team:B", "*"}
    assert board.keys("customer_retention", "fiscal_year", "FY2024") == {"rep:r1", "team:A", "*"}
    assert board.keys("customer_lifetime_value", "to_date") == {"rep:r1", "team:B", "*"}


def test_a_team_changed_just_before_the_window_starts_is_the_team_of_the_window() -> None:
    moved = [
        rep("r1", team="A", timezone="America/New_York"),
        rep("r1", "2024-06-30T22:30:00Z", team="B"),
        paper("K", "2024-01-01"),
    ]

    for zone, team in (("Europe/Lisbon", "team:B"), ("Europe/Berlin", "team:A")):
        assert board_teams(seen(moved, zone=zone)) == {team}


def board_teams(board: Board) -> set[str]:
    return {who for who in board.keys("customer_retention", "fiscal_quarter", "FY2024-Q3") if who.startswith("team:")}
