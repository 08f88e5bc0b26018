from tests.exporters.floor import seen
from tests.exporters.served import Served
from tests.statements import rep, target


async def test_goals_are_targets_in_the_unit_of_their_kpi() -> None:
    events = [
        rep("anna", team="Zuid", timezone="Europe/Amsterdam", first_day="2024-05-01"),
        target("touchpoints/rep:anna/day/2024-06-01", "2024-06-01", value=60),
    ]
    async with Served(seen(events)).client() as client:
        answer = await (await client.get("/api/goals")).json()
    assert answer["as_of"] == "2024-06-06T15:59:45Z"
    (goal,) = [goal for goal in answer["goals"] if (goal["kpi"], goal["key"]) == ("touchpoints", "anna")]
    assert goal == {"kpi": "touchpoints", "grain": "rep", "key": "anna", "window": "day", "target": 60, "expected": 60}
    ratio = next(goal for goal in answer["goals"] if (goal["kpi"], goal["grain"]) == ("lead_source", "org"))
    assert (ratio["target"], ratio["expected"]) == (0.6, None)
