"""The rules against the pages of a real exporter: every metric that one asks for is there, with the labels it names."""

import re

import pytest
from aiohttp.test_utils import TestClient, TestServer

from exporters.api.site import application
from floorpulse.alerting.rule import Recording
from floorpulse.alerting.rulebook import groups
from floorpulse.alerting.tuning import Tuning
from floorpulse.settings import Settings
from kpi_state.definitions import Privacy, default_targets
from tests.alertmanager.live_floor import LiveFloor
from tests.statements import appointment, lead, opportunity, rep, spoke

NOW = "2026-03-02 11:00"
SELECTOR = re.compile(r"\b(sales_\w+)(?:\{([^}]*)\})?")
RULES = [rule for group in groups(Tuning()).values() for rule in group.rules]


def floor() -> list[bytes]:
    """Two reps of a team with something of everything."""
    reps = ("anna", "ben")
    days = ("2026-02-02", "2026-02-09", "2026-02-16", "2026-02-23", "2026-03-02")
    events = [rep(name, team="North", first_day="2025-01-01") for name in reps]
    events += [spoke(f"{name}-{day}", f"{day} 10:20", name, lead_id="l1") for day in days for name in reps]
    events.append(lead("l1", "2026-02-20", owner_id="anna", created_at="2026-02-20", generated_by="marketing"))
    opened = {"owner_id": "anna", "created_at": "2026-02-20", "stage": "Offer"}
    events.append(opportunity("o1", "2026-02-20", lead_id="l1", **opened))
    verdict = {"verdict": "rejected", "verdict_at": "2026-02-23", "reason": "price"}
    events.append(appointment("p1", "2026-02-23", set_by="anna", set_at="2026-02-20", lead_id="l1", **verdict))
    return events


@pytest.fixture
async def series() -> list[str]:
    """All series of both pages, by name with labels."""
    settings = Settings(privacy=Privacy(team_min_size=1), targets={**default_targets(), "touchpoints.day": 20})
    live = LiveFloor(settings, NOW)
    await live.tell(NOW, floor())
    async with TestClient(TestServer(application(live.view))) as client:
        pages = [await (await client.get(path)).text() for path in ("/metrics", "/metrics/reps")]
    return [line.rpartition(" ")[0] for page in pages for line in page.splitlines() if not line.startswith("#")]


def has(series: list[str], name: str, labels: dict[str, str]) -> bool:
    """Whether there is a series with these labels; an empty one must not be there."""
    found = [each for each in series if each.partition("{")[0] == name]
    return any(
        all((f'{label}="{value}"' in each) if value else (f"{label}=" not in each) for label, value in labels.items())
        for each in found
    )


async def test_every_metric_that_a_rule_asks_for_is_on_the_pages(series: list[str]) -> None:
    asked = [found for rule in RULES if isinstance(rule, Recording) for found in SELECTOR.findall(rule.expr)]

    missing = [
        (name, labels) for name, labels in asked if not has(series, name, dict(re.findall(r'(\w+)="([^"]*)"', labels)))
    ]

    assert len(asked) > 20
    assert missing == []


async def test_a_metric_that_is_not_there_is_noticed(series: list[str]) -> None:
    assert has(series, "sales_team_working", {"team": "North"})
    assert not has(series, "sales_team_working", {"team": "South"})
    assert not has(series, "sales_team_playing", {})
