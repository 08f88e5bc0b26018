import pytest

from kpi_state.links import TOUCH, slot_subject
from tests.statements import activity, mailed, met
from tests.told import at, says, told, viewed

HOUR = at("2024-01-05 10:00") // 3_600_000_000


@pytest.mark.parametrize("channel", ["email", "inmail", "message", None])
@pytest.mark.parametrize(("direction", "counts"), [("outbound", True), ("inbound", False), (None, False)])
def test_a_message_counts_when_it_is_known_to_be_outbound(
    channel: str | None, direction: str | None, counts: bool
) -> None:
    row = told("activity", [activity("x", "2024-01-05", channel=channel, direction=direction)])

    assert (viewed("activity", row) is not None) is counts


@pytest.mark.parametrize("channel", ["meeting", "visit"])
@pytest.mark.parametrize("direction", ["outbound", "inbound", None])
def test_a_meeting_counts_whoever_called_it(channel: str, direction: str | None) -> None:
    row = told("activity", [activity("x", "2024-01-05", channel=channel, direction=direction)])

    assert viewed("activity", row).channel == channel


@pytest.mark.parametrize(("automated", "counts"), [(True, False), (False, True), (None, True)])
def test_what_a_machine_did_counts_for_nothing(automated: bool | None, counts: bool) -> None:
    for said in (mailed("x", "2024-01-05", automated=automated), met("x", "2024-01-05", automated=automated)):
        assert (viewed("activity", told("activity", [said])) is not None) is counts


def test_a_deleted_activity_counts_for_nothing() -> None:
    assert viewed("activity", told("activity", [met("x", "2024-01-05", deleted=True)])) is None


def test_an_activity_counts_when_it_was_else_at_the_earliest_time_of_its_events() -> None:
    said = [mailed("x", "2024-01-05 11:00", at=None), mailed("x", "2024-01-05 10:30", at=None)]

    assert viewed("activity", told("activity", said)).at == at("2024-01-05 10:30")
    assert viewed("activity", told("activity", [mailed("x", "2024-01-05 10:00")])).at == at("2024-01-05 10:00")


@pytest.mark.parametrize(("rep", "whose"), [("r1", "r1"), (None, "unassigned"), ("", "unassigned")])
def test_an_activity_that_names_nobody_is_unassigned(rep: str | None, whose: str) -> None:
    assert viewed("activity", told("activity", [mailed("x", "2024-01-05", rep)])).rep == whose


@pytest.mark.parametrize(
    ("said", "party"),
    [({"contact_id": "c1", "lead_id": "l1"}, "cc1"), ({"lead_id": "l1"}, "ll1"), ({}, "tx")],
)
def test_an_activity_fills_the_slot_of_its_contact_else_its_lead_else_its_own(said: dict[str, str], party: str) -> None:
    row = told("activity", [mailed("x", "2024-01-05 10:30", **said)])

    slot = slot_subject("r1", party, "email", HOUR)
    touch = [at("2024-01-05 10:30"), said.get("contact_id"), said.get("lead_id")]
    assert says("activity", row) == {("slot", slot, TOUCH): touch}


def test_an_activity_on_no_known_channel_fills_no_slot() -> None:
    row = told("activity", [mailed("x", "2024-01-05", channel=None, contact_id="c1")])

    assert viewed("activity", row).channel == ""
    assert says("activity", row) == {}
