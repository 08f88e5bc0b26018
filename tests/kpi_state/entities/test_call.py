import pytest

from kpi_state.definitions import Definitions
from kpi_state.entities.call import links, touch
from kpi_state.links import TOUCH, Address, slot_subject
from tests.statements import call, spoke
from tests.told import at, says, told, viewed

HOUR = at("2024-01-05 10:00") // 3_600_000_000


def answered(**said: object) -> bytes:
    return call("x", "2024-01-05 11:00", rep_id="r1", disposition="answered", started_at="2024-01-05 10:00", **said)


def test_a_leg_counts_when_it_started_else_at_the_earliest_time_of_its_events() -> None:
    legs = [call("x", "2024-01-05 11:00", rep_id="r1"), call("x", "2024-01-05 10:30", direction="outbound")]

    assert viewed("call", told("call", legs)).at == at("2024-01-05 10:30")
    assert viewed("call", told("call", [answered()])).at == at("2024-01-05 10:00")


def test_a_leg_that_started_at_the_epoch_started_then() -> None:
    row = told("call", [call("x", "2024-01-05", rep_id="r1", started_at="1970-01-01T00:00:00Z")])

    assert viewed("call", row).at == 0


@pytest.mark.parametrize("rep", [None, ""])
def test_a_leg_without_a_rep_counts_nowhere(rep: str | None) -> None:
    row = told("call", [spoke("x", "2024-01-05 10:00", rep, phone="+31")])

    assert viewed("call", row) is None
    assert says("call", row) == {}


def test_a_deleted_leg_counts_nowhere() -> None:
    assert viewed("call", told("call", [answered(talk_seconds=60, deleted=True)])) is None


@pytest.mark.parametrize(
    ("disposition", "direction", "attempted"),
    [
        ("answered", "inbound", True),
        ("answered", None, True),
        ("voicemail", "outbound", True),
        ("no_answer", "outbound", True),
        (None, "outbound", True),
        ("abandoned", "inbound", False),
        ("voicemail", None, False),
        (None, None, False),
    ],
)
def test_an_attempt_is_any_outbound_leg_and_any_that_was_answered(
    disposition: str | None, direction: str | None, attempted: bool
) -> None:
    row = told("call", [call("x", "2024-01-05", rep_id="r1", disposition=disposition, direction=direction)])

    assert viewed("call", row).attempted is attempted


@pytest.mark.parametrize(
    ("said", "talk_us"),
    [
        ({"talk_seconds": 40}, 40_000_000),
        ({"talk_seconds": 0, "answered_at": "2024-01-05 10:00", "ended_at": "2024-01-05 10:05"}, 0),
        ({"answered_at": "2024-01-05T10:00:00.25Z", "ended_at": "2024-01-05T10:00:40.5Z"}, 40_250_000),
        ({"answered_at": "2024-01-05 10:05", "ended_at": "2024-01-05 10:00"}, 0),
        ({"answered_at": "2024-01-05 10:00"}, 0),
        ({"ended_at": "2024-01-05 10:00"}, 0),
        ({}, 0),
    ],
)
def test_talk_time_is_as_stated_else_from_answer_to_end(said: dict[str, object], talk_us: int) -> None:
    assert viewed("call", told("call", [answered(**said)])).talk_us == talk_us


@pytest.mark.parametrize("disposition", ["voicemail", "no_answer", "busy", "failed", "abandoned", None])
def test_nobody_talked_on_a_leg_that_was_not_answered(disposition: str | None) -> None:
    view = viewed(
        "call", told("call", [call("x", "2024-01-05", rep_id="r1", disposition=disposition, talk_seconds=90)])
    )

    assert (view.talk_us, view.effective) == (0, False)


@pytest.mark.parametrize(("seconds", "effective"), [(29, False), (30, True)])
def test_a_conversation_lasts_at_least_as_long_as_the_organisation_says(seconds: int, effective: bool) -> None:
    assert viewed("call", told("call", [answered(talk_seconds=seconds)])).effective is effective
    longer = Definitions(talk_seconds=31)
    assert not viewed("call", told("call", [answered(talk_seconds=seconds)]), definitions=longer).effective


def test_a_conversation_fills_the_slot_of_its_number_and_says_whom_it_was_aimed_at() -> None:
    row = told("call", [answered(talk_seconds=60, phone="+31", contact_id="c1", lead_id="l1")])

    slot = slot_subject("r1", "n+31", "call", HOUR)
    assert says("call", row) == {("slot", slot, TOUCH): [at("2024-01-05 10:00"), "c1", "l1"]}


def test_the_number_of_a_conversation_that_names_nobody_learns_of_it() -> None:
    to_number = says("call", told("call", [answered(talk_seconds=60, phone="+31")]))
    slot = slot_subject("r1", "n+31", "call", HOUR)

    assert to_number == {
        ("slot", slot, TOUCH): [at("2024-01-05 10:00"), None, None],
        ("number", "+31", TOUCH): [at("2024-01-05 10:00"), "x", "r1"],
    }


@pytest.mark.parametrize(
    "said", [{"phone": "+31", "contact_id": "c1"}, {"phone": "+31", "lead_id": "l1"}, {"phone": None}, {"phone": ""}]
)
def test_a_conversation_that_names_somebody_or_no_number_tells_no_number(said: dict[str, object]) -> None:
    row = told("call", [answered(talk_seconds=60, **said)])

    assert {kind for kind, _, _ in says("call", row)} == {"slot"}


def test_too_short_a_conversation_fills_no_slot() -> None:
    assert links(viewed("call", told("call", [answered(talk_seconds=29, phone="+31")]))) == {}


@pytest.mark.parametrize(
    ("phone", "contact", "lead", "party"),
    [
        ("+31", "c1", "l1", "n+31"),
        (None, "c1", "l1", "cc1"),
        ("", "c1", None, "cc1"),
        (None, None, "l1", "ll1"),
        (None, None, None, "tx"),
    ],
)
def test_the_party_of_a_touch_is_its_number_else_its_contact_else_its_lead_else_itself(
    phone: str | None, contact: str | None, lead: str | None, party: str
) -> None:
    said = touch("x", "r1", "call", at("2024-01-05 10:59"), phone, contact, lead)

    assert said == {
        Address("slot", slot_subject("r1", party, "call", HOUR), TOUCH): [at("2024-01-05 10:59"), contact, lead]
    }
