from tests.explaining import explained, line_of
from tests.statements import account, appointment, contract, lead, opportunity, purchase, rep

YEAR = ("fiscal_year", "FY2024")


def test_an_entity_has_a_line_for_each_owner_and_time_it_counts_for() -> None:
    lines = [
        opportunity(
            "o1",
            "2024-01-05",
            outcome="won",
            closed_at="2024-01-05",
            amount_minor=1_001,
            currency="EUR",
            splits={"r1": 0.5, "r2": 0.5},
        )
    ]

    explanation = explained(lines, "annual_contract_value", "*", *YEAR, currency="EUR")

    assert [(line.subject, line.rep, line.parts) for line in explanation.entities] == [
        ("o1", "r1", {"contracts": 0.5, "annual_value_minor": 501}),
        ("o1", "r2", {"contracts": 0.5, "annual_value_minor": 500}),
    ]


def test_what_differs_in_labels_that_are_not_asked_for_is_one_line() -> None:
    lines = [
        opportunity("o1", "2024-01-05", outcome="won", closed_at="2024-01-05"),
        *(
            contract(f"k{n}", "2024-01-05", opportunity_id="o1", value_minor=100 * n, currency="EUR", product=f"p{n}")
            for n in (1, 2)
        ),
    ]

    together = explained(lines, "annual_contract_value", "*", *YEAR, currency="EUR")
    apart = explained(lines, "annual_contract_value", "*", *YEAR, currency="EUR", product="p2")

    assert line_of(together, "opportunity", "o1").parts == {"contracts": 2, "annual_value_minor": 300}
    assert [via.subject for via in together.entities[0].via] == ["k2", "k1"]
    assert line_of(apart, "opportunity", "o1").parts == {"contracts": 1, "annual_value_minor": 200}
    assert [via.subject for via in apart.entities[0].via] == ["k2"]


def test_a_labelled_number_shows_the_whole_that_it_is_a_part_of() -> None:
    lines = [
        rep("r1"),
        appointment("a1", "2024-01-05", set_by="r1", verdict="rejected", verdict_at="2024-01-05", reason="late"),
        appointment("a2", "2024-01-05", set_by="r1", verdict="accepted", verdict_at="2024-01-06"),
        appointment("a3", "2024-01-05", set_by="r1", verdict="rejected", verdict_at="2024-01-07", reason="budget"),
    ]

    explanation = explained(lines, "appointment_disqualification", "r1", "month", "2024-01", reason="late")

    assert [(line.subject, line.parts) for line in explanation.entities] == [
        ("a1", {"decided": 1, "rejected": 1}),
        ("a2", {"decided": 1, "rejected": 0}),
        ("a3", {"decided": 1, "rejected": 0}),
    ]


def test_lines_are_in_the_order_of_time() -> None:
    lines = [lead(name, "2024-01-05", created_at=f"2024-01-{day:02d}") for name, day in (("z", 1), ("a", 9), ("m", 5))]

    explanation = explained(lines, "leads_created", "*", "month", "2024-01")

    assert [line.subject for line in explanation.entities] == ["z", "m", "a"]


def test_what_a_purchase_contributes_rests_on_it_on_its_account_and_on_what_the_account_is_active_by() -> None:
    lines = [
        account("a1", "2024-01-01", owner_id="r1"),
        contract("k1", "2024-01-01", account_id="a1", starts_on="2025-03-01"),
        purchase("p1", "2024-01-05", account_id="a1", amount_minor=5, currency="EUR", at="2024-01-05"),
    ]

    line = line_of(explained(lines, "customer_lifetime_value", "*", "to_date", currency="EUR"), "purchase", "p1")

    assert line.parts["customers"] == 0
    assert [(via.says, via.subject, [below.subject for below in via.via]) for via in line.via] == [
        ("belongs to", "a1", ["k1"])
    ]


def test_what_an_account_credits_whom_for_is_found_once_for_all_that_it_bought() -> None:
    bought = {"account_id": "a1", "amount_minor": 5, "currency": "EUR"}
    lines = [
        account("a1", "2024-01-01", merged_into="a2"),
        account("a2", "2024-01-01", owner_id="r1"),
        *(purchase(f"p{n}", "2024-01-05", **bought, at=f"2024-01-0{n}") for n in (5, 6)),
    ]

    explanation = explained(lines, "customer_lifetime_value_observed", "*", "to_date", currency="EUR")

    first, second = (line_of(explanation, "purchase", subject) for subject in ("p5", "p6"))
    assert first.via == second.via
    assert [said.value for said in first.via[0].decided_by] == ["a2"]
