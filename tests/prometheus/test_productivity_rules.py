"""Productivity alerts by promtool: each begins, stays and ends, and is silent when nobody can be blamed."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from floorpulse.cli import run
from tests.prometheus.stories import FRESH, MINUTES, Series, fires, judged, says

pytestmark = pytest.mark.promtool

WELL, BEGINS, FIRING, BAND, STILL, KEPT, OVER = 9, 20, 30, 120, 139, 145, 155
"""Minutes: before; too short yet; long enough; back above 60 % but not above 80 %; just over; really over."""


def ratios(well: float, ill: float, band: float) -> str:
    """10 minutes well, 90 ill, 40 in between, then well for good."""
    return f"{well}x9 {ill}x89 {band}x39 {well}x{MINUTES}"


class Drop(NamedTuple):
    """A grain's series as they are while an alert about it should ring; `ill` is the one that drops."""

    ill: str
    others: Series

    def with_values(self, values: str) -> Series:
        return {**FRESH, **self.others, self.ill: values}


def always(value: float) -> str:
    return f"{value}x{MINUTES}"


WHO: Mapping[str, str] = {"Team": 'team="North"', "Rep": 'rep_id="r1", team="North"'}


def pace_of(grain: str, expected: float) -> Drop:
    who, name = WHO[grain], f"sales_{grain.lower()}"
    return Drop(
        f'{name}_touchpoints_pace_ratio{{window="day", {who}}}',
        {
            f"{name}_working{{{who}}}": always(1),
            f'{name}_touchpoints_expected_touchpoints{{window="day", {who}}}': always(expected),
            f'{name}_touchpoints_touchpoints{{window="day", {who}}}': always(12),
            f'{name}_touchpoints_touchpoints{{window="day", {who}, channel="call"}}': always(10),
        },
    )


def usual_of(grain: str, usual: float) -> Drop:
    who, name = WHO[grain], f"sales_{grain.lower()}"
    return Drop(
        f'{name}_touchpoints_touchpoints{{window="rolling_1h", {who}}}',
        {
            f"{name}_working{{{who}}}": always(1),
            f'{name}_touchpoints_baseline_touchpoints{{window="rolling_1h", {who}}}': always(usual),
            f'{name}_touchpoints_baseline_tail_ratio{{window="rolling_1h", {who}}}': always(0.01),
        },
    )


DROPS = {
    "TeamBehindPace": (pace_of("Team", 30), ratios(0.95, 0.4, 0.7)),
    "RepBehindPace": (pace_of("Rep", 20), ratios(0.95, 0.4, 0.7)),
    "TeamProductivityDrop": (usual_of("Team", 40), ratios(38, 10, 28)),
    "RepProductivityDrop": (usual_of("Rep", 10), ratios(9, 2, 7)),
}
ALERTS = list(DROPS)


def changed(alert: str, **values: str) -> Series:
    """The story of an alert with some series, named by the end of their name, changed; empty leaves them out."""
    drop, ill = DROPS[alert]
    series = dict(drop.with_values(ill))
    for ending, value in values.items():
        names = [name for name in series if name.partition("{")[0].endswith(ending)]
        assert names, ending
        for name in names:
            if value:
                series[name] = value
            else:
                del series[name]
    return series


@pytest.mark.parametrize("alert", ALERTS)
def test_a_drop_rings_when_it_lasts_and_until_it_is_really_over(tmp_path: Path, alert: str) -> None:
    moments = {WELL: False, BEGINS: False, FIRING: True, BAND: True, STILL: True, KEPT: True, OVER: False, 200: False}

    code, words = judged(tmp_path, [fires(alert, changed(alert), moments)])

    assert code == 0, words


@pytest.mark.parametrize("alert", ALERTS)
def test_a_story_told_wrong_is_noticed(tmp_path: Path, alert: str) -> None:
    code, _ = judged(tmp_path, [fires(alert, changed(alert), {FIRING: False})])

    assert code != 0


@pytest.mark.parametrize("alert", ALERTS)
def test_what_never_fell_far_enough_does_not_ring(tmp_path: Path, alert: str) -> None:
    """Between 60 % and 80 % nothing begins."""
    drop, _ = DROPS[alert]
    between = {"TeamProductivityDrop": 28, "RepProductivityDrop": 7}.get(alert, 0.7)

    code, words = judged(tmp_path, [fires(alert, drop.with_values(always(between)), {FIRING: False, 200: False})])

    assert code == 0, words


@pytest.mark.parametrize("alert", ALERTS)
def test_a_short_drop_does_not_ring(tmp_path: Path, alert: str) -> None:
    drop, ill = DROPS[alert]
    well, bad = (part.partition("x")[0] for part in ill.split()[:2])

    code, words = judged(
        tmp_path, [fires(alert, drop.with_values(f"{well}x9 {bad}x9 {well}x99"), {18: False, 24: False, 40: False})]
    )

    assert code == 0, words


@pytest.mark.parametrize("alert", ALERTS)
def test_nothing_rings_outside_working_time_or_where_none_is_known(tmp_path: Path, alert: str) -> None:
    """Nights, weekends and holidays; a rep on leave does not work either."""
    closed, unknown = changed(alert, _working=always(0)), changed(alert, _working="")

    code, words = judged(tmp_path, [fires(alert, each, {FIRING: False, BAND: False}) for each in (closed, unknown)])

    assert code == 0, words


@pytest.mark.parametrize("alert", ALERTS)
def test_the_end_of_working_time_ends_an_alert(tmp_path: Path, alert: str) -> None:
    until_one = changed(alert, _working=f"1x59 0x{MINUTES}")

    code, words = judged(tmp_path, [fires(alert, until_one, {FIRING: True, 59: True, 75: False, BAND: False})])

    assert code == 0, words


@pytest.mark.parametrize("alert", ALERTS)
@pytest.mark.parametrize(
    ("ending", "values"),
    [
        pytest.param("newest_event_timestamp_seconds", always(0), id="no source speaks"),
        pytest.param("exporter_age_seconds", always(45), id="the exporter shows old numbers"),
        pytest.param("exporter_age_seconds", "", id="nobody knows how old the numbers are"),
        pytest.param("newest_event_timestamp_seconds", "", id="nobody knows what sources said"),
    ],
)
def test_nothing_rings_on_stale_data(tmp_path: Path, alert: str, ending: str, values: str) -> None:
    code, words = judged(tmp_path, [fires(alert, changed(alert, **{ending: values}), {FIRING: False, BAND: False})])

    assert code == 0, words


@pytest.mark.parametrize("alert", ALERTS)
def test_one_silent_source_is_enough_to_say_nothing(tmp_path: Path, alert: str) -> None:
    """The telephone system is away, the CRM is not: calls seem missing that were made."""
    silent = 'sales_source_newest_event_timestamp_seconds{instance="one:9464", source="/pbx"}'
    series = {**changed(alert), silent: always(0)}

    code, words = judged(tmp_path, [fires(alert, series, {FIRING: False, BAND: False})])

    assert code == 0, words


@pytest.mark.parametrize("alert", ALERTS)
def test_data_that_grows_stale_ends_an_alert(tmp_path: Path, alert: str) -> None:
    stalling = changed(alert, newest_event_timestamp_seconds=f"0+60x40 2400x{MINUTES}")

    code, words = judged(tmp_path, [fires(alert, stalling, {FIRING: True, 55: True, 70: False})])

    assert code == 0, words


@pytest.mark.parametrize(
    ("alert", "ending", "few"),
    [
        ("TeamBehindPace", "expected_touchpoints", 19),
        ("RepBehindPace", "expected_touchpoints", 4),
        ("TeamProductivityDrop", "baseline_touchpoints", 19),
        ("RepProductivityDrop", "baseline_touchpoints", 4),
    ],
)
def test_where_little_is_expected_little_says_nothing(tmp_path: Path, alert: str, ending: str, few: int) -> None:
    made = {"_touchpoints_touchpoints": always(0)} if "Drop" in alert else {}

    code, words = judged(tmp_path, [fires(alert, changed(alert, **{ending: always(few)}, **made), {FIRING: False})])

    assert code == 0, words


@pytest.mark.parametrize("alert", ["TeamProductivityDrop", "RepProductivityDrop"])
def test_what_chance_explains_does_not_ring(tmp_path: Path, alert: str) -> None:
    code, words = judged(tmp_path, [fires(alert, changed(alert, baseline_tail_ratio=always(0.2)), {FIRING: False})])

    assert code == 0, words


def test_a_rep_behind_by_what_chance_explains_does_not_ring(tmp_path: Path) -> None:
    """3 of 6 expected: half, but less than two standard deviations."""
    series = changed("RepBehindPace", expected_touchpoints=always(6), pace_ratio=always(0.5))

    code, words = judged(tmp_path, [fires("RepBehindPace", series, {FIRING: False, BAND: False})])

    assert code == 0, words


@pytest.mark.parametrize("alert", ["TeamProductivityDrop", "RepProductivityDrop"])
def test_without_a_baseline_nobody_is_compared(tmp_path: Path, alert: str) -> None:
    """Somebody new, or too few days of this weekday."""
    new = changed(alert, baseline_touchpoints="", baseline_tail_ratio="")

    code, words = judged(tmp_path, [fires(alert, new, {FIRING: False, BAND: False})])

    assert code == 0, words


@pytest.mark.parametrize("alert", ["TeamProductivityDrop", "RepProductivityDrop"])
def test_who_made_no_touchpoint_at_all_has_no_sample_and_rings(tmp_path: Path, alert: str) -> None:
    none = changed(alert, _touchpoints_touchpoints="")

    code, words = judged(tmp_path, [fires(alert, none, {10: False, FIRING: True})])

    assert code == 0, words


@pytest.mark.parametrize("alert", ["RepBehindPace", "RepProductivityDrop"])
def test_nobody_else_is_blamed(tmp_path: Path, alert: str) -> None:
    """A colleague on leave, with the same numbers, does not work."""
    series = changed(alert)
    colleague = {name.replace("r1", "r2"): values for name, values in series.items() if "r1" in name}
    colleague["sales_rep_working{" + WHO["Rep"].replace("r1", "r2") + "}"] = always(0)

    code, words = judged(tmp_path, [fires(alert, {**series, **colleague}, {FIRING: True, OVER: False})])

    assert code == 0, words


@pytest.mark.parametrize("alert", ALERTS)
def test_two_exporters_of_one_floor_ring_once(tmp_path: Path, alert: str) -> None:
    once = {name: values for name, values in changed(alert).items() if "instance" not in name}
    twice = {
        name.replace("{", f'{{instance="{each}", '): values for name, values in once.items() for each in ("a", "b")
    }

    code, words = judged(tmp_path, [fires(alert, {**FRESH, **twice}, {WELL: False, FIRING: True, OVER: False})])

    assert code == 0, words


BOARD = "http://127.0.0.1:3000/d/floorpulse-team-activities?var-team="


def words_of(alert: str, summary: str, description: str, board: str) -> dict[str, str]:
    return {
        "summary": summary,
        "description": description,
        "board": board,
        "runbook_url": f"docs/alerts.md#{alert.lower()}",
    }


@pytest.mark.parametrize(
    ("alert", "summary", "description"),
    [
        (
            "TeamBehindPace",
            "Team North is behind today's target",
            "40 % of what is expected by now: 12 touchpoints today, 30 expected so far.",
        ),
        (
            "TeamProductivityDrop",
            "Team North does much less than usual",
            "10 touchpoints in the last hour, where 40 are usual on this weekday at this time: 25 %.",
        ),
    ],
)
def test_what_the_floor_reads(tmp_path: Path, alert: str, summary: str, description: str) -> None:
    labels = {"severity": "warning", "audience": "floor", "team": "North"}

    code, words = judged(
        tmp_path,
        [says(alert, changed(alert), FIRING, labels, words_of(alert, summary, description, f"{BOARD}North"))],
    )

    assert code == 0, words


@pytest.mark.parametrize(
    ("alert", "summary", "description"),
    [
        (
            "RepBehindPace",
            "{} of team North is behind today's target",
            "40 % of what is expected by now: 12 touchpoints today, 20 expected so far.",
        ),
        (
            "RepProductivityDrop",
            "{} of team North does much less than usual",
            "2 touchpoints in the last hour, where 10 are usual on this weekday at this time: 20 %.",
        ),
    ],
)
@pytest.mark.parametrize(
    ("info", "shown"),
    [
        pytest.param({'sales_rep_info{rep_id="r1", name="Anna Bos", team="North"}': always(1)}, "Anna Bos", id="names"),
        pytest.param({'sales_rep_info{rep_id="r1", team="North"}': always(1)}, "r1", id="ids"),
        pytest.param({}, "r1", id="nothing"),
    ],
)
def test_what_the_manager_reads(
    tmp_path: Path, alert: str, summary: str, description: str, info: Series, shown: str
) -> None:
    labels = {"severity": "warning", "audience": "manager", "team": "North", "rep_id": "r1"}
    expected = words_of(alert, summary.format(shown), description, f"{BOARD}North&var-rep_id=r1")

    code, words = judged(tmp_path, [says(alert, {**changed(alert), **info}, FIRING, labels, expected)])

    assert code == 0, words


def test_names_of_teams_may_hold_anything(tmp_path: Path) -> None:
    name = r"Zuid \"A\"\\ & co"
    series = {key.replace("North", name): values for key, values in changed("TeamBehindPace").items()}
    labels = {"severity": "warning", "audience": "floor", "team": 'Zuid "A"\\ & co'}
    expected = words_of(
        "TeamBehindPace",
        'Team Zuid "A"\\ & co is behind today\'s target',
        "40 % of what is expected by now: 12 touchpoints today, 30 expected so far.",
        f"{BOARD}Zuid+%22A%22%5C+%26+co",
    )

    code, words = judged(tmp_path, [says("TeamBehindPace", series, FIRING, labels, expected)])

    assert code == 0, words


def test_a_floor_that_wants_other_thresholds_hears_of_what_they_say(tmp_path: Path) -> None:
    """At 65 % of what is expected: below three quarters, and five minutes after it began."""
    drop, _ = DROPS["TeamBehindPace"]
    dropped = drop.with_values(f"0.95x9 0.65x89 0.85x19 0.95x{MINUTES}")
    chosen = {
        "drop_begins_ratio": "0.75",
        "drop_ends_ratio": "0.9",
        "drop_seconds": "300",
        "drop_over_seconds": "120",
        "team_touchpoints": "30",
        "stale_seconds": "60",
    }
    flags = [part for key, value in chosen.items() for part in ("--set", f"alerts.{key}={value}")]
    assert run(["alerting", str(tmp_path), *flags]) == 0
    own = [tmp_path / "prometheus" / "rules" / name for name in ("freshness.yml", "teams.yml")]
    few = {**dropped, 'sales_team_touchpoints_expected_touchpoints{window="day", team="North"}': always(29)}
    late = {**dropped, **{name: f"-90+60x{MINUTES}" for name in dropped if "newest_event" in name}}

    code, words = judged(
        tmp_path,
        [
            fires("TeamBehindPace", dropped, {13: False, 16: True, 110: True, 120: True, 125: False}),
            fires("TeamBehindPace", few, {16: False, 60: False}),
            fires("TeamBehindPace", late, {16: False, 60: False}),
        ],
        own,
    )
    usual, said = judged(tmp_path, [fires("TeamBehindPace", dropped, {16: False, 60: False})])

    assert code == 0, words
    assert usual == 0, said
