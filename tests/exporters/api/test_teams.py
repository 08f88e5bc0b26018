from urllib.parse import quote

import pytest
from aiohttp import ClientResponse
from msgspec import convert

from exporters.api.teams import Member, TeamNow
from kpi_state.definitions import Privacy
from tests.exporters.floor import seen
from tests.exporters.served import Client, Served, error_of
from tests.statements import absence, rep


async def told(answer: ClientResponse) -> TeamNow:
    assert answer.status == 200
    return convert(await answer.json(), TeamNow)


async def test_a_team_is_told_by_its_members_and_how_it_stands(client: Client) -> None:
    team = await told(await client.get("/api/teams/Delhi"))
    assert (team.team, team.working, team.reps, team.absent) == ("Delhi", False, 1, 0)
    assert team.members == [Member("bela", "", working=False, absent=False)]
    talk = next(each for each in team.kpis if (each.kpi, each.window, each.labels) == ("touchpoints", "day", {}))
    assert (talk.value, [place.among for place in talk.places]) == (1, ["teams"])


async def test_a_name_of_any_characters_is_found(client: Client) -> None:
    name = 'Zuid "A"\\'
    assert (await told(await client.get(f"/api/teams/{quote(name, safe='')}"))).team == name


async def test_who_is_away_is_counted() -> None:
    events = [
        rep("here", team="A/B", timezone="America/New_York", name="Here"),
        rep("away", team="A/B", name="Away"),
        rep("left", team="A/B", first_day="2020-01-01", last_day="2021-01-01", name="Left"),
        absence("a1", "2024-06-01", rep_id="away", from_="2024-06-03", until="2024-06-07"),
    ]
    async with Served(seen(events), privacy=Privacy(rep_labels="names")).client() as client:
        team = await told(await client.get("/api/teams/A%2FB"))
    assert (team.working, team.reps, team.absent) == (True, 2, 1)
    assert team.members == [
        Member("away", "Away", working=False, absent=True),
        Member("here", "Here", working=True, absent=False),
        Member("left", "Left", working=None, absent=None),
    ]


async def test_an_unknown_team_is_told_what_there_is(client: Client) -> None:
    answer = await client.get("/api/teams/Dehli")
    assert answer.status == 404
    assert await error_of(answer) == "team: there is no 'Dehli'; did you mean 'Delhi'?"


@pytest.mark.parametrize("mode", ["none", "pseudonyms"])
async def test_a_team_that_would_tell_on_its_reps_is_not_there(mode: str) -> None:
    privacy = convert({"rep_labels": mode, "pseudonym_key_file": "key", "team_min_size": 2}, Privacy)
    async with Served(privacy=privacy).client() as client:
        answer = await client.get("/api/teams/Delhi")
        assert answer.status == 404
        assert await error_of(answer) == "team: there is no 'Delhi'; there are none"


async def test_where_reps_are_hidden_a_team_has_numbers_and_no_members() -> None:
    async with Served(privacy=Privacy(rep_labels="none", team_min_size=1)).client() as client:
        team = await told(await client.get("/api/teams/Delhi"))
    assert (team.members, team.reps) == ([], 1)
    assert team.kpis
