"""Merged subjects: what is folded into the winner, what is not, and how chains and cycles end."""

import random

import pytest

from tests.reference import microseconds
from tests.statements import account, appointment, contact, contract, lead, mailed, opportunity, purchase, rep
from tests.worlds import Board, World, readable, seen, settings_of

Q1 = "FY2024-Q1"
L1 = lead("L1", "2024-01-05", created_at="2024-01-05 12:00", owner_id="r1", status="new", outcome="open")
L2 = lead("L2", "2024-01-07", created_at="2024-01-07 12:00", owner_id="r2", status="new", outcome="open")
REPS = [rep("r1"), rep("r2")]


def win(board: Board, who: str, basis: str, bucket: str = Q1) -> dict[str, int | float] | None:
    return board.parts("lead_win", who, "fiscal_quarter", bucket, basis=basis)


MERGED_AFTER_WIN = [
    *REPS,
    L1,
    L2,
    opportunity("O", "2024-02-01", lead_id="L1", owner_id="r1", outcome="open"),
    opportunity("O", "2024-03-01", outcome="won", closed_at="2024-03-01 12:00"),
    lead("L1", "2024-03-10", merged_into="L2"),
]


def test_two_leads_merged_after_one_was_won_are_one_won_lead_of_the_winners_owner() -> None:
    board = seen(MERGED_AFTER_WIN)

    assert win(board, "*", "cohort") == {"leads": 1, "won": 1}
    assert win(board, "rep:r2", "cohort") == {"leads": 1, "won": 1}
    assert win(board, "rep:r2", "closed") == {"closed": 1, "won": 1}
    assert win(board, "rep:r1", "cohort") is None
    assert board.parts("leads_created", "*", "fiscal_quarter", Q1) == {"leads": 1}


def test_un_merged_leads_are_two_again_and_the_win_goes_back() -> None:
    board = seen(MERGED_AFTER_WIN, lead("L1", "2024-04-01", merged_into=None))

    assert win(board, "rep:r1", "closed") == {"closed": 1, "won": 1}
    assert win(board, "rep:r1", "cohort") == {"leads": 1, "won": 1}
    assert win(board, "rep:r2", "cohort") == {"leads": 1, "won": 0}
    assert win(board, "rep:r2", "closed") is None


def test_a_merged_losers_own_win_wins_its_winner_at_the_losers_date() -> None:
    board = seen(
        REPS,
        L1,
        L2,
        lead("L1", "2024-06-01", outcome="won", closed_at="2024-02-10"),
        lead("L1", "2024-07-01", merged_into="L2"),
        lead("L2", "2024-07-02", closed_at="2024-05-05"),
    )

    assert win(board, "rep:r2", "closed") == {"closed": 1, "won": 1}
    assert win(board, "*", "closed", "FY2024-Q2") is None


@pytest.mark.parametrize("said", [{"outcome": "lost"}, {"status": "disqualified"}])
def test_a_merged_losers_loss_or_disqualification_does_not_count(said: dict[str, str]) -> None:
    board = seen(REPS, L1, L2, lead("L1", "2024-02-01", merged_into="L2", **said))

    assert win(board, "*", "closed") is None
    assert win(board, "rep:r2", "cohort") == {"leads": 1, "won": 0}
    assert board.keys("open_lead_age", "now") == {"rep:r2", "*"}


def test_a_merged_losers_lost_opportunities_are_the_winners() -> None:
    board = seen(
        REPS,
        L1,
        L2,
        opportunity("O", "2024-02-01", lead_id="L1", outcome="lost"),
        lead("L1", "2024-03-01", merged_into="L2"),
    )

    assert win(board, "rep:r2", "closed") == {"closed": 1, "won": 0}
    assert board.parts("lead_conversion", "rep:r2", "fiscal_quarter", Q1) == {"leads": 1, "converted": 1}


def test_creation_owner_origin_and_generator_are_the_winners_own() -> None:
    board = seen(
        REPS,
        lead(
            "L1",
            "2024-01-05",
            created_at="2023-01-05",
            owner_id="r1",
            origin="fair",
            generated_by="marketing",
            merged_into="L2",
        ),
        lead("L2", "2024-01-07", created_at="2024-01-07", owner_id="r2"),
    )

    assert board.keys("leads_created", "fiscal_year", "FY2023") == set()
    assert board.parts("leads_created", "rep:r2", "fiscal_year", "FY2024") == {"leads": 1}
    assert board.parts("leads_created", "*", "fiscal_year", "FY2024", origin="fair") is None
    assert board.parts("lead_source", "*", "month", "2024-01") == {"known": 0, "marketing": 0, "unknown": 1}


def test_a_lead_merged_into_one_that_nobody_described_was_never_created() -> None:
    board = seen(
        REPS, L1, opportunity("O", "2024-02-01", lead_id="L1", outcome="won"), lead("L1", "2024-03-01", merged_into="X")
    )

    assert board.keys("leads_created", "fiscal_quarter", Q1) == set()
    assert win(board, "rep:unassigned", "closed") == {"closed": 1, "won": 1}


def test_a_merged_losers_contact_and_referrer_do_not_count() -> None:
    board = seen(
        REPS,
        contract("K", "2024-01-01", account_id="A", value_minor=10, currency="EUR", starts_on="2024-01-01"),
        lead(
            "L1",
            "2024-01-05",
            created_at="2024-01-05",
            status="qualified",
            contact_id="C",
            referrer_account_id="A",
            merged_into="L2",
        ),
        L2,
        mailed("m", "2024-01-20 10:00", contact_id="C"),
    )

    assert board.keys("referrals", "month", "2024-01") == set()
    assert board.parts("contact_to_lead", "*", "month", "2024-01") == {"contacts": 1, "leads": 0}


def test_a_merged_losers_touches_and_qualification_count_for_the_winner() -> None:
    board = seen(
        REPS,
        lead("L1", "2024-01-05", status="qualified"),
        lead("L1", "2024-01-06", status="working", merged_into="L2"),
        lead("L2", "2024-01-07", contact_id="C"),
        mailed("m", "2024-01-20 10:00", lead_id="L1"),
    )

    assert board.parts("contact_to_lead", "rep:r1", "month", "2024-01") == {"contacts": 1, "leads": 1}


@pytest.mark.parametrize(
    "said",
    [
        pytest.param([lead("L1", "2024-02-01", status="converted")], id="status converted"),
        pytest.param([appointment("a", "2024-02-01", lead_id="L1", verdict="accepted")], id="an accepted appointment"),
        pytest.param([opportunity("O", "2024-02-01", lead_id="L1")], id="an opportunity"),
    ],
)
def test_what_converted_a_merged_loser_converts_the_winner(said: list[bytes]) -> None:
    board = seen(REPS, L1, L2, said, lead("L1", "2024-03-01", merged_into="L2"))

    assert board.parts("lead_conversion", "rep:r2", "month", "2024-01") == {"leads": 1, "converted": 1}
    assert board.parts("lead_conversion", "*", "month", "2024-01") == {"leads": 1, "converted": 1}


def test_a_deleted_loser_takes_with_it_what_it_gave() -> None:
    board = seen(MERGED_AFTER_WIN, lead("L1", "2024-04-01", deleted=True))

    assert win(board, "*", "cohort") == {"leads": 1, "won": 0}
    assert win(board, "*", "closed") is None


def test_a_deleted_winner_does_not_give_its_loser_back() -> None:
    board = seen(MERGED_AFTER_WIN, lead("L2", "2024-04-01", deleted=True))

    assert board.keys("leads_created", "fiscal_quarter", Q1) == set()
    assert win(board, "*", "closed") is None


# ---- contacts and accounts


def test_merged_contacts_are_one_with_the_earliest_touch_of_all() -> None:
    board = seen(
        REPS,
        mailed("m1", "2024-05-10 10:00", "r1", contact_id="A"),
        mailed("m2", "2024-02-10 10:00", "r2", contact_id="B"),
        lead("L", "2024-06-01", contact_id="B", status="qualified"),
        contact("B", "2024-07-01", merged_into="A"),
    )

    assert board.parts("contact_to_lead", "rep:r2", "month", "2024-02") == {"contacts": 1, "leads": 1}
    assert board.keys("contact_to_lead", "month", "2024-05") == set()


def test_merged_accounts_are_one_customer_with_all_their_contracts() -> None:
    terms = {"value_minor": 10, "currency": "EUR"}
    board = seen(
        REPS,
        account("A", "2024-01-01", owner_id="r1"),
        account("B", "2024-01-01", owner_id="r2", merged_into="A"),
        contract("K1", "2024-01-01", account_id="A", starts_on="2023-01-01", ends_on="2023-12-31", **terms),
        contract("K2", "2024-01-01", account_id="B", starts_on="2024-01-01", ends_on="2024-12-31", **terms),
        lead("L", "2024-01-05", created_at="2024-01-05", referrer_account_id="B"),
        now="2024-06-30T12:00:00Z",
    )

    assert board.keys("customer_retention", "fiscal_year", "FY2024") == {"rep:r1", "*"}
    assert board.parts("customer_retention", "*", "fiscal_year", "FY2023") == {"active_at_start": 1, "retained": 1}
    assert board.parts("customer_lifetime_value_observed", "*", "to_date", currency="EUR") == {
        "customers": 1,
        "revenue_minor": 20,
    }
    assert board.parts("referrals", "*", "month", "2024-01") == {"leads": 1}


def test_un_merged_accounts_are_two_customers_again() -> None:
    said = [
        purchase("P1", "2024-01-01", account_id="A", amount_minor=5, currency="EUR", at="2024-01-01 10:00"),
        purchase("P2", "2024-01-01", account_id="B", amount_minor=7, currency="EUR", at="2024-02-01 10:00"),
        account("B", "2024-03-01", merged_into="A"),
    ]

    assert seen(said).parts("customer_lifetime_value_observed", "*", "to_date", currency="EUR") == {
        "customers": 1,
        "revenue_minor": 12,
    }
    assert seen(said, account("B", "2024-04-01", merged_into=None)).parts(
        "customer_lifetime_value_observed", "*", "to_date", currency="EUR"
    ) == {"customers": 2, "revenue_minor": 12}


# ---- opportunities


def test_a_merged_opportunitys_outcome_amount_and_owner_are_the_winners_own_also_when_the_loser_was_won() -> None:
    lost = opportunity(
        "O1", "2024-02-01", owner_id="r1", outcome="won", amount_minor=100, currency="EUR", merged_into="O2"
    )

    board = seen(
        REPS, lost, opportunity("O2", "2024-02-01", owner_id="r2", outcome="open", amount_minor=70, currency="EUR")
    )
    assert board.keys("annual_contract_value", "fiscal_year", "FY2024") == set()

    board = seen(
        REPS, lost, opportunity("O2", "2024-02-01", owner_id="r2", outcome="won", amount_minor=70, currency="EUR")
    )
    assert board.parts("annual_contract_value", "rep:r2", "fiscal_year", "FY2024", currency="EUR") == {
        "contracts": 1,
        "annual_value_minor": 70,
    }
    assert board.keys("annual_contract_value", "fiscal_year", "FY2024") == {"rep:r2", "*"}


def test_the_lead_that_a_merged_opportunity_names_has_the_winner_as_its_opportunity() -> None:
    said = [
        *REPS,
        L1,
        L2,
        opportunity("O1", "2024-02-01", lead_id="L1", outcome="won", merged_into="O2"),
        opportunity("O2", "2024-02-01", lead_id="L2", outcome="open"),
    ]

    board = seen(said)
    assert win(board, "*", "cohort") == {"leads": 2, "won": 0}
    assert board.parts("lead_conversion", "*", "month", "2024-01") == {"leads": 2, "converted": 2}

    board = seen(said, opportunity("O2", "2024-03-01", outcome="won"))
    assert win(board, "*", "cohort") == {"leads": 2, "won": 2}
    assert win(board, "rep:r1", "closed") == {"closed": 1, "won": 1}


def test_a_contract_that_names_a_merged_opportunity_names_the_winner() -> None:
    board = seen(
        REPS,
        opportunity("O1", "2024-02-01", owner_id="r1", outcome="open", merged_into="O2"),
        opportunity(
            "O2", "2024-02-01", owner_id="r2", outcome="won", closed_at="2024-05-05", amount_minor=70, currency="EUR"
        ),
        contract(
            "K",
            "2024-06-01",
            opportunity_id="O1",
            owner_id="r1",
            value_minor=90,
            currency="EUR",
            starts_on="2024-08-01",
        ),
    )

    assert board.parts("annual_contract_value", "rep:r2", "fiscal_quarter", "FY2024-Q2", currency="EUR") == {
        "contracts": 1,
        "annual_value_minor": 90,
    }
    assert board.keys("annual_contract_value", "fiscal_year", "FY2024") == {"rep:r2", "*"}


# ---- chains and cycles


def chain(length: int) -> list[bytes]:
    """So many contacts, each merged into the next, the first one touched."""
    merges = [contact(f"c{n:02d}", "2024-01-05", merged_into=f"c{n + 1:02d}") for n in range(length - 1)]
    return [rep("r1"), *merges, mailed("m", "2024-01-10 10:00", contact_id="c00")]


@pytest.mark.parametrize("merges", [1, 2, 5, 8])
def test_a_chain_of_up_to_eight_merges_counts_once_at_its_end(merges: int) -> None:
    board = seen(chain(merges + 1), lead("L", "2024-02-01", contact_id=f"c{merges:02d}", status="qualified"))

    assert board.parts("contact_to_lead", "rep:r1", "month", "2024-01") == {"contacts": 1, "leads": 1}


def too_deep(lines: list[bytes]) -> int:
    """How much was cut off, which must be the same for any order and any number of partitions."""
    events, _ = readable(lines, microseconds("2024-12-31T12:00:00Z"))
    counts = set()
    for partitions in (1, 2, 8):
        world = World(partitions, settings_of().definitions, random.Random(partitions), chaos=True).run(events)
        counts.add(sum(amounts[0] for cell, amounts in world.tallies().items() if cell[0] == "merge_too_deep"))
    assert len(counts) == 1
    return counts.pop()


def test_what_a_longer_chain_cuts_off_counts_nowhere_and_is_counted_as_too_deep() -> None:
    nine_merges = chain(10)

    assert seen(nine_merges).keys("contact_to_lead", "month", "2024-01") == set()
    assert too_deep(nine_merges) > 0
    assert too_deep(chain(9)) == 0


def test_in_a_chain_of_nine_merges_all_but_the_first_still_count() -> None:
    board = seen(chain(10), mailed("m2", "2024-02-10 10:00", contact_id="c01"))

    assert board.parts("contact_to_lead", "*", "month", "2024-02") == {"contacts": 1, "leads": 0}
    assert board.keys("contact_to_lead", "month", "2024-01") == set()


def cycle(length: int) -> list[bytes]:
    """So many contacts, each merged into the next and the last into the first, each one touched."""
    merges = [contact(f"c{n:02d}", "2024-01-05", merged_into=f"c{(n + 1) % length:02d}") for n in range(length)]
    return [
        rep("r1"),
        *merges,
        *(mailed(f"m{n}", f"2024-01-{n + 10} 10:00", contact_id=f"c{n:02d}") for n in range(length)),
    ]


@pytest.mark.parametrize("merges", [1, 2, 3, 8])
def test_in_a_cycle_of_up_to_eight_merges_the_smallest_id_survives_with_all_touches(merges: int) -> None:
    board = seen(cycle(merges), lead("L", "2024-02-01", contact_id=f"c{merges - 1:02d}", status="qualified"))

    assert board.parts("contact_to_lead", "rep:r1", "month", "2024-01") == {"contacts": 1, "leads": 1}


def test_in_a_longer_cycle_nobody_survives() -> None:
    board = seen(cycle(9))

    assert board.keys("contact_to_lead", "month", "2024-01") == set()
    assert too_deep(cycle(9)) > 0


def test_the_survivor_of_a_cycle_keeps_its_own_creation_and_owner() -> None:
    board = seen(
        REPS,
        L1,
        L2,
        lead("L2", "2024-02-01", merged_into="L1"),
        lead("L1", "2024-02-02", merged_into="L2"),
        opportunity("O", "2024-02-03", lead_id="L2", outcome="won"),
    )

    assert board.keys("leads_created", "month", "2024-01") == {"rep:r1", "*"}
    assert win(board, "rep:r1", "closed") == {"closed": 1, "won": 1}


def test_a_subject_merged_into_itself_is_not_merged() -> None:
    board = seen(REPS, L1, lead("L1", "2024-02-01", merged_into="L1"))

    assert board.parts("leads_created", "rep:r1", "month", "2024-01") == {"leads": 1}


def test_who_leaves_a_cycle_takes_his_touches_along() -> None:
    leaver = [contact("d", "2024-01-05", merged_into="c01"), mailed("md", "2024-01-02 10:00", "r2", contact_id="d")]

    within = seen(cycle(3), rep("r2"), leaver)
    assert within.parts("contact_to_lead", "rep:r2", "month", "2024-01") == {"contacts": 1, "leads": 0}
    assert within.keys("contact_to_lead", "month", "2024-01") == {"rep:r2", "*"}

    left = seen(cycle(3), rep("r2"), leaver, contact("d", "2024-03-01", merged_into=None))
    assert left.parts("contact_to_lead", "rep:r1", "month", "2024-01") == {"contacts": 1, "leads": 0}
    assert left.parts("contact_to_lead", "rep:r2", "month", "2024-01") == {"contacts": 1, "leads": 0}


def test_a_cycle_that_is_cut_becomes_a_chain() -> None:
    board = seen(cycle(3), contact("c01", "2024-03-01", merged_into=None))

    assert board.parts("contact_to_lead", "*", "month", "2024-01") == {"contacts": 1, "leads": 0}


def test_a_chain_redirected_in_the_middle_takes_everything_along() -> None:
    said = [
        contact("a", "2024-01-05", merged_into="b"),
        contact("b", "2024-01-05", merged_into="c"),
        mailed("m", "2024-01-10 10:00", contact_id="a"),
        mailed("n", "2024-01-10 10:00", contact_id="d"),
        lead("L", "2024-01-11", contact_id="c", status="qualified"),
    ]

    assert seen(said).parts("contact_to_lead", "*", "month", "2024-01") == {"contacts": 2, "leads": 1}
    assert seen(said, contact("b", "2024-02-01", merged_into="d")).parts(
        "contact_to_lead", "*", "month", "2024-01"
    ) == {
        "contacts": 1,
        "leads": 0,
    }
