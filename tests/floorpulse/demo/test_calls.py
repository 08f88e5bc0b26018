from datetime import time

from floorpulse.demo.calls import Leg, inbound, known_as, outbound, steps, told
from floorpulse.demo.wire import SECOND
from tests.floorpulse.demo.books import LIVE, book, with_lead

OF = book()
REP = OF.reps[0]
AT = REP.local(LIVE, time(9))
ANSWERED = Leg(REP, "outbound", "+15550000001", AT, answered=10, seconds=90)
IN_VAIN = Leg(REP, "outbound", "+15550000001", AT, answered=None, seconds=30, disposition="busy")


def test_an_answered_leg_begins_is_answered_and_ends() -> None:
    assert [at - AT for at, _ in steps(ANSWERED)] == [0, 10 * SECOND, 100 * SECOND]
    assert [sorted(facts) for _, facts in steps(ANSWERED)] == [
        ["direction", "phone", "rep_id", "started_at"],
        ["answered_at"],
        ["disposition", "ended_at", "talk_seconds"],
    ]


def test_nobody_speaks_in_a_leg_that_was_not_answered() -> None:
    (_, _), (ended, facts) = steps(IN_VAIN)

    assert ended == AT + 30 * SECOND
    assert (facts["talk_seconds"], facts["disposition"]) == (0, "busy")


def test_a_leg_of_the_show_is_told_step_by_step_and_an_imported_one_at_its_end() -> None:
    live, imported = list(told(OF, ANSWERED, live_from=AT)), list(told(OF, ANSWERED, live_from=AT + 1))

    assert [statement.sequence for statement in live] == ["0001", "0002", "0003"]
    assert len({statement.subject for statement in live}) == 1
    assert [statement.at for statement in imported] == [ANSWERED.ended]
    assert imported[0].facts == {name: value for statement in live for name, value in statement.facts.items()}


def test_each_team_is_known_to_the_telephone_system_in_its_own_way() -> None:
    names = [known_as(OF.reps[number]) for number in (0, 10, 20, 30)]

    assert names == ["aino", OF.reps[10].extension, f"dialer:{OF.reps[20].phone_id}", "anouk@floor.example"]


def test_some_outbound_calls_are_answered_and_some_are_not() -> None:
    of = book()
    lead = with_lead(of, AT)
    legs = [outbound(of, of.reps[0], AT, lead) for _ in range(200)]

    assert {leg.answered is None for leg in legs} == {True, False}
    assert {leg.lead for leg in legs} == {"", lead.id}
    assert {leg.phone for leg in legs} == {lead.phone}


def test_an_inbound_call_rings_at_several_and_one_answers_or_hands_over_or_it_is_abandoned() -> None:
    of = book()
    calls = [inbound(of, of.reps[0], of.reps[1:3], AT) for _ in range(200)]
    abandoned = [legs for legs in calls if legs[0].rep is None]
    handed_over = [legs for legs in calls if sum(leg.talk_seconds > 0 for leg in legs) == 2]

    assert abandoned
    assert all([leg.disposition for leg in legs] == ["abandoned"] for legs in abandoned)
    assert handed_over
    assert all(len({leg.conversation for leg in legs}) == 1 for legs in calls)
    assert all("rep_id" not in facts for legs in abandoned for _, facts in steps(legs[0]))
