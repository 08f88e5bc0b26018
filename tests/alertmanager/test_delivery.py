"""A real Alertmanager with the generated configuration: quiet hours by the team's zone, muting, what Slack is sent."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiohttp import ClientSession

from floorpulse.alerting.alertmanager import alertmanager
from floorpulse.alerting.rule import Audience
from floorpulse.alerting.tuning import Delivery
from floorpulse.settings import Alerts, Settings
from kpi_state.definitions import WEEKDAYS, Calendar, Team
from tests.alertmanager.servers import alertmanager_at, write
from tests.alertmanager.sinks import Hooks, hooks

pytestmark = pytest.mark.alertmanager

AHEAD, BEHIND = "Pacific/Kiritimati", "Pacific/Pago_Pago"
"""25 hours apart: it is never the same day in both."""
ANNOTATIONS = {
    "summary": "Team X is behind today's target",
    "description": "40 % of what is expected by now.",
    "board": "https://boards.example.com/d/x?var-team=X",
    "runbook_url": "https://docs.example.com/#x",
}


def settings_of(hook: str, secret: Path) -> Settings:
    """A floor that works today and tomorrow as they are called furthest in the east, so not in the west."""
    today = datetime.now(ZoneInfo(AHEAD))
    days = {WEEKDAYS[day.weekday()] for day in (today, today + timedelta(days=1))}
    secret.write_text(f"{hook}/slack")
    return Settings(
        calendar=Calendar(working_days=tuple(day for day in WEEKDAYS if day in days), working_hours=("00:00-24:00",)),
        teams={
            "East": Team(timezone=AHEAD, slack_channel="#east"),
            "West": Team(timezone=BEHIND, slack_channel="#west"),
        },
        alerts=Alerts(slack_url_file=str(secret), ops_slack_channel="#ops", webhook_url=f"{hook}/all"),
    )


class Told:
    """Alertmanager, and what it sent."""

    def __init__(self, url: str, hook: Hooks) -> None:
        self._url, self._hook = url, hook

    async def ring(self, name: str, audience: Audience, **labels: str) -> None:
        alert = {"labels": {"alertname": name, "audience": audience, **labels}, "annotations": ANNOTATIONS}
        async with ClientSession() as client:
            assert (await client.post(f"{self._url}/api/v2/alerts", json=[alert])).ok

    async def posted(self, path: str, at_least: int) -> list[dict[str, Any]]:
        while len(self._hook.posted.get(path, ())) < at_least:
            await asyncio.sleep(0.05)
        return self._hook.posted[path]

    async def settled(self) -> None:
        """Everything that rang before this was sent by now: two messages one after the other overtook it."""
        for number in range(2):
            before = len(self._hook.posted.get("/all", ()))
            await self.ring(f"Later{number}", "ops")
            await self.posted("/all", before + 1)

    def channels(self) -> list[str]:
        return [message["channel"] for message in self._hook.posted.get("/slack", ())]


@pytest.fixture
async def told(tmp_path: Path, unused_tcp_port: int) -> AsyncIterator[Told]:
    async with hooks() as hook:
        settings = settings_of(hook.url, tmp_path / "slack-url")
        write(tmp_path, alertmanager(settings, "a test", Delivery(wait_seconds=1, interval_seconds=1)))
        async with alertmanager_at(tmp_path, unused_tcp_port) as url:
            yield Told(url, hook)


async def test_a_team_is_told_in_the_working_hours_of_its_own_zone(told: Told) -> None:
    for team in ("West", "East"):
        await told.ring("TeamBehindPace", "floor", team=team)
    await told.posted("/all", 2)
    await told.settled()

    assert "#east" in told.channels()
    assert "#west" not in told.channels()


async def test_slack_reads_what_it_is_about_with_a_link_to_the_board(told: Told) -> None:
    await told.ring("TeamBehindPace", "floor", team="East")

    (message,) = await told.posted("/slack", 1)

    assert message["channel"] == "#east"
    (said,) = message["attachments"]
    assert said["title"] == ANNOTATIONS["summary"]
    assert said["title_link"] == ANNOTATIONS["board"]
    assert said["text"].strip().splitlines() == [
        ANNOTATIONS["summary"],
        ANNOTATIONS["description"],
        f"Board: {ANNOTATIONS['board']}",
        f"What to do: {ANNOTATIONS['runbook_url']}",
    ]


@pytest.mark.parametrize(("source", "audience"), [("FloorpulseSourceStale", "ops"), ("FloorpulseExporterDown", "ops")])
async def test_while_nobody_can_see_nothing_is_said_of_teams(told: Told, source: str, audience: Audience) -> None:
    await told.ring(source, audience)
    await told.posted("/slack", 1)
    await told.ring("TeamBehindPace", "floor", team="East")
    await told.settled()

    assert "#east" not in told.channels()
    assert "#ops" in told.channels()


async def test_while_a_team_rings_its_reps_do_not_and_others_do(told: Told) -> None:
    await told.ring("TeamProductivityDrop", "floor", team="East")
    await told.posted("/slack", 1)
    for team in ("East", "West"):
        await told.ring("RepBehindPace", "manager", team=team, rep_id="r1")
    await told.settled()

    messages = await told.posted("/all", 1)
    reps = [alert["labels"]["team"] for each in messages for alert in each["alerts"] if "rep_id" in alert["labels"]]
    assert reps == ["West"]
