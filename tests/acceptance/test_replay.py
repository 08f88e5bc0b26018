"""Every figure of the data set comes out of `replay`, to the last digit."""

from pathlib import Path

import pytest

from tests.acceptance.bpi2012 import Figures, expected, replayed, write_events

pytestmark = pytest.mark.acceptance

SECONDS_A_DAY = 86_400


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bpi2012") / "events.jsonl"
    write_events(path)
    return path


@pytest.fixture(scope="module")
def figures(events: Path) -> Figures:
    return Figures(replayed(events))


def test_every_event_is_good_and_none_is_left_out(figures: Figures) -> None:
    assert figures.input == {"read": 97_737, "after_as_of": 0, "quarantined": 0}


def test_all_leads_are_created_on_some_day_and_as_many_are_won(figures: Figures) -> None:
    created = figures.of("leads_created", "org", "day")
    assert sum(number.parts["leads"] for number in created.values()) == expected()["leads"]
    cohorts = figures.of("lead_win", "org", "fiscal_year", basis="cohort")
    assert sum(number.parts["leads"] for number in cohorts.values()) == expected()["leads"]
    assert sum(number.parts["won"] for number in cohorts.values()) == expected()["won"]


def test_new_leads_of_every_local_day(figures: Figures) -> None:
    created = figures.of("leads_created", "org", "day")
    assert {day: number.value for (_, day), number in created.items()} == expected()["new_leads_per_local_day"]


def test_attempts_of_every_rep_on_every_local_day(figures: Figures) -> None:
    days = figures.of("touchpoints", "rep", "day")
    attempts = sorted([day, rep, number.parts["attempts"]] for (rep, day), number in days.items())
    assert attempts == sorted(expected()["attempts_per_rep_per_local_day"])


def test_attempts_in_all_and_a_rep_and_day(figures: Figures) -> None:
    days = figures.of("touchpoints", "rep", "day").values()
    attempts = sum(number.parts["attempts"] for number in days)
    with_a_touchpoint = sum(number.parts["touchpoints"] > 0 for number in days)
    assert attempts == expected()["touchpoint_attempts"]
    assert with_a_touchpoint == expected()["rep_days_with_a_touchpoint"]
    assert round(attempts / with_a_touchpoint, 6) == expected()["attempts_per_rep_day"]


def test_leads_and_wins_of_every_owner_and_quarter(figures: Figures) -> None:
    found = figures.of("lead_win", "rep", "fiscal_quarter", basis="cohort")
    owned = {key: number for key, number in found.items() if key[0] != "unassigned"}
    wanted = {(each["owner"], f"FY{each['quarter']}"): each for each in expected()["cohort_per_owner_per_quarter"]}
    assert owned.keys() == wanted.keys()
    for key, number in owned.items():
        each = wanted[key]
        assert number.parts == {"leads": each["leads"], "won": each["won"]}
        assert number.value == each["won"] / each["leads"]


@pytest.mark.parametrize("at", range(4))
def test_open_leads_and_their_age_at_an_instant(events: Path, at: int) -> None:
    wanted = expected()["open_leads_at"][at]
    (number,) = Figures(replayed(events, wanted["as_of"])).of("open_lead_age", "org", "now").values()
    assert number.parts["open"] == wanted["open"]
    assert number.value is not None
    assert round(number.value / SECONDS_A_DAY, 6) == wanted["mean_age_days"]


def test_no_figure_of_the_data_set_was_left_out() -> None:
    assert len(expected()["open_leads_at"]) == 4
    assert expected().keys() == {
        "about",
        "leads",
        "won",
        "touchpoint_attempts",
        "rep_days_with_a_touchpoint",
        "attempts_per_rep_day",
        "open_leads_at",
        "new_leads_per_local_day",
        "cohort_per_owner_per_quarter",
        "attempts_per_rep_per_local_day",
    }
