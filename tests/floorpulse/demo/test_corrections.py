from datetime import time

from floorpulse.demo.corrections import corrections
from floorpulse.demo.wire import Statement
from tests.floorpulse.demo.books import LIVE, book, facts_of, with_lead


def many() -> list[Statement]:
    of = book()
    rep = of.reps[0]
    at = rep.local(LIVE, time(11))
    said: list[Statement] = []
    for _ in range(300):
        with_lead(of, at)
        with_lead(of, at)
        said += corrections(of, rep, LIVE, at)
    return said


SAID = many()


def test_leads_are_handed_on_merged_unmerged_deleted_and_restored() -> None:
    leads = facts_of(SAID, "lead")

    assert any("owner_id" in facts for facts in leads)
    assert {facts["merged_into"] is None for facts in leads if "merged_into" in facts} == {True, False}
    assert {facts["deleted"] for facts in leads if "deleted" in facts} == {True, False}


def test_a_number_moves_from_one_contact_to_another() -> None:
    numbers = [facts["phones"] for facts in facts_of(SAID, "contact") if "phones" in facts]

    assert {len(phones) for phones in numbers if isinstance(phones, list)} == {1, 2}


def test_nothing_is_merged_into_itself() -> None:
    assert not [statement for statement in SAID if statement.facts.get("merged_into") == statement.subject]


def test_without_leads_there_is_nothing_to_mend() -> None:
    of = book()

    assert not [each for _ in range(50) for each in corrections(of, of.reps[0], LIVE, 0)]
