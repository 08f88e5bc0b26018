import json
from typing import Any

import pytest

from kpi_state.definitions import Privacy
from kpi_state.read.document import Input, document
from kpi_state.read.sample import Sample
from tests.exporters.floor import NOW, seen
from tests.exporters.served import Client, Served, error_of


def wanted(**fields: Any) -> bytes:
    replay = seen()

    def fits(sample: Sample) -> bool:
        return all(getattr(sample, name) == value for name, value in fields.items())

    return document(NOW, Input(replay.read, 0, replay.quarantined), filter(fits, replay.samples()))


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("kpi=lead_win", {"kpi": "lead_win"}),
        ("grain=team&window=month", {"grain": "team", "window": "month"}),
        ("key=anna&kpi=touchpoints", {"key": "anna", "kpi": "touchpoints"}),
        ("bucket=2024-06-05", {"bucket": "2024-06-05"}),
        ("bucket=&window=rolling_30d", {"bucket": "", "window": "rolling_30d"}),
        ("team=Delhi", {"grain": "rep", "key": "bela"}),
        ("team=Delhi&grain=rep&key=bela", {"grain": "rep", "key": "bela"}),
        ("team=Delhi&key=anna", {"grain": "nobody"}),
        ("label=channel%3Dcall", {"labels": {"channel": "call"}}),
        ("key=unassigned&bucket=1999", {"grain": "nobody"}),
    ],
)
async def test_what_is_asked_for_is_picked_from_what_replay_prints(
    client: Client, query: str, fields: dict[str, Any]
) -> None:
    assert await (await client.get(f"/api/kpis?all=1&{query}")).read() == wanted(**fields)


async def test_supporting_measures_come_when_asked_for(client: Client) -> None:
    for query in ("supporting=1", "kpi=deals_won"):
        samples = json.loads(await (await client.get(f"/api/kpis?all=1&{query}")).read())["samples"]
        assert "deals_won" in {sample["kpi"] for sample in samples}
    samples = json.loads(await (await client.get("/api/kpis?all=1")).read())["samples"]
    assert "deals_won" not in {sample["kpi"] for sample in samples}


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("kpi=lead_wins", "kpi is 'lead_wins': expected one of annual_contract_value, "),
        ("grain=desk", "grain is 'desk': expected one of org, rep, team"),
        ("key=ann", "key: there is no 'ann'; did you mean 'anna'?"),
        ("team=Delh", "team: there is no 'Delh'; did you mean 'Delhi'?"),
        ("team=Delhi&grain=team", "team picks reps: leave grain out, or ask for key=NAME of grain=team"),
        ("window=today", "window is 'today': there are day, "),
        ("kpi=lead_win&window=day", "window is 'day': lead_win has month, "),
        ("bucket=May", "bucket is 'May': expected a period such as 2026-02-20, "),
        ("label=channel", "label is 'channel': expected NAME=VALUE, such as currency=EUR"),
        ("label=color%3Dred", "label is 'color': the names are basis, channel, "),
        ("label=channel%3Dcall&kpi=referrals", "label is 'channel': the names are none"),
        ("label=channel%3Dcall&label=channel%3Demail", "label 'channel' is given more than once"),
        ("supporting=yes", "supporting is 'yes': expected 0 or 1"),
    ],
)
async def test_what_means_nothing_is_an_error_that_says_what_does(client: Client, query: str, error: str) -> None:
    answer = await client.get(f"/api/kpis?{query}")
    assert answer.status == 400
    assert (await error_of(answer)).startswith(error)


@pytest.mark.parametrize("query", ["team=Delhi", "key=Delhi"])
async def test_a_team_that_is_hidden_is_not_confirmed(query: str) -> None:
    async with Served(privacy=Privacy(rep_labels="none", team_min_size=2)).client() as client:
        answer = await client.get(f"/api/kpis?{query}")
        assert answer.status == 400
        assert "there is no 'Delhi'" in await error_of(answer)
