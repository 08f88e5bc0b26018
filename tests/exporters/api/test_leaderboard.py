import pytest
from aiohttp import ClientResponse
from msgspec import convert

from exporters.api.leaderboard import Leaderboard
from kpi_state.definitions import Privacy
from kpi_state.replay import Replay
from tests.exporters.floor import seen
from tests.exporters.served import Client, Served, error_of
from tests.statements import appointment, rep, spoke, target

DAY = "2024-06-06"


def floor() -> Replay:
    """Anna leads with two; Bela, Cas and Zoë have one each; Dora has a quota and nothing yet."""
    names = {"r1": "Zoë", "r2": "anna", "r3": "Bela", "r4": "Cas", "r5": "Dora"}
    people = [rep(each, name=name, team="B" if each == "r3" else "A") for each, name in names.items()]
    calls = [
        spoke(f"k{n}", f"{DAY} {10 + n}:00", who, phone=f"+3120123456{n}", seconds=60)
        for n, who in enumerate(["r2", "r2", "r1", "r3", "r4", "somebody"])
    ]
    verdicts = [
        appointment(f"p{n}", "2024-06-03", set_by=who, set_at="2024-06-03", verdict=verdict, verdict_at="2024-06-04")
        for n, (who, verdict) in enumerate([("r1", "rejected"), ("r2", "accepted")])
    ]
    return seen([*people, *calls, *verdicts, target(f"touchpoints/rep:r5/day/{DAY}", "2024-06-01", value=4)])


async def told(answer: ClientResponse) -> Leaderboard:
    assert answer.status == 200, await answer.text()
    return convert(await answer.json(), Leaderboard)


async def board(query: str, rep_labels: str = "names") -> Leaderboard:
    privacy = convert({"rep_labels": rep_labels, "team_min_size": 1}, Privacy)
    async with Served(floor(), privacy=privacy).client() as client:
        return await told(await client.get(f"/api/leaderboard?{query}"))


async def test_equal_values_share_a_rank_and_stand_by_name() -> None:
    found = await board("kpi=touchpoints&window=day")
    assert [(row.rank, row.name, row.value) for row in found.rows] == [
        (1, "anna", 2),
        (2, "Bela", 1),
        (2, "Cas", 1),
        (2, "Zoë", 1),
        (5, "Dora", 0),
    ]
    assert (found.of, found.direction, found.grain) == (5, "at_least", "rep")
    assert (found.rows[4].target, found.rows[4].attainment, found.rows[4].parts) == (4, 0, {})
    assert {row.bucket for row in found.rows[:4]} == {DAY}


async def test_without_names_equal_ones_stand_by_id() -> None:
    found = await board("kpi=touchpoints&window=day", "ids")
    assert [(row.rank, row.key, row.name) for row in found.rows] == [
        (1, "r2", ""),
        (2, "r1", ""),
        (2, "r3", ""),
        (2, "r4", ""),
        (5, "r5", ""),
    ]


async def test_where_less_is_better_less_is_first() -> None:
    found = await board("kpi=appointment_disqualification&window=month")
    assert (found.direction, [(row.rank, row.key, row.value) for row in found.rows]) == (
        "at_most",
        [(1, "r2", 0), (2, "r1", 1)],
    )


async def test_a_team_compares_its_own() -> None:
    found = await board("kpi=touchpoints&window=day&team=A&limit=2")
    assert (found.of, [row.key for row in found.rows]) == (4, ["r2", "r4"])


async def test_teams_are_compared_with_teams() -> None:
    found = await board("kpi=touchpoints&window=day&grain=team", "none")
    assert [(row.rank, row.key, row.team, row.value) for row in found.rows] == [(1, "A", "", 4), (2, "B", "", 1)]


async def test_labels_choose_the_board(client: Client) -> None:
    found = await told(await client.get("/api/leaderboard?kpi=touchpoints&window=day&label=channel%3Demail"))
    assert (found.labels, [row.key for row in found.rows]) == ({"channel": "email"}, ["anna"])
    found = await told(await client.get("/api/leaderboard?kpi=annual_contract_value&window=fiscal_year"))
    assert found.labels == {"currency": "EUR"}
    found = await told(await client.get("/api/leaderboard?kpi=touchpoints&window=day&label=channel%3Dfax"))
    assert (found.rows, found.of) == ([], 0)


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("window=day", "parameter 'kpi' is missing: expected one of annual_contract_value, "),
        ("kpi=touchpoints", "parameter 'window' is missing: expected text"),
        ("kpi=touchpoints&window=year", "window is 'year': touchpoints has hour, day, "),
        ("kpi=touchpoints&window=day&team=Dehli", "team: there is no 'Dehli'; did you mean 'Delhi'?"),
        ("kpi=touchpoints&window=day&team=Delhi&grain=team", "team picks reps: leave it out, or ask for grain=rep"),
        ("kpi=touchpoints&window=day&limit=0", "limit is '0': expected a whole number from 1 to 1000"),
        ("kpi=touchpoints&window=day&label=product%3Dx", "label: touchpoints has channel"),
    ],
)
async def test_what_means_nothing_is_an_error_that_says_what_does(client: Client, query: str, error: str) -> None:
    answer = await client.get(f"/api/leaderboard?{query}")
    assert answer.status == 400
    assert (await error_of(answer)).startswith(error)


async def test_where_reps_are_hidden_they_are_not_compared() -> None:
    async with Served(privacy=Privacy(rep_labels="none")).client() as client:
        answer = await client.get("/api/leaderboard?kpi=touchpoints&window=day")
        assert answer.status == 403
