from typing import Any

import pytest

from kpi_state.links import ACCEPTED, LEAD, MERGE, OPPORTUNITY, REFERRED, TOUCH
from kpi_state.rows import Row
from tests.statements import lead
from tests.told import at, says, told, viewed

Links = dict[str, dict[str, Any]]
NOTHING_OWN: list[Any] = [[], [], False, False, None]
"""What a lead of which nothing is known hands to its winner."""
T1, T2, T3 = at("2024-01-01"), at("2024-01-02"), at("2024-01-03")


def of(*lines: bytes, links: Links | None = None, **said: object) -> Row:
    return told("lead", [lead("x", "2024-01-05", **said), *lines], links)


def outcome(row: Row) -> tuple[str, int]:
    view = viewed("lead", row)
    return view.outcome, view.outcome_at


def deals(**outcomes: tuple[str, int]) -> Links:
    return {OPPORTUNITY: {name: list(each) for name, each in outcomes.items()}}


def loser(**places: Any) -> Links:
    """What one merged lead hands over: wins, opportunities, qualified, accepted or converted, first touch."""
    names = ("wins", "opportunities", "qualified", "converted", "touch")
    payload = [places.get(name, usual) for name, usual in zip(names, NOTHING_OWN, strict=True)]
    return {MERGE: {"y": {"y": [["y"], payload]}}}


@pytest.mark.parametrize(
    ("said", "links", "expected"),
    [
        ({}, {}, ("open", 0)),
        ({"outcome": "open"}, {}, ("open", 0)),
        ({"outcome": "won"}, {}, ("won", at("2024-01-05"))),
        ({"outcome": "won", "closed_at": "2024-01-03"}, {}, ("won", T3)),
        # (1) won, by anything, at the earliest
        ({"outcome": "won", "closed_at": "2024-01-03"}, deals(o1=("won", T2), o2=("won", T3)), ("won", T2)),
        ({"outcome": "lost", "status": "disqualified"}, deals(o1=("won", T2), o2=("lost", T1)), ("won", T2)),
        ({"status": "disqualified"}, loser(wins=[T1]), ("won", T1)),
        ({}, loser(opportunities=[["won", T1]]) | deals(o1=("won", T2)), ("won", T1)),
        # (2) disqualified
        ({"status": "disqualified"}, deals(o1=("lost", T1), o2=("open", 0)), ("disqualified", at("2024-01-05"))),
        ({"status": "disqualified", "outcome": "lost", "closed_at": "2024-01-03"}, {}, ("disqualified", T3)),
        # (3) its own outcome lost
        ({"outcome": "lost"}, deals(o1=("open", 0)), ("lost", at("2024-01-05"))),
        ({"outcome": "lost", "closed_at": "2024-01-03"}, deals(o1=("lost", T1)), ("lost", T3)),
        # (4) all opportunities lost, at the latest
        ({}, deals(o1=("lost", T1), o2=("lost", T2)), ("lost", T2)),
        ({"closed_at": "2024-01-03"}, deals(o1=("lost", T1)), ("lost", T1)),
        ({}, deals(o1=("lost", T1), o2=("open", 0)), ("open", 0)),
        ({}, deals(o1=("lost", T1)) | loser(opportunities=[["open", 0]]), ("open", 0)),
        ({}, loser(opportunities=[["lost", T2]]) | deals(o1=("lost", T1)), ("lost", T2)),
    ],
)
def test_the_outcome_is_the_first_rule_that_holds(
    said: dict[str, Any], links: Links, expected: tuple[str, int]
) -> None:
    assert outcome(of(links=links, **said)) == expected


@pytest.mark.parametrize(("field", "value"), [("outcome", "won"), ("outcome", "lost"), ("status", "disqualified")])
def test_an_outcome_that_does_not_say_when_came_with_the_first_statement_of_its_last_run(
    field: str, value: str
) -> None:
    said = [lead("x", f"2024-01-0{n}", **{field: each}) for n, each in ((6, None), (7, value), (8, value))]

    row = told("lead", [lead("x", "2024-01-05", **{field: value}), *said])
    assert outcome(row)[1] == at("2024-01-07")


@pytest.mark.parametrize(
    ("said", "links", "qualified"),
    [
        ({"status": "qualified"}, {}, True),
        ({"status": "converted"}, {}, True),
        ({"status": "working"}, {}, False),
        ({"outcome": "won"}, {}, True),
        ({}, deals(o1=("won", T1)), True),
        ({}, deals(o1=("lost", T1)), False),
        ({}, loser(qualified=True), True),
        ({}, loser(wins=[T1]), True),
        ({}, {ACCEPTED: {"a1": True}}, False),
    ],
)
def test_ever_qualified_is_by_status_or_by_a_win(said: dict[str, Any], links: Links, qualified: bool) -> None:
    assert viewed("lead", of(links=links, **said)).qualified is qualified


def test_a_lead_that_was_qualified_once_ever_was() -> None:
    assert viewed("lead", of(lead("x", "2024-01-06", status="disqualified"), status="qualified")).qualified


@pytest.mark.parametrize(
    ("said", "links", "converted"),
    [
        ({}, {}, False),
        ({"status": "qualified"}, {}, False),
        ({"status": "converted"}, {}, True),
        ({"outcome": "won"}, {}, True),
        ({}, deals(o1=("lost", T1)), True),
        ({}, {OPPORTUNITY: {"o1": None}}, False),
        ({}, {ACCEPTED: {"a1": True}}, True),
        ({}, {ACCEPTED: {"a1": None}}, False),
        ({}, loser(converted=True), True),
        ({}, loser(opportunities=[["open", 0]]), True),
        ({}, loser(qualified=True), False),
    ],
)
def test_converted_is_by_an_accepted_appointment_an_opportunity_the_status_or_a_win(
    said: dict[str, Any], links: Links, converted: bool
) -> None:
    assert viewed("lead", of(links=links, **said)).converted is converted


def test_its_owners_are_the_first_the_one_at_its_outcome_and_the_present() -> None:
    owners = [lead("x", f"2024-01-0{n}", owner_id=owner) for n, owner in ((1, "first"), (2, "then"), (6, "now"))]
    view = viewed("lead", of(*owners, outcome="won", closed_at="2024-01-03"))

    assert (view.first_owner, view.outcome_owner, view.owner) == ("first", "then", "now")


def test_the_first_touch_is_its_own_or_of_what_was_merged_into_it() -> None:
    touched = {TOUCH: {"s1": [T2, "m1", "r1"], "s2": [T3, "m2", "r2"]}}

    assert viewed("lead", of(links=touched)).first_touch == [T2, "m1", "r1"]
    assert viewed("lead", of(links=touched | loser(touch=[T1, "m0", "r3"]))).first_touch == [T1, "m0", "r3"]
    assert viewed("lead", of()).first_touch is None


def test_its_contact_and_its_referrer_learn_of_it() -> None:
    row = of(
        contact_id="c1",
        referrer_account_id="a1",
        created_at="2024-01-02",
        owner_id="r1",
        status="qualified",
        links={TOUCH: {"s1": [T3, "m1", "r1"]}},
    )

    assert says("lead", row) == {
        ("contact", "c1", LEAD): [True, [T3, "m1", "r1"]],
        ("account", "a1", REFERRED): [T2, "r1"],
    }


def test_a_lead_without_created_at_was_referred_by_nobody() -> None:
    assert says("lead", of(referrer_account_id="a1", owner_id="r1")) == {}


def test_a_merged_lead_hands_its_winner_everything_and_tells_nobody_else() -> None:
    row = of(
        contact_id="c1",
        referrer_account_id="a1",
        created_at="2024-01-02",
        outcome="won",
        closed_at="2024-01-03",
        status="converted",
        merged_into="w",
        links={TOUCH: {"s1": [T3, "m1", "r1"]}, **deals(o2=("won", T2), o1=("lost", T1))},
    )

    own = [[T3], [["lost", T1], ["won", T2]], True, True, [T3, "m1", "r1"]]
    assert says("lead", row) == {("lead", "w", MERGE): {"x": [["x"], own]}}
    assert not viewed("lead", row).alive


def test_an_accepted_appointment_of_a_merged_lead_crosses_over() -> None:
    row = of(merged_into="w", links={ACCEPTED: {"a1": True}})

    assert says("lead", row)["lead", "w", MERGE]["x"][1] == [[], [], False, True, None]


def test_a_lost_outcome_of_a_loser_does_not_cross_over() -> None:
    row = of(merged_into="w", outcome="lost", status="disqualified")

    assert says("lead", row)["lead", "w", MERGE]["x"][1] == NOTHING_OWN


def test_the_survivor_of_a_cycle_tells_both_its_winner_and_its_contact() -> None:
    back = {MERGE: {"y": {"x": [["x", "y"], NOTHING_OWN], "y": [["y"], NOTHING_OWN]}}}

    assert {to[:2] for to in says("lead", of(merged_into="y", contact_id="c1", links=back))} == {
        ("lead", "y"),
        ("contact", "c1"),
    }


@pytest.mark.parametrize(
    ("row", "exists"),
    [
        (told("lead"), False),
        (of(), True),
        (told("lead", [lead("x", "1970-01-01T00:00:00Z")]), True),
        (told("lead", links={TOUCH: {"s1": [T1, "m1", "r1"]}}), True),
        (told("lead", links={TOUCH: {"s1": None}}), False),
        (told("lead", links=deals(o1=("open", 0))), True),
        (told("lead", links={ACCEPTED: {"a1": True}}), True),
        (told("lead", links=loser()), True),
    ],
)
def test_a_lead_exists_when_it_or_another_says_so(row: Row, exists: bool) -> None:
    assert viewed("lead", row).exists is exists


def test_a_deleted_lead_is_none() -> None:
    row = of(contact_id="c1", merged_into="w", deleted=True)

    assert viewed("lead", row) is None
    assert says("lead", row) == {}
