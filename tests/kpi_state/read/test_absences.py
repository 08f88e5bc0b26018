from typing import Any
from zoneinfo import ZoneInfo

import pytest

from kpi_state.read.absences import Absences
from kpi_state.read.roster import Roster
from tests.kpi_state.read.floor import Floor, on, us

NOW = us("2024-05-17T12:00")


class Away(Floor):
    """A floor whose absences are read by themselves."""

    def __init__(self) -> None:
        super().__init__()
        self.people, self.absences = Roster(ZoneInfo("UTC"), {}), Absences()
        self.rep("r1", external_ids={"aircall": "7"}, extensions=["101"])
        self.rep("r1", "2024-05-01", extensions=[])
        self.rep("r2", "2024-05-01", extensions=["101"])

    def days(self, now: int = NOW) -> dict[str, list[range]]:
        for kind, subject in self.statements():
            put = self.people.put if kind == "rep" else self.absences.put
            put(subject, self.row(kind, subject))
        self.people.advance(now)
        return self.absences.known(self.people, now)


@pytest.mark.parametrize(
    ("said", "days"),
    [
        pytest.param({"from_": "2024-05-17", "until": "2024-05-17"}, ("2024-05-17", "2024-05-18"), id="a day"),
        pytest.param({"from_": "2024-05-13"}, ("2024-05-13", "2024-05-18"), id="until further notice, so today"),
        pytest.param({"from_": "2024-06-01", "until": "2024-06-03"}, ("2024-06-01", "2024-06-04"), id="known ahead"),
        pytest.param({"until": "2024-05-17"}, None, id="without a first day"),
        pytest.param({"from_": "2024-05-17", "deleted": True}, None, id="deleted"),
        pytest.param({"from_": "2024-05-17", "rep_id": None}, None, id="nobody's"),
    ],
)
def test_an_absence_lasts_from_its_first_to_its_last_day(said: dict[str, Any], days: tuple[str, str] | None) -> None:
    floor = Away()
    floor.say("absence", "a1", **{"rep_id": "r1", **said})

    assert floor.days() == ({"r1": [range(on(days[0]), on(days[1]))]} if days else {})


def test_an_absence_that_ends_before_it_starts_has_no_days() -> None:
    floor = Away()
    floor.say("absence", "a1", rep_id="r1", from_="2024-05-18", until="2024-05-17")

    assert [list(days) for days in floor.days()["r1"]] == [[]]


@pytest.mark.parametrize(("raw", "rep"), [("aircall:7", "r1"), ("101", "r2"), ("zz", "unmapped")])
def test_who_is_away_may_be_named_by_any_id_as_held_on_the_first_day(raw: str, rep: str) -> None:
    floor = Away()
    floor.say("absence", "a1", rep_id=raw, from_="2024-05-13", until="2024-05-14")

    assert list(floor.days()) == [rep]


def test_an_id_that_changed_hands_means_who_held_it_on_the_first_day() -> None:
    floor = Away()
    floor.say("absence", "a1", rep_id="101", from_="2024-04-30", until="2024-05-14")

    assert list(floor.days()) == ["r1"]


def test_statements_after_now_are_ignored() -> None:
    floor = Away()
    floor.say("absence", "a1", rep_id="r1", from_="2024-05-13", until="2024-05-20")
    floor.say("absence", "a1", "2024-05-15", until="2024-05-14")

    assert floor.days(us("2024-05-14")) == {"r1": [range(on("2024-05-13"), on("2024-05-21"))]}
    assert floor.days(us("2024-05-15")) == {"r1": [range(on("2024-05-13"), on("2024-05-15"))]}


def test_a_rep_has_all_absences_and_a_removed_row_is_none() -> None:
    floor = Away()
    for subject, day in (("a1", "2024-05-13"), ("a2", "2024-05-15")):
        floor.say("absence", subject, rep_id="r1", from_=day, until=day)
    assert len(floor.days()["r1"]) == 2

    floor.absences.put("a1", None)

    assert floor.absences.known(floor.people, NOW) == {"r1": [range(on("2024-05-15"), on("2024-05-16"))]}
