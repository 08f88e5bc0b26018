import pytest
from aiohttp import ClientResponse
from msgspec import convert

from exporters.api.reps import Rep
from kpi_state.definitions import Privacy
from tests.exporters.floor import EVENTS, seen
from tests.exporters.served import Client, Served, error_of
from tests.statements import absence, rep


async def told(answer: ClientResponse) -> Rep:
    assert answer.status == 200
    return convert(await answer.json(), Rep)


async def test_a_rep_is_told_by_who_it_is_and_how_it_stands(client: Client) -> None:
    anna = await told(await client.get("/api/reps/anna"))
    assert (anna.rep, anna.name, anna.team, anna.as_of) == ("anna", "", 'Zuid "A"\\', "2024-06-06T15:59:45Z")
    assert (anna.working, anna.absent) == (False, False)
    talk = next(each for each in anna.kpis if (each.kpi, each.window, each.labels) == ("touchpoints", "day", {}))
    assert (talk.value, talk.bucket) == (2, "2024-06-06")


async def test_a_name_is_told_where_names_may_be() -> None:
    async with Served(privacy=Privacy(rep_labels="names")).client() as client:
        assert (await told(await client.get("/api/reps/anna"))).name == "Anna Bos"


async def test_who_works_here_now_is_present_or_absent_and_others_are_neither() -> None:
    events = [
        rep("here", team="A", timezone="America/New_York"),
        rep("away", team="A"),
        absence("a1", "2024-06-01", rep_id="away", from_="2024-06-03", until="2024-06-07"),
        rep("left", team="A", first_day="2020-01-01", last_day="2021-01-01"),
    ]
    async with Served(seen(events)).client() as client:
        found = [await told(await client.get(f"/api/reps/{name}")) for name in ("here", "away", "left")]
    assert [(each.working, each.absent) for each in found] == [(True, False), (False, True), (None, None)]


async def test_what_counts_for_nobody_can_be_asked_for(client: Client) -> None:
    nobody = await told(await client.get("/api/reps/unmapped"))
    assert (nobody.name, nobody.team, nobody.working) == ("", "", None)
    assert nobody.kpis


async def test_an_unknown_rep_is_told_who_may_have_been_meant(client: Client) -> None:
    answer = await client.get("/api/reps/ana")
    assert answer.status == 404
    assert await error_of(answer) == "rep: there is no 'ana'; did you mean 'anna'?"


@pytest.mark.parametrize("name", ["anna", "nobody-knows"])
async def test_where_reps_are_hidden_it_is_not_even_said_who_there_is(name: str) -> None:
    async with Served(privacy=Privacy(rep_labels="none")).client() as client:
        answer = await client.get(f"/api/reps/{name}")
        assert answer.status == 403
        assert await error_of(answer) == 'nothing is said of single reps: [privacy] rep_labels is "none"'


async def test_a_rep_with_a_pseudonym_is_found_under_that_alone() -> None:
    served = Served(privacy=Privacy(rep_labels="pseudonyms", pseudonym_key_file="key", team_min_size=1))
    pseudonym = served.view.disguise.who(())("rep", "anna")
    async with served.client() as client:
        answer = await client.get(f"/api/reps/{pseudonym}")
        text = await answer.text()
        assert (answer.status, "anna" in text, "Anna" in text) == (200, False, False)
        assert (await client.get("/api/reps/anna")).status == 404


async def test_a_rep_with_a_pseudonym_does_not_tell_a_team_that_is_too_small() -> None:
    more = (rep("cas", team="Delhi"), rep("dirk", team="Delhi"), rep("eva", team="Solo"))
    served = Served(seen((*EVENTS, *more)), privacy=Privacy(rep_labels="pseudonyms", team_min_size=3))
    who = served.view.disguise.who(())
    async with served.client() as client:
        teams = [(await told(await client.get(f"/api/reps/{who('rep', each)}"))).team for each in ("cas", "eva")]
    assert teams == ["Delhi", ""]
