from kpi_state.explain.deciding import decide
from kpi_state.explain.ledger import Ledger
from kpi_state.explain.witnesses import Who, Witnesses
from kpi_state.replay import Replay
from kpi_state.rows import Row
from tests.explaining import chain, explained, left_out, line_of, told
from tests.reference import microseconds
from tests.statements import (
    account,
    activity,
    appointment,
    call,
    contract,
    lead,
    mailed,
    opportunity,
    purchase,
    rep,
    spoke,
)
from tests.worlds import NOW, settings_of

MONTH = ("month", "2024-01")


def test_statements_that_say_the_same_again_did_not_decide() -> None:
    lines = [
        lead("l1", "2024-01-05", created_at="2024-01-05", owner_id="r1", origin="web"),
        *(lead("l1", f"2024-01-{day:02d}", owner_id="r1") for day in range(6, 10)),
        lead("l1", "2024-01-20", owner_id="r2", status="working"),
        rep("r1"),
    ]

    line = line_of(explained(lines, "leads_created", "r1", *MONTH), "lead", "l1")

    assert [(said.field, said.value, said.at, said.times) for said in line.decided_by] == [
        ("created_at", "2024-01-05T12:00:00Z", "events:1", 1),
        ("owner_id", "r1", "events:1", 5),
    ]


def test_a_label_decides_only_where_it_is_asked_for() -> None:
    lines = [lead("l1", "2024-01-05", created_at="2024-01-05", origin="web")]

    assert told(explained(lines, "leads_created", "*", *MONTH, origin="web").entities[0].decided_by) == [
        ("created_at", "2024-01-05T12:00:00Z"),
        ("origin", "web"),
    ]


def test_an_outcome_is_decided_by_its_first_statement_of_the_last_run() -> None:
    lines = [
        lead("l1", "2024-01-05", outcome="lost"),
        lead("l1", "2024-01-06", outcome="won"),
        lead("l1", "2024-01-07", outcome="won"),
    ]

    line = line_of(explained(lines, "lead_win", "*", *MONTH, basis="closed"), "lead", "l1")

    assert [(said.value, said.at) for said in line.decided_by] == [("won", "events:2")]


def test_of_many_reasons_one_is_enough() -> None:
    lines = [
        lead("l1", "2024-01-05", created_at="2024-01-05", status="converted"),
        opportunity("o1", "2024-01-05", lead_id="l1"),
        appointment("a1", "2024-01-05", lead_id="l1", verdict="accepted"),
        appointment("a2", "2024-01-05", lead_id="l1", verdict="accepted"),
    ]

    line = line_of(explained(lines, "lead_conversion", "*", *MONTH), "lead", "l1")

    assert (told(line.decided_by), line.via) == (
        [("created_at", "2024-01-05T12:00:00Z"), ("status", "converted")],
        [],
    )


def test_all_that_is_needed_is_there() -> None:
    lines = [
        lead("l1", "2024-01-01", created_at="2024-01-01"),
        opportunity("o1", "2024-01-05", lead_id="l1", outcome="lost", closed_at="2024-01-07"),
        opportunity("o2", "2024-01-05", lead_id="l1", outcome="lost", closed_at="2024-01-09"),
    ]

    line = line_of(explained(lines, "lead_win", "*", *MONTH, basis="closed"), "lead", "l1")

    assert chain(line.via) == [("led to", "opportunity", "o2")]
    assert told(line.via[0].decided_by) == [
        ("closed_at", "2024-01-09T12:00:00Z"),
        ("lead_id", "l1"),
        ("outcome", "lost"),
    ]


def test_a_call_is_decided_by_its_talk_time_not_by_the_hours_that_say_the_same() -> None:
    hours = {"answered_at": "2024-01-05 10:00", "ended_at": "2024-01-05 10:01"}
    lines = [spoke("k1", "2024-01-05 10:00", **hours)]

    fields = [said.field for said in explained(lines, "touchpoints", "*", "day", "2024-01-05").entities[0].decided_by]

    assert fields == ["disposition", "rep_id", "started_at", "talk_seconds"]


def test_where_only_the_time_of_an_event_counts_it_is_said_so() -> None:
    lines = [
        call("k1", "2024-01-05 10:00", rep_id="r1"),
        call("k1", "2024-01-05 11:00", direction="outbound"),
        activity("m1", "2024-01-05 12:00", channel="visit", rep_id="r1"),
    ]

    explanation = explained(lines, "touchpoints", "*", "day", "2024-01-05")

    assert [(said.field, said.time, said.at) for said in line_of(explanation, "call", "k1").decided_by] == [
        ("time", "2024-01-05T10:00:00Z", "events:1"),
        ("rep_id", "2024-01-05T10:00:00Z", "events:1"),
        ("direction", "2024-01-05T11:00:00Z", "events:2"),
    ]


def test_a_number_over_thousands_of_touches_rests_on_the_first() -> None:
    lines = [mailed(f"m{n:03d}", f"2024-01-{n // 24 + 1:02d} {n % 24:02d}:00", contact_id="c1") for n in range(600)]

    line = line_of(explained(lines, "contact_to_lead", "*", *MONTH), "contact", "c1")

    assert [subject for _, kind, subject in chain(line.via) if kind == "activity"] == ["m000"]


def test_an_account_is_active_by_what_covers_its_span() -> None:
    lines = [
        account("a1", "2022-01-01", owner_id="r1"),
        contract("k1", "2022-01-01", account_id="a1", starts_on="2022-01-01", ends_on="2023-06-30"),
        contract("k2", "2022-01-01", account_id="a1", starts_on="2023-07-01", ends_on="2025-06-30"),
        contract("k3", "2022-01-01", account_id="a1", starts_on="2023-02-01", ends_on="2023-03-30"),
    ]

    line = line_of(explained(lines, "customer_retention", "*", "fiscal_year", "FY2024"), "account", "a1")

    assert told(line.decided_by) == [("owner_id", "r1")]
    assert chain(line.via) == [("signed", "contract", "k2"), ("signed", "contract", "k1")]


def test_a_purchase_belongs_to_an_account_whose_owner_may_be_that_of_the_winner() -> None:
    lines = [
        account("a1", "2024-01-01", merged_into="a2"),
        account("a2", "2024-01-01", owner_id="r1"),
        purchase("p1", "2024-01-05", account_id="a1", amount_minor=5, currency="EUR", at="2024-01-05", owner_id="r2"),
        rep("r1"),
    ]

    line = line_of(explained(lines, "customer_lifetime_value", "r1", "to_date", currency="EUR"), "purchase", "p1")

    assert (line.rep, line.parts["revenue_minor"]) == ("r1", 5)
    assert chain(line.via) == [
        ("belongs to", "account", "a1"),
        ("owned like", "account", "a2"),
        ("has merged into it", "account", "a1"),
    ]
    assert told(line.via[0].decided_by) == [("merged_into", "a2")]


def test_a_circle_of_merges_is_not_its_own_reason() -> None:
    lines = [
        lead("a", "2024-01-06", created_at="2024-01-06", merged_into="b"),
        lead("b", "2024-01-07", merged_into="a", outcome="won"),
    ]

    line = line_of(explained(lines, "lead_win", "*", *MONTH, basis="cohort"), "lead", "a")

    assert line.parts == {"leads": 1, "won": 1}
    assert chain(line.via)[0] == ("has merged into it", "lead", "b")
    assert len(chain(line.via)) <= 3


def test_what_was_deleted_for_a_while_is_told_though_nothing_rests_on_it() -> None:
    lines = [
        lead("l1", "2024-01-05", created_at="2024-01-05"),
        lead("l1", "2024-01-06", deleted=True, merged_into="l2"),
        lead("l1", "2024-01-07", deleted=False, merged_into=None),
    ]

    explanation = explained(lines, "leads_created", "*", *MONTH)

    assert [(each.why, [said.at for said in each.decided_by]) for each in left_out(explanation, "superseded")] == [
        ("deleted = True lost against the later False", ["events:2", "events:3"]),
        ("merged_into = l2 lost against the later None", ["events:2", "events:3"]),
    ]


def test_links_that_were_used_up_are_not_asked_for_again() -> None:
    replayed = Replay(microseconds(NOW), settings_of())
    replayed.feed(
        [opportunity("o1", "2024-01-05", lead_id="l1", outcome="won"), lead("l1", "2024-01-05", outcome="won")]
    )
    ledger, who = Ledger(replayed.state, replayed.settings.definitions), Who("lead", "l1")

    def won(row: Row) -> bool:
        return bool(ledger.view(*who, row).outcome == "won")

    decision = decide(ledger, Witnesses(), who, won, frozenset({(who, "o", "o1")}))

    assert (told(decision.said), decision.via) == ([("outcome", "won")], [])
