"""Every reason to be left out is a test of its own."""

from kpi_state.explain.explanation import Explanation, LeftOut
from tests.explaining import explained, left_out, told
from tests.statements import (
    account,
    activity,
    appointment,
    call,
    contact,
    contract,
    lead,
    mailed,
    opportunity,
    purchase,
    rep,
    spoke,
)
from tests.worlds import settings_of

MONTH = ("r1", "month", "2024-01")
DAY = ("r1", "day", "2024-01-05")


def counted() -> list[bytes]:
    """A rep and a lead that counts, so that there is a number to explain."""
    return [rep("r1"), lead("counts", "2024-01-05", created_at="2024-01-05", owner_id="r1")]


def only(explanation: Explanation, reason: str) -> LeftOut:
    (found,) = left_out(explanation, reason)
    return found


def test_a_deleted_lead_is_left_out_by_the_event_that_deleted_it() -> None:
    lines = [
        *counted(),
        lead("gone", "2024-01-06", created_at="2024-01-06", owner_id="r1"),
        lead("gone", "2024-01-07", deleted=True),
    ]

    found = only(explained(lines, "leads_created", *MONTH), "deleted")

    assert (found.kind, found.subject, found.why, found.parts) == ("lead", "gone", "deleted", {"leads": 1})
    assert [(said.value, said.time, said.at) for said in found.decided_by] == [
        (True, "2024-01-07T12:00:00Z", "events:4")
    ]


def test_a_merged_lead_is_left_out_and_says_into_whom_through_the_whole_chain() -> None:
    lines = [
        *counted(),
        lead("a", "2024-01-06", created_at="2024-01-06", owner_id="r1"),
        lead("a", "2024-01-07", merged_into="b"),
        lead("b", "2024-01-08", merged_into="counts"),
    ]

    found = only(explained(lines, "leads_created", *MONTH), "merged")

    assert (found.subject, found.why, found.parts) == ("a", "merged into b, that into counts", {"leads": 1})
    assert told(found.decided_by) == [("merged_into", "b")]


def test_a_circle_of_merges_is_named_once_around() -> None:
    lines = [
        rep("r1"),
        lead("a", "2024-01-06", created_at="2024-01-06", owner_id="r1", merged_into="b"),
        lead("b", "2024-01-06", created_at="2024-01-06", owner_id="r1", merged_into="a"),
    ]

    found = only(explained(lines, "leads_created", *MONTH), "merged")

    assert (found.subject, found.why) == ("b", "merged into a, that into b")


def test_what_a_merge_takes_from_the_winner_is_said_too() -> None:
    lines = [
        *counted(),
        lead("b", "2024-01-06", created_at="2024-01-06", owner_id="r1", merged_into="counts", outcome="won"),
    ]

    found = only(explained(lines, "lead_win", *MONTH, basis="cohort"), "merged")

    assert found.parts == {"leads": 1, "won": 0}


def test_a_lead_without_created_at_is_left_out_where_it_first_appeared() -> None:
    lines = [*counted(), lead("bare", "2024-01-09", owner_id="r1"), lead("later", "2024-03-09", owner_id="r1")]

    found = only(explained(lines, "leads_created", *MONTH), "no_created_at")

    assert (found.subject, found.why, found.decided_by) == ("bare", "has no created_at", [])


def test_a_lead_that_was_handed_on_is_left_out_of_its_later_owners_number() -> None:
    lines = [
        *counted(),
        lead("passed", "2024-01-06", created_at="2024-01-06", owner_id="r2"),
        lead("passed", "2024-01-08", owner_id="r1"),
        rep("r2"),
    ]

    found = only(explained(lines, "leads_created", *MONTH), "other_owner")

    assert (found.subject, found.why) == ("passed", "'r1' owned it, but not when it counts")
    assert told(found.decided_by) == [("owner_id", "r1")]
    assert left_out(explained(lines, "leads_created", "*", "month", "2024-01"), "other_owner") == []


def test_a_short_call_fills_no_slot() -> None:
    lines = [rep("r1"), spoke("k1", "2024-01-05 10:00"), spoke("k2", "2024-01-05 11:00", seconds=29)]

    found = only(explained(lines, "touchpoints", *DAY), "short")

    assert (found.subject, found.why) == ("k2", "was talked for 29 s, below 30 s")
    assert found.parts == {"touchpoints": 1, "attempts": 0, "talk_seconds": 1}
    assert told(found.decided_by) == [("talk_seconds", 29)]


def test_talk_time_is_what_lies_between_answer_and_end() -> None:
    said = {"seconds": None, "answered_at": "2024-01-05 11:00", "ended_at": "2024-01-05T11:00:12Z"}
    lines = [rep("r1"), spoke("k1", "2024-01-05 10:00"), spoke("k2", "2024-01-05 11:00", **said)]

    assert only(explained(lines, "touchpoints", *DAY), "short").why == "was talked for 12 s, below 30 s"


def test_talk_time_may_be_unknown() -> None:
    lines = [rep("r1"), spoke("k1", "2024-01-05 10:00"), spoke("k2", "2024-01-05 11:00", seconds=None)]

    found = only(explained(lines, "touchpoints", *DAY), "short")

    assert found.why == "was talked for nobody knows how long, below 30 s"


def test_a_call_answered_by_voicemail_fills_no_slot() -> None:
    lines = [
        rep("r1"),
        spoke("k1", "2024-01-05 10:00"),
        spoke("k2", "2024-01-05 11:00", disposition="voicemail"),
        spoke("k3", "2024-01-05 12:00", disposition=None),
    ]

    found = left_out(explained(lines, "touchpoints", *DAY), "not_answered")

    assert [(each.subject, each.why) for each in found] == [
        ("k2", "was not answered but voicemail"),
        ("k3", "was not answered but of no disposition"),
    ]


def test_a_call_in_a_slot_that_is_filled_shares_it() -> None:
    lines = [
        rep("r1"),
        spoke("k1", "2024-01-05 10:00", phone="+31"),
        spoke("k2", "2024-01-05 10:20", phone="+31"),
        spoke("k3", "2024-01-05 10:40", phone="+31"),
        mailed("m1", "2024-01-05 10:00", contact_id="c"),
        mailed("m2", "2024-01-05 10:30", contact_id="c"),
    ]

    found = left_out(explained(lines, "touchpoints", *DAY), "same_slot")

    assert [(each.kind, each.subject, each.why) for each in found] == [
        ("activity", "m2", "shares its slot with m1, which was earlier"),
        ("call", "k2", "shares its slot with k1, which was earlier"),
        ("call", "k3", "shares its slot with k1, which was earlier"),
    ]
    assert told(found[0].decided_by) == [("at", "2024-01-05T10:30:00Z")]


def test_an_abandoned_queue_call_has_nobody_to_count_for() -> None:
    lines = [
        spoke("k1", "2024-01-05 10:00"),
        call("k2", "2024-01-05 11:00", started_at="2024-01-05 11:00", disposition="answered"),
    ]

    found = only(explained(lines, "touchpoints", "*", "day", "2024-01-05"), "no_rep")

    assert (found.subject, found.parts["attempts"]) == ("k2", 1)


def test_what_is_automated_or_inbound_counts_for_nothing() -> None:
    lines = [
        rep("r1"),
        mailed("m1", "2024-01-05 10:00"),
        mailed("m2", "2024-01-05 11:00", automated=True),
        mailed("m3", "2024-01-05 12:00", direction="inbound"),
        mailed("m4", "2024-01-05 13:00", direction=None),
        mailed("m5", "2024-01-05 14:00", automated=True, direction="inbound"),
    ]

    found = explained(lines, "touchpoints", *DAY).left_out

    assert [(each.reason, each.subject, each.why) for each in found] == [
        ("automated", "m2", "was automated"),
        ("inbound", "m3", "is not outbound but inbound"),
        ("no_direction", "m4", "is not outbound but of no direction"),
    ]


def test_an_activity_without_at_is_near_its_earliest_event() -> None:
    lines = [rep("r1"), mailed("m1", "2024-01-05 10:00"), mailed("m2", "2024-01-05 11:00", at=None, deleted=True)]

    assert only(explained(lines, "touchpoints", *DAY), "deleted").subject == "m2"


def test_a_pending_appointment_without_set_at_has_no_age() -> None:
    lines = [
        appointment("a1", "2024-01-05", set_by="r1", set_at="2024-01-05"),
        appointment("a2", "2024-01-06", set_by="r1"),
    ]

    found = only(explained(lines, "appointment_disqualification", "*", "now"), "no_set_at")

    assert (found.subject, found.parts["pending"]) == ("a2", 1)


def test_contracts_without_a_value_a_currency_or_a_start_are_not_in_the_annual_value() -> None:
    lines = [
        contract("k1", "2024-01-05", value_minor=100, currency="EUR", starts_on="2024-01-05"),
        contract("k2", "2024-01-05", currency="EUR", starts_on="2024-01-05"),
        contract("k3", "2024-01-05", value_minor=7, starts_on="2024-01-05"),
        contract("k4", "2024-01-05", value_minor=9, currency="EUR"),
    ]

    found = explained(lines, "annual_contract_value", "*", "fiscal_year", "FY2024", currency="EUR").left_out

    assert [(each.reason, each.subject, each.parts["annual_value_minor"]) for each in found] == [
        ("no_currency", "k3", 7),
        ("no_starts_on", "k4", 9),
        ("no_value_minor", "k2", 0),
    ]


def test_a_won_deal_without_an_amount_is_not_in_the_annual_value() -> None:
    won = {"outcome": "won", "closed_at": "2024-01-05", "currency": "EUR"}
    lines = [opportunity("o1", "2024-01-05", amount_minor=100, **won), opportunity("o2", "2024-01-05", **won)]

    found = only(
        explained(lines, "annual_contract_value", "*", "fiscal_year", "FY2024", currency="EUR"), "no_amount_minor"
    )

    assert found.subject == "o2"


def test_a_purchase_without_at_is_nobodys() -> None:
    lines = [
        account("a1", "2024-01-01", owner_id="r1"),
        purchase("p1", "2024-01-05", account_id="a1", amount_minor=5, currency="EUR", at="2024-01-05"),
        purchase("p2", "2024-01-06", account_id="a1", amount_minor=7, currency="EUR"),
    ]

    found = only(explained(lines, "customer_lifetime_value_observed", "*", "to_date", currency="EUR"), "no_at")

    assert (found.subject, found.parts) == ("p2", {"customers": 0, "revenue_minor": 7})


def test_a_contract_speaks_for_the_deal_that_it_names() -> None:
    lines = [
        opportunity("o1", "2024-01-05", amount_minor=90, currency="EUR", outcome="won", closed_at="2024-01-05"),
        contract("k1", "2024-01-06", opportunity_id="o1", value_minor=100, currency="EUR"),
    ]

    found = only(explained(lines, "annual_contract_value", "*", "fiscal_year", "FY2024", currency="EUR"), "contract")

    assert (found.subject, found.why) == ("o1", "contract k1 counts instead")


def test_an_account_has_one_basis_for_its_revenue_and_one_for_its_activity() -> None:
    lines = [
        account("a1", "2024-01-01", owner_id="r1"),
        contract("k1", "2024-01-05", account_id="a1", value_minor=100, currency="EUR", starts_on="2024-01-05"),
        purchase("p1", "2024-01-07", account_id="a1", amount_minor=5, currency="EUR", at="2024-01-07"),
        opportunity(
            "o1", "2024-01-09", account_id="a1", outcome="won", closed_at="2024-01-09", amount_minor=7, currency="EUR"
        ),
    ]

    found = explained(lines, "customer_lifetime_value", "*", "to_date", currency="EUR").left_out

    assert [(each.reason, each.parts["revenue_minor"], each.why) for each in found] == [
        ("contracts", 0, "its contracts say when it is active"),
        ("deals", 7, "its contracts or purchases count, not what it won"),
        ("purchases", 100, "its purchases are its revenue"),
    ]


def test_a_referrer_that_was_not_active_refers_nobody() -> None:
    lines = [
        purchase("p1", "2024-01-02", account_id="active", amount_minor=5, currency="EUR", at="2024-01-02"),
        lead("l1", "2024-01-05", created_at="2024-01-05", referrer_account_id="active"),
        lead("l2", "2024-01-05", created_at="2024-01-05", referrer_account_id="idle"),
        lead("l3", "2024-03-05", created_at="2024-03-05", referrer_account_id="idle"),
        lead("l4", "2024-01-05", created_at="2024-01-05"),
        lead("l5", "2024-01-05", referrer_account_id="idle"),
        lead("l6", "2024-01-05", created_at="2024-01-05", referrer_account_id="idle", deleted=True),
        lead("l7", "2024-01-05", created_at="2024-01-05", referrer_account_id="idle", merged_into="l1"),
    ]

    found = only(explained(lines, "referrals", "*", "month", "2024-01"), "referrer_not_active")

    assert (found.subject, found.why) == ("l2", "its referrer idle was not active on that day")
    assert told(found.decided_by) == [("referrer_account_id", "idle")]


def test_a_lead_that_is_closed_has_no_age() -> None:
    lines = [
        *counted(),
        lead("won", "2024-01-06", created_at="2024-01-06", owner_id="r1"),
        opportunity("o1", "2024-02-06", lead_id="won", outcome="won", closed_at="2024-02-06"),
    ]

    found = only(explained(lines, "open_lead_age", "r1", "now"), "closed")

    assert (found.subject, found.why) == ("won", "won at 2024-02-06T12:00:00Z")
    assert "oldest_seconds" not in found.parts


def test_a_deleted_touch_that_would_be_the_first_is_left_out_of_its_contacts_number() -> None:
    lines = [
        rep("r1"),
        contact("c1", "2024-01-01", phones=["+31"]),
        mailed("m1", "2024-01-06", contact_id="c1"),
        mailed("m2", "2023-11-05", contact_id="c1", deleted=True),
        spoke("k1", "2023-12-05", phone="+31", deleted=True),
        mailed("m3", "2024-02-05", contact_id="c1", deleted=True),
        mailed("m4", "2023-11-05", contact_id="c2", deleted=True),
    ]

    found = left_out(explained(lines, "contact_to_lead", *MONTH), "deleted")

    assert [(each.subject, each.parts) for each in found] == [
        ("m2", {"contacts": -1, "leads": 0}),
        ("k1", {"contacts": -1, "leads": 0}),
    ]


def test_a_touch_without_a_time_or_a_rep_bears_on_nothing() -> None:
    lines = [rep("r1"), mailed("m1", "2024-01-05"), activity("m2", "2024-02-05", deleted=True)]

    assert left_out(explained(lines, "touchpoints", *DAY), "deleted") == []


def test_a_deleted_contract_that_an_account_would_be_active_by_is_named() -> None:
    lines = [
        account("a1", "2023-01-01", owner_id="r1"),
        account("a2", "2023-01-01", owner_id="r1"),
        contract("k1", "2023-01-05", account_id="a1", starts_on="2023-01-05"),
        contract("k2", "2023-01-05", account_id="a2", starts_on="2023-01-05", deleted=True),
    ]

    found = only(explained(lines, "customer_retention", "*", "fiscal_year", "FY2024"), "deleted")

    assert (found.kind, found.subject, found.parts) == ("contract", "k2", {"active_at_start": 1, "retained": 1})


def test_definitions_decide_what_is_short() -> None:
    lines = [rep("r1"), spoke("k1", "2024-01-05 10:00", seconds=90), spoke("k2", "2024-01-05 11:00")]

    found = only(explained(lines, "touchpoints", *DAY, settings=settings_of(talk_seconds=61)), "short")

    assert found.why == "was talked for 60 s, below 61 s"
