from datetime import date, time, timedelta

from floorpulse.demo.deals import fall_due, purchase, talked, working_day_after
from floorpulse.demo.wire import Statement
from tests.floorpulse.demo.books import LIVE, book, facts_of, with_lead


def lives_of_leads(count: int) -> list[Statement]:
    """What is said of leads who are talked to each day until nothing is due any more."""
    of = book()
    said: list[Statement] = []
    rep = of.reps[0]
    leads = [with_lead(of, 0) for _ in range(count)]
    for day in (LIVE + timedelta(days=number) for number in range(60)):
        at = rep.local(day, time(10))
        for lead in leads:
            if lead in of.leads[rep.id] and lead.step != "appointed":
                said += talked(of, lead, rep, day, at)
        for due in of.due.pop(day, []):
            said += fall_due(of, due, day, at)
    return said


SAID = lives_of_leads(150)


def test_a_lead_is_worked_on_qualified_and_gets_an_appointment() -> None:
    statuses = {facts.get("status") for facts in facts_of(SAID, "lead")}

    assert statuses == {"working", "qualified", "converted", "disqualified"}
    assert any(facts.get("verdict") == "pending" for facts in facts_of(SAID, "appointment"))


def test_appointments_are_accepted_or_rejected_with_a_reason() -> None:
    verdicts = facts_of(SAID, "appointment")

    assert {facts["verdict"] for facts in verdicts} == {"pending", "accepted", "rejected"}
    assert all(("reason" in facts) == (facts["verdict"] == "rejected") for facts in verdicts)


def test_deals_are_won_and_lost_and_some_wins_are_split_and_some_have_a_contract() -> None:
    deals = facts_of(SAID, "opportunity")

    assert {facts.get("outcome") for facts in deals} == {"open", "won", "lost", None}
    assert any("splits" in facts for facts in deals)
    wins = {statement.subject for statement in SAID if statement.facts.get("outcome") == "won"}
    signed = {facts["opportunity_id"] for facts in facts_of(SAID, "contract")}
    assert signed < wins


def test_what_is_due_falls_on_a_working_day() -> None:
    friday = date(2026, 3, 27)

    assert working_day_after(friday, 1) == date(2026, 3, 30)
    assert working_day_after(friday, 3) == date(2026, 3, 30)
    assert working_day_after(friday, 4) == date(2026, 3, 31)


def test_customers_buy_more_and_sometimes_get_money_back() -> None:
    of = book()
    of.accounts.append("account-1")
    amounts = [purchase(of, of.reps[0], 0).facts["amount_minor"] for _ in range(200)]

    assert min(amounts) < 0 < max(amounts)
