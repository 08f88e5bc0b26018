from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_state.buckets import Contributions
from kpi_state.dates import LAST_DAY
from kpi_state.definitions import Definitions
from kpi_state.entities.account import Referral, Revenue, Span, merge_spans, purchase_revenue
from kpi_state.links import CONTRACT, CUSTOMER, DEAL, MERGE, OWNER, PROFILE, PURCHASE, REFERRED
from kpi_state.rows import Row
from tests.statements import account
from tests.told import at, d, on, says, told, viewed

Links = dict[str, dict[str, Any]]


def bought(day: str, amount: int = 100, currency: str = "EUR", owner: str = "") -> list[Any]:
    return [at(day), on(day[:10]), amount, currency, owner]


def signed(
    start: str, stop: str | None, value: int | None = 100, currency: str = "EUR", owner: str = "unassigned"
) -> list[Any]:
    return [on(start), None if stop is None else on(stop), value, currency, owner]


def dealt(
    day: str, term: int | None = None, amount: int = 100, currency: str = "EUR", owner: str = "unassigned"
) -> list[Any]:
    return [at(day), term, amount, currency, owner]


def spans(links: Links, **definitions: int) -> list[Span]:
    found: list[Span] = viewed("account", told("account", links=links), definitions=Definitions(**definitions)).spans  # type: ignore[arg-type]
    return found


def days(*dates: str | None) -> list[Span]:
    """[start, end, start, end, …] as spans."""
    known = [None if each is None else on(each) for each in dates]
    return [list(pair) for pair in zip(known[::2], known[1::2], strict=True)]


# -- when it is active


def test_with_any_contract_it_is_active_by_contracts_alone() -> None:
    links = {
        CONTRACT: {"k": signed("2024-01-01", "2024-02-01")},
        PURCHASE: {"p": bought("2023-05-05")},
        DEAL: {"o": dealt("2022-05-05")},
    }

    assert spans(links) == days("2024-01-01", "2024-02-01")


def test_without_contracts_it_is_active_by_purchases_alone_each_for_so_many_days() -> None:
    links = {PURCHASE: {"p": bought("2024-01-01"), "q": bought("2024-03-01")}, DEAL: {"o": dealt("2022-05-05")}}

    assert spans(links, activity_days=31) == days("2024-01-01", "2024-02-01", "2024-03-01", "2024-04-01")


@pytest.mark.parametrize(
    ("term", "end"),
    [(12, "2025-05-05"), (1, "2024-06-05"), (None, "2024-06-04"), (0, "2024-06-04"), (-13, "2024-06-04")],
)
def test_with_neither_it_is_active_by_won_opportunities_for_their_term_else_like_a_purchase(
    term: int | None, end: str
) -> None:
    assert spans({DEAL: {"o": dealt("2024-05-05", term)}}, activity_days=30) == days("2024-05-05", end)


def test_nothing_bought_is_never_active() -> None:
    assert spans({PURCHASE: {"p": None}, CONTRACT: {"k": None}}) == []


def test_a_contract_that_ends_before_it_starts_leaves_its_account_inactive() -> None:
    assert spans({CONTRACT: {"k": signed("2024-01-01", "2023-01-01")}, PURCHASE: {"p": bought("2023-05-05")}}) == []


def test_activity_ends_with_the_calendar() -> None:
    last = [at("9998-12-30"), LAST_DAY - 1, 100, "EUR", ""]

    assert spans({PURCHASE: {"p": last}}) == [[LAST_DAY - 1, LAST_DAY]]
    assert spans({DEAL: {"o": dealt("9998-12-31", 10**6)}}) == days("9998-12-31", "9999-12-31")


HORIZON = 20


def covered(each: Iterable[Span]) -> set[int]:
    return {day for start, end in each for day in range(start or 0, HORIZON if end is None else end)}


@given(st.lists(st.tuples(st.integers(1, 12), st.none() | st.integers(1, 12)).map(list)), st.integers(0, 3), st.data())
def test_spans_merge_to_the_days_they_cover_and_the_gaps_that_are_forgiven(
    each: list[Span], grace: int, data: st.DataObject
) -> None:
    merged = merge_spans(each, grace)

    active = covered(each)
    gaps = [range(one + 1, two) for one, two in pairwise(sorted(active)) if two - one - 1 <= grace]
    assert covered(merged) == active.union(*gaps)
    assert all(one[1] is not None and two[0] is not None and two[0] > one[1] + grace for one, two in pairwise(merged))
    some = data.draw(st.integers(0, len(each)))
    shuffled = data.draw(st.permutations(each))
    assert merge_spans([*merge_spans(shuffled[:some], grace), *shuffled[some:]], grace) == merged


# -- what it bought


def revenue(links: Links) -> list[tuple[int, int, str]]:
    return [
        (each.day, each.amount_minor, each.currency) for each in viewed("account", told("account", links=links)).revenue
    ]


def test_with_any_purchase_its_purchases_contribute_one_by_one_and_nothing_else_is_revenue() -> None:
    links = {PURCHASE: {"p": bought("2024-01-01", currency="")}, CONTRACT: {"k": signed("2024-01-01", None)}}

    assert revenue(links) == []


def test_without_purchases_its_contracts_are_its_revenue_each_on_its_first_day() -> None:
    links = {
        CONTRACT: {
            "k1": signed("2024-01-01", "2026-01-01", 2400),
            "k2": signed("2024-02-01", None, None),
            "k3": signed("2024-03-01", None, 5, ""),
            "k4": signed("2024-04-01", None, 0),
        },
        DEAL: {"o": dealt("2022-05-05")},
    }

    assert revenue(links) == [(on("2024-01-01"), 2400, "EUR"), (on("2024-04-01"), 0, "EUR")]


def test_with_neither_its_won_opportunities_are_its_revenue_on_the_day_of_their_close() -> None:
    links = {DEAL: {"o1": dealt("2024-05-05 23:30", amount=7), "o2": dealt("2024-05-06", currency="")}}
    view = viewed(
        "account", told("account", links=links), definitions=Definitions(organisation_timezone="Europe/Amsterdam")
    )

    assert view.revenue == [Revenue(on("2024-05-06"), 7, "EUR")]


@pytest.mark.parametrize(
    ("links", "currencies"),
    [
        (
            {
                PURCHASE: {
                    "p": bought("2024-01-01", currency="USD"),
                    "q": bought("2024-01-01"),
                    "r": bought("2024-01-01", currency=""),
                }
            },
            ["EUR", "USD"],
        ),
        ({CONTRACT: {"k": signed("2024-01-01", None), "l": signed("2024-01-01", None, None, "USD")}}, ["EUR"]),
        ({DEAL: {"o": dealt("2024-01-01", currency="USD")}}, ["USD"]),
        ({}, []),
    ],
)
def test_its_currencies_are_those_of_its_revenue(links: Links, currencies: list[str]) -> None:
    assert viewed("account", told("account", links=links)).currencies == currencies


def test_a_purchase_counts_for_whom_the_account_credits_on_its_day() -> None:
    out: Contributions = {}
    for purchase, owner in (
        (bought("2024-01-01", 5), "r1"),
        (bought("2024-01-01", 7), "r1"),
        (bought("2024-01-01", 9), None),
        (bought("2024-01-01", 9, ""), "r1"),
    ):
        purchase_revenue(out, purchase, owner)

    assert out == {("customer_lifetime_value", "r1", d("2024-01-01"), ("EUR",)): (0, 0, 2, 12)}


# -- who owns it


def owner(links: Links, *lines: bytes) -> str:
    found: str = viewed(
        "account", told("account", lines, links), definitions=Definitions(organisation_timezone="Europe/Amsterdam")
    ).owner
    return found


EVERYTHING: Links = {
    CONTRACT: {"k": signed("2024-01-03", None, owner="by contract")},
    PURCHASE: {"p": bought("2024-01-02", owner="by purchase")},
    DEAL: {"o": dealt("2024-01-01", owner="by deal")},
}


def test_its_own_owner_comes_first() -> None:
    assert owner(EVERYTHING, account("x", "2020-01-01", owner_id="own")) == "own"
    assert (
        owner(EVERYTHING, account("x", "2020-01-01", owner_id="own"), account("x", "2020-01-02", owner_id=None))
        == "by contract"
    )


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        ({}, "by contract"),
        ({PURCHASE: {"p": bought("2024-01-04", owner="by purchase")}}, "by purchase"),
        ({DEAL: {"o": dealt("2024-01-05", owner="by deal")}}, "by deal"),
        ({PURCHASE: {"p": bought("2024-01-02 22:59", owner="by purchase")}}, "by contract"),
        ({PURCHASE: {"p": bought("2024-01-02 23:01", owner="by purchase")}}, "by purchase"),  # 00:01 in Amsterdam
        ({PURCHASE: {"p": bought("2024-01-02 23:00", owner="by purchase")}}, "by purchase"),  # a tie: the larger id
        ({PURCHASE: {"a": bought("2024-01-02 23:00", owner="by purchase")}}, "by contract"),
        ({PURCHASE: {"p": bought("2024-01-04")}, DEAL: {"o": dealt("2024-01-05")}}, "by contract"),
    ],
)
def test_else_the_one_on_the_newest_of_what_it_bought_that_names_one(later: Links, expected: str) -> None:
    assert owner(EVERYTHING | later) == expected


def test_of_purchases_at_one_instant_the_larger_id_names_the_owner() -> None:
    assert owner({PURCHASE: {"b": bought("2024-01-02", owner="r1"), "a": bought("2024-01-02", owner="r2")}}) == "r1"


def test_what_nobody_ever_owned_is_unassigned() -> None:
    assert owner({PURCHASE: {"p": bought("2024-01-02")}, CONTRACT: {"k": signed("2024-01-01", None)}}) == "unassigned"
    assert viewed("account", told("account")).credited == "unassigned"


# -- referrals


def test_a_referral_counts_when_the_account_was_active_on_the_day_the_lead_was_created() -> None:
    links: Links = {
        CONTRACT: {"k": signed("2024-01-02", "2024-01-04")},
        REFERRED: {
            "l1": [at("2024-01-01 22:59"), "r1"],
            "l2": [at("2024-01-01 23:00"), "r2"],  # the 2nd in Amsterdam
            "l3": [at("2024-01-03 22:59"), "r3"],
            "l4": [at("2024-01-03 23:00"), "r4"],
            "l5": None,
        },
    }
    view = viewed(
        "account", told("account", links=links), definitions=Definitions(organisation_timezone="Europe/Amsterdam")
    )

    assert view.referrals == [Referral(at("2024-01-01 23:00"), "r2"), Referral(at("2024-01-03 22:59"), "r3")]


def test_an_account_with_a_contract_that_runs_on_refers_for_ever() -> None:
    links = {CONTRACT: {"k": signed("2024-01-02", None)}, REFERRED: {"l1": [at("2050-01-01"), "r1"]}}

    assert len(viewed("account", told("account", links=links)).referrals) == 1


# -- merges


def merged() -> Row:
    return told(
        "account",
        [account("x", "2024-01-05", owner_id="own", merged_into="w")],
        EVERYTHING | {REFERRED: {"l1": [5, "r1"]}},
    )


def test_a_merged_account_hands_its_winner_everything_and_counts_for_nothing_itself() -> None:
    view = viewed("account", merged())

    purchases = [1, [at("2024-01-02"), "p", "by purchase"], [[on("2024-01-02"), on("2025-01-01")]], ["EUR"]]
    own = [purchases, [["k", EVERYTHING[CONTRACT]["k"]]], [["o", EVERYTHING[DEAL]["o"]]], [[5, "r1"]]]
    assert says("account", merged()) == {("account", "w", MERGE): {"x": [["x"], own]}}
    assert (view.alive, view.spans, view.revenue, view.referrals) == (False, [], [], [])


def test_the_purchases_of_a_merged_account_count_for_whom_the_survivor_says() -> None:
    row = merged()
    assert viewed("account", row).credited is None

    row.links[OWNER] = {"w": (1, ["winner's", "large", "south"])}

    assert viewed("account", row).credited == "winner's"


def test_of_two_survivors_the_smaller_is_believed_while_one_takes_its_word_back() -> None:
    row = merged()
    row.links[OWNER] = {"w2": (1, ["second", "", ""]), "w1": (1, ["first", "", ""])}

    assert viewed("account", row).credited == "first"


def test_what_was_merged_into_an_account_is_its_own_and_learns_who_owns_it() -> None:
    loser = [
        [1, [at("2024-01-04"), "p", "r2"], [[on("2024-01-04"), on("2025-01-03")]], ["USD"]],
        [],
        [],
        [[at("2024-01-04"), "r7"]],
    ]
    row = told(
        "account", links={PURCHASE: {"q": bought("2024-01-02", owner="r1")}, MERGE: {"y": {"y": [["y"], loser]}}}
    )
    view = viewed("account", row)

    assert (view.owner, view.spans, view.currencies) == ("r2", days("2024-01-02", "2025-01-03"), ["EUR", "USD"])
    assert view.referrals == [Referral(at("2024-01-04"), "r7")]
    assert says("account", row) == {("account", "y", OWNER): ["r2", "", ""]}


def test_contracts_and_deals_of_a_loser_count_for_its_winner() -> None:
    loser = [[0, None, [], []], [["k", signed("2024-01-02", None, owner="r1")]], [], []]

    assert viewed("account", told("account", links={MERGE: {"y": {"y": [["y"], loser]}}})).owner == "r1"


def test_a_deleted_account_is_none() -> None:
    row = told("account", [account("x", "2024-01-05", merged_into="w", deleted=True)], EVERYTHING)

    assert viewed("account", row) is None
    assert says("account", row) == {}


def test_its_opportunities_learn_its_size_and_region_if_anybody_says() -> None:
    asked = {CUSTOMER: {"o1": True, "o2": None}}
    row = told("account", [account("x", "2024-01-05", size="large", region="south")], asked)

    assert says("account", row) == {("opportunity", "o1", PROFILE): ["large", "south"]}
    assert says("account", told("account", [account("x", "2024-01-05")], asked)) == {}


def test_the_opportunities_of_a_merged_account_learn_what_the_survivor_is_like() -> None:
    row = told(
        "account",
        [account("x", "2024-01-05", size="small", merged_into="w")],
        {CUSTOMER: {"o1": True}, OWNER: {"w": ["r1", "large", ""]}},
    )

    assert says("account", row)["opportunity", "o1", PROFILE] == ["large", ""]
