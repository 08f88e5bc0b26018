from fractions import Fraction

from exporters.privacy import Disguise
from exporters.shown import Shown
from exporters.wall.standing import Changed, Row, Standing, place
from kpi_state.definitions import Limits, Privacy
from kpi_state.read.sample import Person, Sample
from kpi_state.read.targets import Goal
from tests.exporters.passing import come_and_go


def picture() -> Shown:
    return Shown(Disguise(Privacy()), Limits())


def put(shown: Shown, grain: str, key: str, touchpoints: int, window: str = "day", kpi: str = "touchpoints") -> None:
    shown.version += 1
    slot = place(grain, key)._replace(window=window, kpi=kpi)
    parts = {"touchpoints": touchpoints, "attempts": touchpoints + 2, "talk_seconds": 61.5}
    sample = Sample(kpi, grain, key, window, "2026-03-02", {}, parts, touchpoints)
    shown.samples.put(slot, sample, shown.version)


def ask(shown: Shown, grain: str, key: str, target: str, expected: str | None) -> None:
    shown.version += 1
    due = None if expected is None else Fraction(expected)
    shown.goals.put(place(grain, key), Goal("touchpoints", grain, key, "day", Fraction(target), due), shown.version)


def know(shown: Shown, rep: str, name: str, team: str) -> None:
    shown.version += 1
    shown.people.put(rep, Person(rep, name, team), shown.version)


def test_a_row_says_who_what_and_how_much_of_it_is_asked() -> None:
    shown, standing = picture(), Standing()
    put(shown, "rep", "anna", 7)
    ask(shown, "rep", "anna", "15", "8.25")
    know(shown, "rep-without-a-number", "Nobody", "North")
    know(shown, "anna", "Anna Bos", "North")
    row = Row("rep", "anna", "Anna Bos", "North", 7, 9, 61.5, 15, 8.25)
    assert standing.look(shown) == Changed([row], [])
    assert standing.rows() == [row]


def test_who_has_a_target_and_no_touchpoint_yet_has_none() -> None:
    shown, standing = picture(), Standing()
    ask(shown, "team", "North", "37.5", None)
    assert standing.look(shown).rows == [Row("team", "North", "", "", 0, 0, 0, 37.5, None)]


def test_only_what_changed_is_told() -> None:
    shown, standing = picture(), Standing()
    put(shown, "rep", "anna", 7)
    put(shown, "rep", "bela", 3)
    standing.look(shown)
    assert standing.look(shown) == Changed([], [])
    put(shown, "rep", "bela", 4)
    put(shown, "rep", "anna", 7)
    assert [(row.key, row.points) for row in standing.look(shown).rows] == [("bela", 4)]


def test_other_windows_and_kpis_do_not_touch_a_row() -> None:
    shown, standing = picture(), Standing()
    put(shown, "rep", "anna", 7, window="week")
    put(shown, "rep", "anna", 7, kpi="leads_created")
    assert standing.look(shown) == Changed([], [])


def test_who_has_neither_number_nor_target_any_more_is_gone() -> None:
    shown, standing = picture(), Standing()
    put(shown, "rep", "anna", 7)
    ask(shown, "rep", "anna", "15", "8")
    standing.look(shown)
    shown.version += 1
    shown.samples.drop(place("rep", "anna"), shown.version)
    assert standing.look(shown).gone == []
    shown.version += 1
    shown.goals.drop(place("rep", "anna"), shown.version)
    assert standing.look(shown) == Changed([], [("rep", "anna")])
    assert standing.rows() == []


def test_a_wall_that_nobody_looked_at_for_long_says_who_went_meanwhile() -> None:
    shown, standing = picture(), Standing()
    put(shown, "rep", "anna", 7)
    put(shown, "rep", "bela", 3)
    standing.look(shown)
    shown.samples.drop(place("rep", "anna"), shown.version + 1)
    shown.version = come_and_go(shown, shown.version + 1)

    assert standing.look(shown) == Changed([], [("rep", "anna")])
    assert [row.key for row in standing.rows()] == ["bela"]
