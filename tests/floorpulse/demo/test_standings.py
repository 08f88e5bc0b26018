from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from floorpulse.demo.standings import Row, Source, standings

AS_OF = "2026-03-24T09:30:00Z"
SILENCE: dict[str, Any] = {"sources": {}, "topics": {}}
NO_GOALS: dict[str, Any] = {"goals": []}


def sample(kpi: str, grain: str, key: str, window: str, value: float | None = None, **more: Any) -> dict[str, Any]:
    bucket = more.pop("bucket", "2026-03-24")
    labels: Mapping[str, str] = more.pop("labels", {})
    return {
        "kpi": kpi,
        "grain": grain,
        "key": key,
        "window": window,
        "bucket": bucket,
        "labels": labels,
        "parts": more,
        "value": value,
    }


def touched(grain: str, key: str, number: int, **more: Any) -> dict[str, Any]:
    parts = {"touchpoints": number, "attempts": 2 * number, "talk_seconds": 60 * number}
    return sample("touchpoints", grain, key, "day", number, **(parts | more))


def document(*samples: dict[str, Any]) -> dict[str, Any]:
    return {"as_of": AS_OF, "samples": list(samples)}


def test_without_numbers_there_are_no_standings() -> None:
    empty = standings(document(), NO_GOALS, SILENCE)

    assert (empty.everybody, empty.teams, empty.reps) == (None, [], [])
    assert empty.clock == datetime(2026, 3, 24, 9, 30, tzinfo=UTC)


def test_most_touchpoints_come_first_and_names_break_ties() -> None:
    of = standings(
        document(touched("rep", "bo", 3), touched("rep", "cy", 7), touched("rep", "al", 3)), NO_GOALS, SILENCE
    )

    assert [row.key for row in of.reps] == ["cy", "al", "bo"]


def test_a_row_gathers_today_and_the_month() -> None:
    of = standings(
        document(
            touched("team", "North", 5),
            sample("leads_created", "team", "North", "day", 4, leads=4),
            sample("lead_win", "team", "North", "month", 0.25, labels={"basis": "closed"}, closed=8, won=2),
            sample("lead_win", "team", "North", "month", 0.5, labels={"basis": "cohort"}, leads=2, won=1),
            sample("lead_conversion", "team", "North", "month", 0.2, leads=10, converted=2),
        ),
        NO_GOALS,
        SILENCE,
    )

    assert of.teams == [Row("North", 5, None, None, 10, 300, 4, 0.25, 0.2)]


def test_other_windows_labels_and_grains_are_left_out() -> None:
    of = standings(
        document(
            touched("org", "*", 9),
            touched("org", "*", 4, labels={"channel": "call"}),
            sample("touchpoints", "org", "*", "week", 30, touchpoints=30, attempts=0, talk_seconds=0),
        ),
        NO_GOALS,
        SILENCE,
    )

    assert of.everybody == Row("*", 9, None, None, 18, 540, 0, None, None)
    assert of.teams == []


def test_of_two_days_that_are_today_somewhere_the_newer_is_shown() -> None:
    old, new = touched("org", "*", 90, bucket="2026-03-23"), touched("org", "*", 9, bucket="2026-03-24")

    for order in ((old, new), (new, old)):
        of = standings(document(*order), NO_GOALS, SILENCE)

        assert of.everybody is not None
        assert of.everybody.touchpoints == 9


def test_sources_say_how_old_their_newest_event_is() -> None:
    freshness = {
        "sources": {
            "/crm": {"newest": "2026-03-24T09:29:15Z", "applied": 90, "unchanged": 5, "late": 2},
            "/junk": {"newest": None, "applied": 0, "unchanged": 0, "late": 0},
        },
        "topics": {"crm.events": {"read": 99, "quarantined": 1}, "hr.events": {"read": 3, "quarantined": 2}},
    }

    of = standings(document(), NO_GOALS, freshness)

    assert of.sources == [Source("/crm", 45, 90, 5, 2)]
    assert (of.read, of.quarantined) == (102, 3)


def test_a_row_says_what_is_asked_for_the_day_and_by_now() -> None:
    goal = {"kpi": "touchpoints", "grain": "rep", "key": "al", "window": "day", "target": 15, "expected": 4.5}
    others = [goal | {"window": "week", "target": 75}, goal | {"grain": "team"}, goal | {"kpi": "leads_created"}]

    of = standings(document(touched("rep", "al", 3), touched("rep", "bo", 1)), {"goals": [*others, goal]}, SILENCE)

    assert [(row.key, row.target, row.expected) for row in of.reps] == [("al", 15, 4.5), ("bo", None, None)]
