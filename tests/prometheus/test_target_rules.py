"""Alerts about missed targets and stuck leads, by promtool."""

from pathlib import Path

import pytest

from floorpulse.alerting.targets import with_targets
from tests.prometheus.stories import FRESH, MINUTES, Series, fires, judged, says

pytestmark = pytest.mark.promtool

TEAM = 'team="North"'
WAIT = "30 % of all that the team has open, wait longer than the limit: decide each, or hand it on."
WELL, BEGINS, FIRING, BAND, OVER = 9, 60, 90, 170, 290
"""Minutes: before; shorter than an hour; longer; met again but hardly; met for more than an hour."""


def always(value: float) -> str:
    return f"{value}x{MINUTES}"


def ratio(stem: str, cases: str, target: float, values: str, count: int = 40) -> Series:
    return {
        **FRESH,
        f"sales_team_working{{{TEAM}}}": always(1),
        f'sales_team_{stem}_ratio{{window="rolling_30d", {TEAM}}}': values,
        f'sales_team_{stem}_target_ratio{{window="rolling_30d", {TEAM}}}': always(target),
        f'sales_team_{stem}_{cases}{{window="rolling_30d", {TEAM}}}': always(count),
    }


def shape(well: float, ill: float, band: float) -> str:
    return f"{well}x9 {ill}x139 {band}x49 {well}x{MINUTES}"


STORIES: dict[str, Series] = {
    "TeamContactToLeadBelowTarget": ratio("contact_to_lead", "contacts", 0.1, shape(0.15, 0.08, 0.102)),
    "TeamAppointmentDisqualificationAboveTarget": {
        **ratio("appointment_disqualification", "decided", 0.05, shape(0.03, 0.3, 0.049)),
        f'sales_team_appointment_disqualification_ratio{{window="rolling_30d", reason="price", {TEAM}}}': always(0.9),
    },
    "TeamLeadSourceBelowTarget": ratio("lead_source", "known", 0.6, shape(0.7, 0.45, 0.62)),
    "TeamLeadsStuck": {
        **FRESH,
        f"sales_team_working{{{TEAM}}}": always(1),
        f'sales_team_open_lead_age_over_limit{{window="now", {TEAM}}}': shape(6, 30, 17),
        f'sales_team_open_lead_age_open{{window="now", {TEAM}}}': always(100),
    },
    "TeamDealsStuck": {
        **FRESH,
        f"sales_team_working{{{TEAM}}}": always(1),
        f'sales_team_pipeline_over_limit{{window="now", {TEAM}}}': shape(6, 30, 17),
        f'sales_team_pipeline_over_limit{{window="now", stage="Offer", {TEAM}}}': always(90),
        f'sales_team_pipeline_deals{{window="now", {TEAM}}}': always(100),
    },
}
ALERTS = list(STORIES)


def changed(alert: str, **values: str) -> Series:
    series = dict(STORIES[alert])
    for ending, value in values.items():
        names = [name for name in series if name.partition("{")[0].endswith(ending)]
        assert names, ending
        series |= dict.fromkeys(names, value)
    return series


def test_every_target_of_the_registry_has_a_story() -> None:
    assert len(with_targets()) + 2 == len(STORIES)


@pytest.mark.parametrize("alert", ALERTS)
def test_a_missed_target_rings_when_it_lasts_and_until_it_is_clearly_met(tmp_path: Path, alert: str) -> None:
    moments = {WELL: False, BEGINS: False, FIRING: True, BAND: True, OVER: False}

    code, words = judged(tmp_path, [fires(alert, STORIES[alert], moments)])

    assert code == 0, words


@pytest.mark.parametrize("alert", ALERTS)
def test_a_story_told_wrong_is_noticed(tmp_path: Path, alert: str) -> None:
    code, _ = judged(tmp_path, [fires(alert, STORIES[alert], {OVER: True})])

    assert code != 0


@pytest.mark.parametrize("alert", ALERTS)
@pytest.mark.parametrize(
    ("ending", "values"),
    [
        pytest.param("_working", always(0), id="outside working time"),
        pytest.param("newest_event_timestamp_seconds", always(0), id="stale data"),
        pytest.param("exporter_age_seconds", always(45), id="stale exporter"),
    ],
)
def test_a_missed_target_is_silent(tmp_path: Path, alert: str, ending: str, values: str) -> None:
    code, words = judged(tmp_path, [fires(alert, changed(alert, **{ending: values}), {FIRING: False, BAND: False})])

    assert code == 0, words


@pytest.mark.parametrize(
    ("alert", "count", "few"),
    [
        ("TeamContactToLeadBelowTarget", "_contacts", 19),
        ("TeamAppointmentDisqualificationAboveTarget", "_decided", 19),
        ("TeamLeadSourceBelowTarget", "_known", 19),
        ("TeamLeadsStuck", "_over_limit", 4),
        ("TeamDealsStuck", "_over_limit", 4),
    ],
)
def test_few_cases_say_nothing(tmp_path: Path, alert: str, count: str, few: int) -> None:
    series = changed(alert, **{count: always(few)})
    if "Stuck" in alert:
        series = {name: always(8) if "_open{" in name or "_deals{" in name else was for name, was in series.items()}

    code, words = judged(tmp_path, [fires(alert, series, {FIRING: False})])

    assert code == 0, words


@pytest.mark.parametrize("alert", ALERTS[:3])
def test_another_target_moves_the_threshold(tmp_path: Path, alert: str) -> None:
    """Nothing in the rules knows the number: it is the target's own series."""
    lax = "1" if "Above" in alert else "0"

    code, words = judged(
        tmp_path, [fires(alert, changed(alert, _target_ratio=f"{lax}x{MINUTES}"), {FIRING: False, BAND: False})]
    )

    assert code == 0, words


@pytest.mark.parametrize(
    ("alert", "summary", "description", "board"),
    [
        (
            "TeamContactToLeadBelowTarget",
            "Team North: too few contacts become leads",
            (
                "8 % over the last 30 days, of 40 contacts; the target is at least 10 %. "
                "Share of the contacts first touched in the window who ever became a qualified lead."
            ),
            "team-activities",
        ),
        (
            "TeamAppointmentDisqualificationAboveTarget",
            "Team North: too many appointments are rejected",
            (
                "30 % over the last 30 days, of 40 appointments; the target is at most 5 %. "
                "Share of the appointments decided in the window that were rejected; beside it the pending ones."
            ),
            "stage-analysis",
        ),
        (
            "TeamLeadSourceBelowTarget",
            "Team North: marketing brings too small a share of the leads",
            (
                "45 % over the last 30 days, of 40 leads; the target is at least 60 %. "
                "Share of the leads created in the window that marketing generated; the rest sales did."
            ),
            "state-of-the-union",
        ),
        (
            "TeamLeadsStuck",
            "Team North: many open leads wait too long",
            f"30 open leads, {WAIT}",
            "pipeline",
        ),
        (
            "TeamDealsStuck",
            "Team North: many open deals wait too long",
            f"30 open deals, {WAIT}",
            "pipeline",
        ),
    ],
)
def test_what_the_floor_reads(tmp_path: Path, alert: str, summary: str, description: str, board: str) -> None:
    labels = {"severity": "warning", "audience": "floor", "team": "North"}
    expected = {
        "summary": summary,
        "description": description,
        "board": f"http://127.0.0.1:3000/d/floorpulse-{board}?var-team=North",
        "runbook_url": f"docs/alerts.md#{alert.lower()}",
    }

    code, words = judged(tmp_path, [says(alert, STORIES[alert], FIRING, labels, expected)])

    assert code == 0, words
