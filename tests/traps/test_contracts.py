"""#1: what was signed, when, by whom, and what it is worth a year."""

import pytest

from tests.statements import contract, opportunity, rep
from tests.worlds import Board, seen

REPS = [rep("r1"), rep("r2"), rep("r3")]
EUR = {"currency": "EUR"}
Parts = dict[str, int | float] | None


def year(board: Board, who: str = "*", bucket: str = "FY2024", **labels: str) -> Parts:
    return board.parts("annual_contract_value", who, "fiscal_year", bucket, **{**EUR, **labels})


def quarter(board: Board, bucket: str, who: str = "*") -> Parts:
    return board.parts("annual_contract_value", who, "fiscal_quarter", bucket, currency="EUR")


def signed(contracts: float, annual_value_minor: int) -> Parts:
    return {"contracts": contracts, "annual_value_minor": annual_value_minor}


def deal(subject: str = "O", time: str = "2024-02-01", **said: object) -> bytes:
    """An opportunity won at `time` by r1."""
    usual = {"owner_id": "r1", "outcome": "won", "closed_at": time, "amount_minor": 100, "currency": "EUR"}
    return opportunity(subject, time, **{**usual, **said})


def paper(subject: str = "K", **said: object) -> bytes:
    """A contract in its own right from May 2024, of r2."""
    usual = {"owner_id": "r2", "value_minor": 90, "currency": "EUR", "starts_on": "2024-05-01"}
    return contract(subject, "2024-01-05", **{**usual, **said})


# ---- annual value


@pytest.mark.parametrize(
    ("value", "months", "annual"),
    [
        pytest.param(2400, 24, 1200, id="two years"),
        pytest.param(2400, 12, 2400, id="a year"),
        pytest.param(2400, 1, 2400, id="a month is not made a year"),
        pytest.param(1300, 13, 1200, id="thirteen months"),
        pytest.param(25, 24, 12, id="half to even, down"),
        pytest.param(27, 24, 14, id="half to even, up"),
        pytest.param(-25, 24, -12, id="a refund, half to even, up"),
        pytest.param(-27, 24, -14, id="a refund, half to even, down"),
        pytest.param(100, 36, 33, id="a third"),
        pytest.param(200, 36, 67, id="two thirds"),
        pytest.param(0, 36, 0, id="nothing"),
        pytest.param(10**15 + 7, 24, 5 * 10**14 + 4, id="ten trillion"),
    ],
)
def test_the_annual_value_is_value_times_12_by_term_for_terms_over_a_year(value: int, months: int, annual: int) -> None:
    of_contract = seen(REPS, paper(value_minor=value, term_months=months))
    of_opportunity = seen(REPS, deal(amount_minor=value, term_months=months))

    assert year(of_contract) == signed(1, annual)
    assert year(of_opportunity) == signed(1, annual)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "months"),
    [
        pytest.param("2024-01-01", "2025-12-31", 24, id="two whole years"),
        pytest.param("2024-01-01", "2024-12-31", 12, id="a whole year"),
        pytest.param("2024-01-01", "2025-06-14", 17, id="a rest of 14 days"),
        pytest.param("2024-01-01", "2025-06-15", 18, id="a rest of 15 days"),
        pytest.param("2024-01-31", "2025-02-27", 13, id="to the last day of a shorter month"),
        pytest.param("2024-01-31", "2025-02-28", 13, id="a day more"),
        pytest.param("2024-01-31", "2025-03-13", 13, id="14 days after a shorter month's last"),
        pytest.param("2024-01-31", "2025-03-14", 14, id="15 days after a shorter month's last"),
        pytest.param("2024-02-29", "2025-02-27", 12, id="from a leap day to the day before the 28th"),
        pytest.param("2024-02-29", "2026-02-27", 24, id="two years from a leap day"),
        pytest.param("2024-02-29", "2028-02-28", 48, id="from a leap day to the next"),
        pytest.param("2024-12-16", "2025-12-31", 13, id="twelve months and sixteen days"),
        pytest.param("2024-12-31", "2026-02-27", 14, id="over two turns of the year"),
    ],
)
def test_a_term_is_whole_months_to_the_day_after_the_end(starts_on: str, ends_on: str, months: int) -> None:
    value = 12 * 13 * 14 * 17 * 18 * 48

    board = seen(REPS, paper(value_minor=value, starts_on=starts_on, ends_on=ends_on))

    assert year(board) == signed(1, value * 12 // months)


def test_a_stated_term_comes_before_the_dates() -> None:
    assert year(seen(REPS, paper(value_minor=3600, ends_on="2026-04-30", term_months=36))) == signed(1, 1200)


def test_without_a_term_the_value_is_annual() -> None:
    assert year(seen(REPS, paper(value_minor=3600))) == signed(1, 3600)
    assert year(
        seen(REPS, paper(value_minor=3600, starts_on=None, signed_on="2024-05-01", ends_on="2027-05-01"))
    ) == signed(1, 3600)


def test_a_cancellation_does_not_shorten_the_term() -> None:
    assert year(seen(REPS, paper(value_minor=2400, ends_on="2026-04-30", cancelled_on="2024-08-01"))) == signed(1, 1200)


# ---- when it is signed


def test_a_contract_is_signed_on_signed_on_else_on_starts_on() -> None:
    assert quarter(seen(REPS, paper()), "FY2024-Q2") == signed(1, 90)
    board = seen(REPS, paper(signed_on="2024-03-31"))
    assert quarter(board, "FY2024-Q1") == signed(1, 90)
    assert quarter(board, "FY2024-Q2") is None


def test_a_contract_that_names_a_won_opportunity_is_signed_when_that_closed_by_its_owner_then() -> None:
    board = seen(
        REPS,
        deal("O", "2024-02-01"),
        opportunity("O", "2024-03-01", owner_id="r3"),
        paper(opportunity_id="O", signed_on="2024-06-30"),
    )

    assert quarter(board, "FY2024-Q1", "rep:r1") == signed(1, 90)
    assert board.keys("annual_contract_value", "fiscal_year", "FY2024") == {"rep:r1", "*"}


def test_every_contract_that_names_a_won_opportunity_counts_and_its_own_amount_does_not() -> None:
    board = seen(REPS, deal(), paper("K1", opportunity_id="O"), paper("K2", opportunity_id="O", value_minor=5))

    assert year(board) == signed(2, 95)


@pytest.mark.parametrize(
    "said",
    [
        pytest.param([], id="unknown"),
        pytest.param([opportunity("O", "2024-02-01", outcome="open", amount_minor=100, currency="EUR")], id="open"),
        pytest.param([deal(), opportunity("O", "2024-02-02", outcome="lost")], id="lost after all"),
        pytest.param([deal(), opportunity("O", "2024-02-02", deleted=True)], id="deleted"),
    ],
)
def test_a_contract_that_names_an_opportunity_that_is_not_won_counts_as_naming_none(said: list[bytes]) -> None:
    board = seen(REPS, said, paper(opportunity_id="O"))

    assert quarter(board, "FY2024-Q2", "rep:r2") == signed(1, 90)
    assert year(board) == signed(1, 90)


def test_a_won_opportunity_that_no_contract_names_is_a_contract_signed_at_its_close() -> None:
    said = [REPS, deal(), paper(opportunity_id="O")]

    for freed in (
        [contract("K", "2024-08-01", deleted=True)],
        [contract("K", "2024-08-01", opportunity_id=None, deleted=True)],
    ):
        assert quarter(seen(*said, freed), "FY2024-Q1", "rep:r1") == signed(1, 100)
    both = seen(*said, contract("K", "2024-08-01", opportunity_id=None))
    assert (quarter(both, "FY2024-Q1"), quarter(both, "FY2024-Q2")) == (signed(1, 100), signed(1, 90))


def test_a_won_opportunity_without_an_amount_is_no_contract() -> None:
    assert all(kpi != "annual_contract_value" for kpi, *_ in seen(REPS, deal(amount_minor=None)).samples)


def test_a_contract_without_a_value_is_not_counted_but_still_names_its_opportunity() -> None:
    assert year(seen(REPS, paper(value_minor=None))) is None
    assert year(seen(REPS, deal(), paper(opportunity_id="O", value_minor=None))) is None


def test_money_without_a_currency_is_not_counted() -> None:
    assert all(
        kpi != "annual_contract_value" for kpi, *_ in seen(REPS, deal(currency=None), paper(currency=None)).samples
    )


def test_a_contract_without_any_date_is_signed_only_with_its_opportunity() -> None:
    assert year(seen(REPS, paper(starts_on=None))) is None
    assert year(seen(REPS, paper(starts_on=None, opportunity_id="O"), deal())) == signed(1, 90)


def test_a_contract_in_its_own_right_lies_on_its_plain_date_whatever_the_reps_zone() -> None:
    said = [rep("r1", timezone="Asia/Tokyo"), rep("r2", timezone="Pacific/Honolulu")]

    board = seen(said, paper(starts_on="2024-03-31"), deal("O", "2024-03-31 15:00"), zone="Europe/Berlin")

    assert quarter(board, "FY2024-Q1", "rep:r2") == signed(1, 90)
    assert quarter(board, "FY2024-Q2", "rep:r1") == signed(1, 100)  # midnight in Tokyo


def test_a_contract_signed_ahead_enters_when_its_day_begins_in_the_organisations_zone() -> None:
    said = [rep("r2", timezone="Pacific/Honolulu"), paper(signed_on="2024-06-10")]

    assert year(seen(*said, now="2024-06-09T21:59:59Z", zone="Europe/Berlin")) is None
    assert year(seen(*said, now="2024-06-09T22:00:00Z", zone="Europe/Berlin")) == signed(1, 90)


def test_a_win_dated_ahead_is_signed_when_its_quarter_hour_begins() -> None:
    said = [REPS, deal("O", "2024-02-01", closed_at="2024-06-10 10:20")]

    assert year(seen(*said, now="2024-06-10T10:14:00Z")) is None
    assert year(seen(*said, now="2024-06-10T10:15:00Z")) == signed(1, 100)


def test_signed_contracts_roll_over_365_days_of_the_organisation() -> None:
    said = [
        REPS,
        paper("in", signed_on="2024-01-02"),
        paper("out", signed_on="2024-01-01", value_minor=7),
        deal("I", "2024-01-02 00:00", amount_minor=1),
        deal("J", "2024-01-01 23:59", amount_minor=5),
    ]

    assert seen(*said).parts("annual_contract_value", "*", "rolling_365d", currency="EUR") == signed(2, 91)


# ---- whose it is


@pytest.mark.parametrize(
    ("changed", "owner"),
    [
        pytest.param("2024-05-01T00:00:00+02:00", "r3", id="at midnight of the organisation"),
        pytest.param("2024-05-01T00:00:00.000001+02:00", "r2", id="a microsecond later"),
    ],
)
def test_a_contract_in_its_own_right_is_its_owners_at_midnight_of_the_day_it_was_signed(
    changed: str, owner: str
) -> None:
    board = seen(REPS, paper(), contract("K", changed, owner_id="r3"), zone="Europe/Berlin")

    assert board.keys("annual_contract_value", "fiscal_year", "FY2024") == {f"rep:{owner}", "*"}


def test_a_won_opportunity_is_its_owners_at_its_close() -> None:
    board = seen(
        REPS,
        opportunity("O", "2024-01-01", owner_id="r2"),
        deal("O", "2024-02-01"),
        opportunity("O", "2024-02-02", owner_id="r3"),
    )

    assert board.keys("annual_contract_value", "fiscal_year", "FY2024") == {"rep:r1", "*"}


# ---- labels


def test_product_and_region_stand_beside_the_currency_and_not_below_each_other() -> None:
    board = seen(
        REPS,
        paper("K1", product="x", region="north"),
        paper("K2", product="x"),
        paper("K3", region="north", currency="USD"),
        deal("O", product="y"),
    )

    assert year(board) == signed(3, 280)
    assert year(board, product="x") == signed(2, 180)
    assert year(board, product="y") == signed(1, 100)
    assert year(board, region="north") == signed(1, 90)
    assert year(board, currency="USD", region="north") == signed(1, 90)
    labels = {
        tuple(name for name, _ in labels) for kpi, _, _, _, labels in board.samples if kpi == "annual_contract_value"
    }
    assert labels == {("currency",), ("currency", "product"), ("currency", "region")}


def test_the_currency_changed_on_an_open_opportunity_is_the_one_it_is_won_in() -> None:
    board = seen(
        REPS,
        opportunity("O", "2024-01-06", owner_id="r1", outcome="open", amount_minor=2400, currency="EUR"),
        opportunity("O", "2024-02-01", currency="USD", amount_minor=2600),
        opportunity("O", "2024-03-01", outcome="won"),
    )

    assert year(board) is None
    assert year(board, currency="USD") == signed(1, 2600)


def test_the_mean_is_one_division_over_all_reps_and_never_a_mean_of_means() -> None:
    teams = [rep("r1", "2020-01-02", team="A"), rep("r2", "2020-01-02", team="A")]
    board = seen(REPS, teams, deal("O", amount_minor=100), deal("P", amount_minor=101), paper(value_minor=400))

    assert year(board, "team:A") == signed(3, 601)
    assert board.value("annual_contract_value", "team:A", "fiscal_year", "FY2024", currency="EUR") == 601 / 3


# ---- splits


def by_rep(board: Board) -> dict[str, Parts]:
    keys = board.keys("annual_contract_value", "fiscal_year", "FY2024")
    return {who: year(board, who) for who in sorted(keys)}


def test_the_shares_of_a_split_corrected_afterwards_replace_the_old_ones_and_sum_to_the_whole() -> None:
    board = seen(
        REPS,
        deal(splits={"r1": 0.5, "r2": 0.5}),
        opportunity("O", "2024-03-05", splits={"r1": 1, "r2": 1, "r3": 1}),
    )

    assert by_rep(board) == {
        "*": signed(1, 100),
        "rep:r1": signed(0.333334, 34),
        "rep:r2": signed(0.333333, 33),
        "rep:r3": signed(0.333333, 33),
    }
    assert (
        board.value("annual_contract_value", "rep:r1", "fiscal_year", "FY2024", currency="EUR") == 34_000_000 / 333_334
    )


@pytest.mark.parametrize(
    ("amount", "splits", "expected"),
    [
        pytest.param(
            101, {"r1": 0.5, "r2": 0.5}, {"r1": (0.5, 51), "r2": (0.5, 50)}, id="a tie goes to the smaller id"
        ),
        pytest.param(
            -101, {"r1": 0.5, "r2": 0.5}, {"r1": (0.5, -51), "r2": (0.5, -50)}, id="a refund by its absolute value"
        ),
        pytest.param(10, {"r1": 0.34, "r2": 0.66}, {"r1": (0.34, 3), "r2": (0.66, 7)}, id="the larger remainder"),
        pytest.param(
            -10, {"r1": 0.34, "r2": 0.66}, {"r1": (0.34, -3), "r2": (0.66, -7)}, id="the larger remainder of a refund"
        ),
        pytest.param(100, {"r1": 2, "r2": 6}, {"r1": (0.25, 25), "r2": (0.75, 75)}, id="shares are scaled"),
        pytest.param(
            100, {"r1": 0.1, "r2": 0.2}, {"r1": (0.333333, 33), "r2": (0.666667, 67)}, id="shares that sum to less"
        ),
        pytest.param(100, {"r1": 1, "r2": 0}, {"r1": (1, 100)}, id="a share of nothing"),
        pytest.param(1, {"r3": 0.5, "r2": 0.5}, {"r2": (0.5, 1), "r3": (0.5, 0)}, id="one cent"),
        pytest.param(
            7,
            {"r1": 0.0000005, "r2": 0.9999995},
            {"r1": (0.000001, 0), "r2": (0.999999, 7)},
            id="half a millionth rounds by the tie",
        ),
    ],
)
def test_split_money_is_divided_by_largest_remainder(
    amount: int, splits: dict[str, float], expected: dict[str, tuple[float, int]]
) -> None:
    board = seen(REPS, deal(amount_minor=amount, splits=splits))

    assert by_rep(board) == {
        "*": signed(1, amount),
        **{f"rep:{who}": signed(*parts) for who, parts in expected.items()},
    }


def test_the_annual_value_is_rounded_once_before_it_is_split() -> None:
    board = seen(REPS, deal(amount_minor=201, term_months=24, splits={"r1": 0.5, "r2": 0.5}))

    assert by_rep(board) == {"*": signed(1, 100), "rep:r1": signed(0.5, 50), "rep:r2": signed(0.5, 50)}


def test_a_contract_keeps_the_split_of_the_deal_it_names() -> None:
    board = seen(REPS, deal(splits={"r1": 0.25, "r3": 0.75}), paper(opportunity_id="O", value_minor=200))

    assert by_rep(board) == {"*": signed(1, 200), "rep:r1": signed(0.25, 50), "rep:r3": signed(0.75, 150)}


def test_cleared_splits_give_the_deal_back_to_its_owner() -> None:
    board = seen(REPS, deal(splits={"r2": 0.5, "r3": 0.5}), opportunity("O", "2024-03-01", splits=None))

    assert by_rep(board) == {"*": signed(1, 100), "rep:r1": signed(1, 100)}
