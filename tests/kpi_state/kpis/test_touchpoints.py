from kpi_state.kpis.touchpoints import KPI, STEM
from kpi_state.links import TOUCH, slot_subject
from tests.statements import call, mailed, met, spoke
from tests.told import at, gives, q, told


def test_an_answered_leg_is_an_attempt_with_its_talk_time_in_microseconds() -> None:
    row = told("call", [spoke("x", "2024-01-05 10:00", seconds=90, direction="inbound")])

    assert gives(STEM, "call", row) == {("r1", q("2024-01-05 10:00"), ("call",)): (0, 1, 90_000_000)}


def test_an_outbound_leg_that_nobody_answered_is_an_attempt_without_talk_time() -> None:
    row = told("call", [spoke("x", "2024-01-05 10:00", disposition="voicemail")])

    assert gives(STEM, "call", row) == {("r1", q("2024-01-05 10:00"), ("call",)): (0, 1, 0)}


def test_an_inbound_leg_that_nobody_answered_is_no_attempt() -> None:
    assert gives(STEM, "call", told("call", [call("x", "2024-01-05", rep_id="r1", disposition="abandoned")])) == {}


def test_an_activity_is_an_attempt_on_its_channel() -> None:
    assert gives(STEM, "activity", told("activity", [mailed("x", "2024-01-05 10:20")])) == {
        ("r1", q("2024-01-05 10:20"), ("email",)): (0, 1, 0)
    }
    assert gives(STEM, "activity", told("activity", [met("x", "2024-01-05 10:20", None)])) == {
        ("unassigned", q("2024-01-05 10:20"), ("meeting",)): (0, 1, 0)
    }


def test_a_slot_is_one_touchpoint_in_the_quarter_hour_of_its_earliest_touch() -> None:
    row = told(
        "slot", links={TOUCH: {"t1": [at("2024-01-05 10:59"), None, None], "t2": [at("2024-01-05 10:14"), None, None]}}
    )
    subject = slot_subject("r1", "n+31", "call", at("2024-01-05 10:00") // 3_600_000_000)

    assert gives(STEM, "slot", row, subject) == {("r1", q("2024-01-05 10:00"), ("call",)): (1, 0, 0)}


def test_the_value_is_the_number_of_touchpoints() -> None:
    assert KPI.value({"touchpoints": 7, "attempts": 9, "talk_seconds": 5}) == (7, 1)
