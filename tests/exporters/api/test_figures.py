from fractions import Fraction

from exporters.api.figures import Figure, Place, figures, number
from kpi_state.replay import Replay
from tests.exporters.floor import seen
from tests.exporters.served import Served
from tests.statements import rep, spoke, target

DAY = "2024-06-06"


def floor() -> Replay:
    """Three in one team: anna with two touchpoints of a quota of four, bela with one, cas with nothing but a quota."""
    people = [
        rep(name, team=team, first_day="2024-01-01") for name, team in (("anna", "A"), ("bela", "A"), ("cas", "B"))
    ]
    calls = [
        spoke(f"k{n}", f"{DAY} {hour}:00", who, phone=f"+3120123456{n}", seconds=60)
        for n, (who, hour) in enumerate([("anna", "10"), ("anna", "11"), ("bela", "10")])
    ]
    quotas = [target(f"touchpoints/rep:{name}/day/{DAY}", "2024-06-01", value=4) for name in ("anna", "cas")]
    return seen([*people, *calls, *quotas])


async def of(grain: str, key: str, window: str = "day") -> Figure:
    served = Served(floor())
    found = await served.view.look(lambda shown, index: figures(shown, index, grain, key))
    (figure,) = [each for each in found if (each.kpi, each.window, each.labels) == ("touchpoints", window, {})]
    return figure


async def test_a_number_has_its_parts_its_target_and_its_places() -> None:
    found = await of("rep", "anna")
    assert (found.bucket, found.value, found.parts["talk_seconds"]) == (DAY, 2, 120)
    assert (found.target, found.attainment) == (4, 0.5)
    assert found.value is not None
    assert found.expected is not None
    assert found.pace == found.value / found.expected
    assert found.places == [Place("team", 1, 2), Place("reps", 1, 3)]


async def test_without_a_target_nothing_is_said_of_reaching_it() -> None:
    found = await of("rep", "bela")
    assert (found.value, found.target, found.expected, found.attainment, found.pace) == (1, None, None, None, None)
    assert found.places == [Place("team", 2, 2), Place("reps", 2, 3)]


async def test_who_has_a_quota_and_nothing_yet_has_zero_of_it() -> None:
    found = await of("rep", "cas")
    assert (found.value, found.parts, found.target, found.attainment) == (0, {}, 4, 0)
    assert found.places == [Place("team", 1, 1), Place("reps", 3, 3)]


async def test_a_team_has_its_place_among_teams_and_the_organisation_none() -> None:
    assert (await of("team", "A")).places == [Place("teams", 1, 2)]
    assert (await of("org", "*")).places == []


async def test_numbers_stand_in_the_order_of_the_book_and_of_their_windows() -> None:
    found = await Served().view.look(lambda shown, index: figures(shown, index, "rep", "anna"))
    touches = [each for each in found if each.kpi == "touchpoints"]
    assert [each.window for each in touches if not each.labels][:3] == ["hour", "day", "week"]
    assert touches[1].labels == {"channel": "call"}
    assert len({(each.kpi, each.window, *each.labels.items()) for each in found}) == len(found)


async def test_what_is_about_nobody_has_no_place() -> None:
    found = await Served().view.look(lambda shown, index: figures(shown, index, "rep", "unmapped"))
    assert found
    assert not any(each.places for each in found)


def test_exact_numbers_become_those_of_json() -> None:
    assert (number(None), number(Fraction(4, 2)), number(Fraction(1, 3))) == (None, 2, 1 / 3)
