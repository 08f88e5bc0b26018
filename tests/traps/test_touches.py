"""#13: which legs and activities are effective, what a slot lets through, attempts and talk."""

import pytest

from tests.statements import activity, call, mailed, met, rep, spoke
from tests.worlds import Board, seen

DAY = "2024-06-03"
REPS = [rep("r1"), rep("r2")]
Parts = dict[str, int | float] | None


def on(board: Board, who: str = "*", **labels: str) -> Parts:
    return board.parts("touchpoints", who, "day", DAY, **labels)


def sums(touchpoints: int, attempts: int, talk_seconds: float) -> Parts:
    return {"touchpoints": touchpoints, "attempts": attempts, "talk_seconds": talk_seconds}


# ---- legs


@pytest.mark.parametrize(
    ("said", "parts"),
    [
        pytest.param({"talk_seconds": 30}, sums(1, 1, 30), id="30 seconds"),
        pytest.param({"talk_seconds": 29}, sums(0, 1, 29), id="29 seconds"),
        pytest.param({"talk_seconds": 0}, sums(0, 1, 0), id="no talk"),
        pytest.param({"talk_seconds": 30, "direction": "inbound"}, sums(1, 1, 30), id="inbound"),
        pytest.param({"talk_seconds": 30, "direction": None}, sums(1, 1, 30), id="no direction, answered"),
        pytest.param({"talk_seconds": 29, "direction": "inbound"}, sums(0, 1, 29), id="inbound, answered, short"),
        pytest.param({"disposition": "voicemail"}, sums(0, 1, 0), id="voicemail"),
        pytest.param({"disposition": "no_answer"}, sums(0, 1, 0), id="no answer"),
        pytest.param({"disposition": "busy"}, sums(0, 1, 0), id="busy"),
        pytest.param({"disposition": "failed"}, sums(0, 1, 0), id="failed"),
        pytest.param({"disposition": "abandoned"}, sums(0, 1, 0), id="abandoned"),
        pytest.param({"disposition": None}, sums(0, 1, 0), id="no disposition"),
        pytest.param({"disposition": "no_answer", "direction": "inbound"}, None, id="a missed inbound leg"),
        pytest.param({"disposition": "no_answer", "direction": None}, None, id="no direction is not outbound"),
        pytest.param({"rep_id": None}, None, id="nobody's leg"),
        pytest.param({"deleted": True}, None, id="deleted"),
    ],
)
def test_what_a_leg_counts_as(said: dict[str, object], parts: Parts) -> None:
    leg = {"phone": "+491", "rep_id": "r1", "direction": "outbound", "disposition": "answered", "talk_seconds": 60}

    board = seen(REPS, call("c", f"{DAY} 10:00", started_at=f"{DAY} 10:00", **{**leg, **said}))

    assert on(board, "rep:r1") == parts
    assert on(board, "*") == parts
    assert on(board, "*", channel="call") == parts


@pytest.mark.parametrize(
    ("said", "parts"),
    [
        pytest.param(
            {"answered_at": f"{DAY}T10:00:05Z", "ended_at": f"{DAY}T10:00:35Z"}, sums(1, 1, 30), id="30 seconds"
        ),
        pytest.param(
            {"answered_at": f"{DAY}T10:00:05.5Z", "ended_at": f"{DAY}T10:00:35.499999Z"},
            sums(0, 1, 29.999999),
            id="a microsecond less",
        ),
        pytest.param({"answered_at": f"{DAY}T10:00:05Z"}, sums(0, 1, 0), id="not ended"),
        pytest.param({"ended_at": f"{DAY}T10:00:35Z"}, sums(0, 1, 0), id="never answered"),
        pytest.param(
            {"answered_at": f"{DAY}T10:00:05Z", "ended_at": f"{DAY}T10:09:00Z", "talk_seconds": 12},
            sums(0, 1, 12),
            id="talk seconds come first",
        ),
        pytest.param(
            {"answered_at": f"{DAY}T10:00:05Z", "ended_at": f"{DAY}T10:09:00Z", "disposition": "voicemail"},
            sums(0, 1, 0),
            id="talk of answered legs only",
        ),
    ],
)
def test_talk_is_talk_seconds_else_ended_less_answered(said: dict[str, object], parts: Parts) -> None:
    board = seen(REPS, spoke("c", f"{DAY} 10:00", seconds=None, phone="+491", **said))

    assert on(board, "rep:r1") == parts


def test_the_talk_time_from_which_on_a_conversation_counts_is_a_definition() -> None:
    said = [REPS, spoke("c", f"{DAY} 10:00", seconds=45, phone="+491")]

    assert on(seen(*said, talk_seconds=46)) == sums(0, 1, 45)
    assert on(seen(*said, talk_seconds=45)) == sums(1, 1, 45)


def test_a_call_at_23_59_50_that_ends_after_midnight_counts_on_the_day_it_started() -> None:
    board = seen(
        rep("r1", timezone="Europe/Berlin"),
        call(
            "c",
            "2024-06-03T21:59:50Z",
            rep_id="r1",
            phone="+491",
            started_at="2024-06-03T21:59:50Z",
            direction="outbound",
        ),
        call(
            "c",
            "2024-06-03T22:01:20Z",
            answered_at="2024-06-03T22:00:05Z",
            ended_at="2024-06-03T22:01:20Z",
            disposition="answered",
        ),
    )

    assert on(board, "rep:r1") == sums(1, 1, 75)
    assert board.parts("touchpoints", "rep:r1", "hour", "2024-06-03T23:00+02:00") == sums(1, 1, 75)
    assert board.keys("touchpoints", "day", "2024-06-04") == set()


def test_a_call_answered_by_voicemail_is_an_attempt_and_no_touchpoint() -> None:
    assert on(seen(REPS, spoke("c", f"{DAY} 10:00", seconds=55, disposition="voicemail", phone="+491"))) == sums(
        0, 1, 0
    )


def test_of_a_transferred_call_each_who_spoke_30_seconds_has_a_touchpoint() -> None:
    board = seen(
        REPS,
        rep("r3"),
        spoke("k1", f"{DAY} 10:00", "r1", seconds=45, phone="+491", conversation_id="k", direction="inbound"),
        spoke("k2", f"{DAY} 10:01", "r2", seconds=200, phone="+491", conversation_id="k", direction="inbound"),
        spoke("k3", f"{DAY} 10:05", "r3", seconds=12, phone="+491", conversation_id="k", direction="inbound"),
    )

    assert on(board, "rep:r1") == sums(1, 1, 45)
    assert on(board, "rep:r2") == sums(1, 1, 200)
    assert on(board, "rep:r3") == sums(0, 1, 12)
    assert on(board) == sums(2, 3, 257)


def test_losers_of_a_ring_all_queue_have_nothing() -> None:
    ringing = {"phone": "+491", "conversation_id": "k", "direction": "inbound"}
    board = seen(
        REPS,
        spoke("k1", f"{DAY} 10:00", "r1", **ringing),
        call("k2", f"{DAY} 10:00", rep_id="r2", started_at=f"{DAY} 10:00", disposition="no_answer", **ringing),
        call("k3", f"{DAY} 10:00", started_at=f"{DAY} 10:00", disposition="abandoned", **ringing),
    )

    assert board.keys("touchpoints", "day", DAY) == {"rep:r1", "*"}
    assert on(board) == sums(1, 1, 60)


# ---- activities


@pytest.mark.parametrize(
    ("said", "parts"),
    [
        *(
            pytest.param({"channel": channel, "direction": "outbound"}, sums(1, 1, 0), id=f"an {channel} sent")
            for channel in ("email", "inmail", "message")
        ),
        *(
            pytest.param({"channel": channel, "direction": "inbound"}, None, id=f"an {channel} received")
            for channel in ("email", "inmail", "message")
        ),
        pytest.param({"channel": "email"}, None, id="an email without direction is not outbound"),
        pytest.param({"channel": "email", "direction": "outbound", "automated": True}, None, id="an automated email"),
        pytest.param(
            {"channel": "email", "direction": "outbound", "automated": False}, sums(1, 1, 0), id="a typed email"
        ),
        *(
            pytest.param({"channel": channel, **direction}, sums(1, 1, 0), id=f"a {channel} {direction}")
            for channel in ("meeting", "visit")
            for direction in ({}, {"direction": "inbound"}, {"direction": "outbound"})
        ),
        pytest.param({"channel": "meeting", "automated": True}, None, id="an automated meeting"),
        pytest.param({"channel": "visit", "deleted": True}, None, id="a deleted visit"),
    ],
)
def test_what_an_activity_counts_as(said: dict[str, object], parts: Parts) -> None:
    board = seen(REPS, activity("m", f"{DAY} 10:00", rep_id="r1", at=f"{DAY} 10:00", contact_id="C", **said))

    assert on(board, "rep:r1") == parts
    assert on(board, "*", channel=str(said["channel"])) == parts


def test_an_activity_of_nobody_is_the_unassigned_reps() -> None:
    assert seen(REPS, mailed("m", f"{DAY} 10:00", None)).keys("touchpoints", "day", DAY) == {"rep:unassigned", "*"}


def test_a_meeting_counts_from_the_beginning_of_its_quarter_hour() -> None:
    said = [REPS, met("m", "2024-06-01", at=f"{DAY} 10:29", contact_id="C")]

    before, after = seen(*said, now=f"{DAY}T10:14:59.999999Z"), seen(*said, now=f"{DAY}T10:15:00Z")

    assert on(before) is None
    assert before.keys("contact_to_lead", "month", "2024-06") == set()
    assert on(after) == sums(1, 1, 0)
    assert after.keys("contact_to_lead", "month", "2024-06") == {"rep:r1", "*"}


def test_a_meeting_ahead_of_now_that_is_moved_counts_once_where_it_ends_up() -> None:
    said = [
        REPS,
        met("m", "2024-06-01", at="2024-06-02 10:00", contact_id="C"),
        activity("m", "2024-06-02", at=f"{DAY} 10:00"),
    ]

    board = seen(said)

    assert on(board) == sums(1, 1, 0)
    assert board.parts("touchpoints", "*", "month", "2024-06") == sums(1, 1, 0)


# ---- slots


def test_one_touch_counts_per_party_and_utc_hour_and_every_one_is_an_attempt() -> None:
    board = seen(
        REPS,
        spoke("c1", f"{DAY} 10:00", phone="+491"),
        spoke("c2", f"{DAY} 10:59", phone="+491"),
        spoke("c3", f"{DAY} 11:00", phone="+491"),
        spoke("c4", f"{DAY} 10:30", phone="+492"),
        spoke("c5", f"{DAY} 10:31", "r2", phone="+491"),
    )

    assert on(board, "rep:r1") == sums(3, 4, 240)
    assert on(board, "rep:r2") == sums(1, 1, 60)


def test_a_slot_counts_in_the_quarter_hour_of_its_earliest_effective_touch() -> None:
    said = [
        rep("r1", timezone="Asia/Kolkata"),  # half past in UTC is the full hour there
        spoke("c1", f"{DAY} 10:05", phone="+491", seconds=20),
        spoke("c2", f"{DAY} 10:25", phone="+491"),
        spoke("c3", f"{DAY} 10:50", phone="+491"),
    ]

    board = seen(said)
    assert board.parts("touchpoints", "rep:r1", "hour", f"{DAY}T15:00+05:30") == sums(1, 2, 80)
    assert board.parts("touchpoints", "rep:r1", "hour", f"{DAY}T16:00+05:30") == sums(0, 1, 60)

    board = seen(said, call("c2", "2024-06-04", deleted=True))
    assert board.parts("touchpoints", "rep:r1", "hour", f"{DAY}T15:00+05:30") == sums(0, 1, 20)
    assert board.parts("touchpoints", "rep:r1", "hour", f"{DAY}T16:00+05:30") == sums(1, 1, 60)


def test_a_slot_whose_only_touch_is_deleted_is_empty() -> None:
    said = [REPS, spoke("c1", f"{DAY} 10:05", phone="+491")]

    assert on(seen(said)) == sums(1, 1, 60)
    assert on(seen(said, call("c1", "2024-06-04", deleted=True))) is None
    assert on(seen(said, call("c1", "2024-06-04", talk_seconds=3))) == sums(0, 1, 3)


def test_a_slot_is_per_channel() -> None:
    board = seen(
        REPS,
        mailed("m1", f"{DAY} 10:00", contact_id="C"),
        mailed("m2", f"{DAY} 10:10", contact_id="C"),
        mailed("m3", f"{DAY} 10:20", contact_id="C", channel="message"),
        met("m4", f"{DAY} 10:30", contact_id="C"),
    )

    assert on(board) == sums(3, 4, 0)
    assert on(board, channel="email") == sums(1, 2, 0)
    assert on(board, channel="message") == sums(1, 1, 0)
    assert on(board, channel="meeting") == sums(1, 1, 0)
    assert on(board, channel="call") is None


def test_the_party_of_a_call_is_its_number_before_contact_and_lead() -> None:
    one_number = seen(
        REPS,
        spoke("c1", f"{DAY} 10:00", phone="+491", contact_id="C"),
        spoke("c2", f"{DAY} 10:10", phone="+491", contact_id="D", lead_id="L"),
    )
    one_contact = seen(
        REPS,
        spoke("c1", f"{DAY} 10:00", phone="+491", contact_id="C"),
        spoke("c2", f"{DAY} 10:10", phone="+492", contact_id="C"),
    )

    assert on(one_number) == sums(1, 2, 120)
    assert on(one_contact) == sums(2, 2, 120)


def test_the_party_of_a_call_without_number_is_the_contact_then_the_lead_then_the_call() -> None:
    board = seen(
        REPS,
        spoke("c1", f"{DAY} 10:00", contact_id="C", lead_id="L"),
        spoke("c2", f"{DAY} 10:10", contact_id="C", lead_id="M"),
        spoke("c3", f"{DAY} 10:20", lead_id="M"),
        spoke("c4", f"{DAY} 10:30", lead_id="M"),
        spoke("c5", f"{DAY} 10:40"),
        spoke("c6", f"{DAY} 10:50"),
    )

    assert on(board) == sums(4, 6, 360)


def test_the_party_of_an_activity_is_the_contact_then_the_lead_then_itself() -> None:
    board = seen(
        REPS,
        mailed("m1", f"{DAY} 10:00", contact_id="C", lead_id="L"),
        mailed("m2", f"{DAY} 10:10", contact_id="C", lead_id="M"),
        mailed("m3", f"{DAY} 10:20", lead_id="M"),
        mailed("m4", f"{DAY} 10:30", lead_id="M"),
        mailed("m5", f"{DAY} 10:40"),
        mailed("m6", f"{DAY} 10:50"),
    )

    assert on(board) == sums(4, 6, 0)


def test_two_ids_of_one_person_are_two_slots() -> None:
    board = seen(
        rep("r1", extensions=["101"], external_ids={"aircall": "7"}),
        spoke("c1", f"{DAY} 10:00", "r1", phone="+491"),
        spoke("c2", f"{DAY} 10:10", "101", phone="+491"),
        spoke("c3", f"{DAY} 10:20", "aircall:7", phone="+491"),
    )

    assert on(board, "rep:r1") == sums(3, 3, 180)


def test_a_call_moved_to_another_number_or_hour_moves_its_slot() -> None:
    said = [REPS, spoke("c1", f"{DAY} 10:00", phone="+491"), spoke("c2", f"{DAY} 10:10", phone="+491")]

    assert on(seen(said)) == sums(1, 2, 120)
    assert on(seen(said, call("c2", "2024-06-04", phone="+492"))) == sums(2, 2, 120)
    assert on(seen(said, call("c2", "2024-06-04", started_at=f"{DAY} 12:00"))) == sums(2, 2, 120)
    assert on(seen(said, call("c2", "2024-06-04", rep_id="r2"))) == sums(2, 2, 120)
    assert on(seen(said, call("c2", "2024-06-04", rep_id=None))) == sums(1, 1, 60)


# ---- windows


def test_touchpoints_have_an_hour_a_day_a_week_a_month_and_two_rolling_windows() -> None:
    board = seen(REPS, spoke("c", "2024-12-31 11:20", phone="+491"))

    found = {
        window for kpi, who, window, _, labels in board.samples if (kpi, who, labels) == ("touchpoints", "rep:r1", ())
    }
    assert found == {"hour", "day", "week", "month", "rolling_1h", "rolling_7d"}
    assert board.parts("touchpoints", "rep:r1", "week", "2025-W01") == sums(1, 1, 60)
    assert board.value("touchpoints", "rep:r1", "month", "2024-12") == 1


@pytest.mark.parametrize(
    ("now", "inside"),
    [
        pytest.param("2024-12-31T10:14:59Z", False, id="not begun"),
        pytest.param("2024-12-31T10:20:00Z", True, id="now"),
        pytest.param("2024-12-31T11:14:59Z", True, id="in the fourth quarter hour"),
        pytest.param("2024-12-31T11:15:00Z", False, id="in the fifth"),
    ],
)
def test_the_rolling_hour_is_the_running_quarter_hour_and_the_three_before_it(now: str, inside: bool) -> None:
    board = seen(REPS, met("m", "2024-12-31 09:00", at="2024-12-31 10:20", contact_id="C"), now=now)

    assert board.parts("touchpoints", "rep:r1", "rolling_1h") == (sums(1, 1, 0) if inside else None)


def test_a_rolling_week_is_seven_whole_local_days_including_today() -> None:
    said = [
        rep("r1", timezone="America/New_York"),
        spoke("c1", "2024-12-25 04:59", phone="+491"),  # 24 December there
        spoke("c2", "2024-12-25 05:00", phone="+491"),
    ]

    assert seen(said, now="2025-01-01T04:59:00Z").parts("touchpoints", "rep:r1", "rolling_7d") == sums(1, 1, 60)
    assert seen(said, now="2025-01-01T05:00:00Z").parts("touchpoints", "rep:r1", "rolling_7d") is None
    assert seen(said, now="2024-12-31T04:59:00Z").parts("touchpoints", "rep:r1", "rolling_7d") == sums(2, 2, 120)
