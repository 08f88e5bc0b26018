from datetime import time

from floorpulse.demo.book import new_lead, opening
from tests.floorpulse.demo.books import FIRST, LIVE, book, facts_of, with_lead


def test_ids_and_numbers_are_never_given_twice() -> None:
    of = book()

    assert [of.new_id("lead"), of.new_id("lead"), of.new_id("contact")] == ["lead-00001", "lead-00002", "contact-00001"]
    assert of.new_phone() != of.new_phone()


def test_a_new_lead_comes_with_its_contact_and_goes_into_the_portfolio() -> None:
    of = book()
    rep = of.reps[0]

    contact, lead = new_lead(of, rep, rep.local(FIRST, time(9)))

    assert (contact.kind, lead.kind) == ("contact", "lead")
    assert lead.facts["contact_id"] == contact.subject
    assert contact.facts["phones"] == [of.leads[rep.id][0].phone]


def test_a_referred_lead_names_the_account_that_sent_it() -> None:
    of = book()

    statements = list(new_lead(of, of.reps[0], 0, "account-1"))

    assert facts_of(statements, "lead")[0]["referrer_account_id"] == "account-1"
    assert facts_of(statements, "lead")[0]["origin"] == "referral"


def test_a_dropped_lead_is_not_worked_on_any_more_and_may_be_dropped_again() -> None:
    of = book()
    lead = with_lead(of, 0)

    of.drop(lead)
    of.drop(lead)

    assert of.open_lead(of.reps[0]) is None


def test_a_colleague_is_somebody_else_of_the_same_team_who_works_here() -> None:
    of = book()
    rep = of.reps[0]
    colleagues = [of.colleague(rep, LIVE) for _ in range(200)]

    assert {colleague.team for colleague in colleagues} == {rep.team}
    assert rep not in colleagues
    assert all(colleague.employed(LIVE) for colleague in colleagues)


def test_the_opening_tells_of_customers_with_contracts_and_of_open_leads() -> None:
    of = book()
    said = list(opening(of, FIRST))

    assert len(facts_of(said, "contract")) == len(facts_of(said, "account")) == len(of.accounts) == 90
    assert len(facts_of(said, "lead")) == sum(map(len, of.leads.values())) >= 8 * len(of.reps)
