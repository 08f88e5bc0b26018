from kpi_state.buckets import day, instant, quarter, span
from kpi_state.explain.elsewhere import shown
from tests.explaining import explained, left_out
from tests.reference import microseconds
from tests.statements import account, contract, lead, met, opportunity, purchase, rep, spoke

R1 = rep("r1")


def made(subject: str, day_made: str, by: str = "r1") -> bytes:
    return lead(subject, day_made, created_at=day_made, owner_id=by)


def test_what_counts_in_the_buckets_beside_is_listed_and_the_rest_counted() -> None:
    lines = [
        R1,
        made("before", "2023-10-05"),
        made("just before", "2023-12-05"),
        made("in it", "2024-01-05"),
        made("just after", "2024-03-05"),
        made("after", "2024-05-05"),
    ]

    explanation = explained(lines, "leads_created", "r1", "month", "2024-01")

    assert [(each.subject, each.why) for each in left_out(explanation, "outside_window")] == [
        ("just after", "2024-03-05T12:00:00Z: counts in 2024-03"),
        ("just before", "2023-12-05T12:00:00Z: counts in 2023-12"),
    ]
    assert explanation.not_listed == {"outside_window": 2}


def test_of_many_beside_the_nearest_are_listed() -> None:
    lines = [R1, made("in it", "2024-02-05"), *(made(f"l{n:02d}", f"2024-01-{n:02d}") for n in range(1, 31))]

    explanation = explained(lines, "leads_created", "r1", "month", "2024-02")

    assert [each.subject for each in left_out(explanation, "outside_window")] == [f"l{n:02d}" for n in range(11, 31)]
    assert explanation.not_listed == {"outside_window": 10}


def test_what_is_too_old_for_a_rolling_window_is_outside() -> None:
    lines = [R1, spoke("old", "2024-12-20 10:00"), spoke("new", "2024-12-30 10:00")]

    explanation = explained(lines, "touchpoints", "r1", "rolling_7d")

    assert {(each.subject, each.why) for each in left_out(explanation, "outside_window") if each.kind == "call"} == {
        ("old", "2024-12-20T10:00:00Z: not in rolling_7d")
    }


def test_other_labels_are_another_number_and_no_reason() -> None:
    won = {"outcome": "won", "closed_at": "2024-01-05", "amount_minor": 5}
    lines = [
        opportunity("o1", "2024-01-05", currency="EUR", **won),
        opportunity("o2", "2024-01-05", currency="USD", **won),
    ]

    assert explained(lines, "annual_contract_value", "*", "fiscal_year", "FY2024", currency="EUR").left_out == []


def test_what_lies_ahead_is_held_back_until_it_begins() -> None:
    lines = [R1, met("m1", "2024-01-05 10:00"), met("m2", "2024-01-31 10:07", at="2024-01-31 10:07")]
    lines.append(met("m2", "2024-01-04", at="2024-01-31 10:07"))

    found = left_out(explained(lines, "touchpoints", "r1", "month", "2024-01", now="2024-01-20T00:00:00Z"), "held_back")

    assert [(each.kind, each.why, each.parts["attempts"], each.parts["touchpoints"]) for each in found] == [
        ("activity", "begins at 2024-01-31T10:00:00Z", 1, 0),
        ("slot", "begins at 2024-01-31T10:00:00Z", 0, 1),
    ]


def test_what_lies_ahead_of_others_or_in_other_months_is_not_held_back_from_here() -> None:
    lines = [
        R1,
        rep("r2"),
        met("m1", "2024-01-05 10:00"),
        met("m2", "2024-01-04", "r2", at="2024-01-31 10:07"),
        met("m3", "2024-01-04", at="2024-02-05 10:07"),
    ]

    explanation = explained(lines, "touchpoints", "r1", "month", "2024-01", now="2024-01-20T00:00:00Z")

    assert left_out(explanation, "held_back") == []


def test_an_account_that_became_active_later_counts_from_the_next_start_on() -> None:
    lines = [
        account("a1", "2023-01-01", owner_id="r1"),
        account("a2", "2023-01-01", owner_id="r1"),
        contract("k1", "2023-01-05", account_id="a1", starts_on="2023-01-05"),
        contract("k2", "2023-01-05", account_id="a2", starts_on="2024-02-05"),
    ]

    found = left_out(explained(lines, "customer_retention", "*", "fiscal_quarter", "FY2024-Q1"), "outside_window")

    assert [(each.subject, each.why) for each in found] == [("a2", "2024-02-05 on: counts in FY2024-Q2")]


def test_an_account_that_was_never_active_at_a_start_is_outside_every_window() -> None:
    lines = [
        R1,
        account("a1", "2023-01-01", owner_id="r1"),
        account("a2", "2023-01-01", owner_id="r1"),
        account("a3", "2023-01-01", owner_id="r2"),
        contract("k1", "2023-01-05", account_id="a1", starts_on="2023-01-05"),
        contract("k2", "2023-01-05", account_id="a2", starts_on="2024-05-05", ends_on="2024-05-20"),
        contract("k3", "2023-01-05", account_id="a3", starts_on="2024-05-05", ends_on="2024-05-20"),
    ]

    explanation = explained(lines, "customer_retention", "r1", "rolling_365d")

    assert [(each.subject, each.why) for each in left_out(explanation, "outside_window")] == [
        ("a2", "2024-05-05 to 2024-05-20: not in rolling_365d")
    ]


def test_what_adds_nothing_to_a_number_it_counts_in_is_no_outsider() -> None:
    lines = [
        account("a1", "2022-01-01", owner_id="r1"),
        purchase("p1", "2022-01-05", account_id="a1", amount_minor=0, currency="EUR", at="2022-01-05"),
        purchase("p2", "2024-01-05", account_id="a1", amount_minor=5, currency="EUR", at="2024-01-05"),
    ]

    explanation = explained(lines, "customer_lifetime_value_observed", "*", "to_date", currency="EUR")

    assert (explanation.left_out, explanation.not_listed) == ([], {})


def test_buckets_are_shown_as_instants_dates_and_spans() -> None:
    at = microseconds("2024-01-05T10:07:00.5Z")

    assert shown(quarter(at)) == "2024-01-05T10:00:00Z"
    assert shown(instant(at)) == "2024-01-05T10:07:00.5Z"
    assert shown(day(738_890)) == "2024-01-05"
    assert shown(span(738_890, 738_892)) == "2024-01-05 to 2024-01-06"
    assert shown(span(738_890, None)) == "2024-01-05 on"
