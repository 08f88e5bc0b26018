"""From the event stream to the mail: core, exporter, Prometheus, Alertmanager, a mail server and a webhook.

Only durations are shorter than on a real floor, and the clock of the floor jumps; the rules and the configuration come
from the same functions as those in the repository.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientConnectionError, ClientSession
from aiohttp.test_utils import TestServer

from exporters.api.site import application
from floorpulse.alerting.alertmanager import alertmanager
from floorpulse.alerting.rule import Addresses
from floorpulse.alerting.rulebook import rulebook
from floorpulse.alerting.tuning import Delivery, Tuning
from floorpulse.settings import Alerts, Settings
from kpi_state.definitions import WEEKDAYS, Calendar, Privacy, Team
from tests.alertmanager.live_floor import LiveFloor
from tests.alertmanager.servers import alertmanager_at, running, write
from tests.alertmanager.sinks import Hooks, Mail, Mailbox, hooks, mailbox
from tests.brokers import ROOT
from tests.statements import absence, heartbeat, rep, spoke

pytestmark = [pytest.mark.prometheus, pytest.mark.alertmanager]

MONDAY = date(2026, 3, 2)
QUARTERS = ("00", "15", "30", "45")
REPS = {"anna": "Anna Bos", "ben": "Ben Vos", "cleo": "Cleo Mol", "dora": "Dora Kok"}
TUNING = replace(Tuning(), wait_seconds=2, keep_seconds=8)  # a scrape that fails on a busy machine ends nothing
DELIVERY = Delivery(wait_seconds=1, interval_seconds=1)


def calls(who: Sequence[str], day: date, hours: Sequence[int], each: int = 3) -> Iterator[bytes]:
    """Conversations, so many a quarter hour, with another number each."""
    for name in who:
        for hour in hours:
            for number, minute in enumerate(QUARTERS):
                for call in range(each):
                    phone = f"+3120{list(REPS).index(name)}{hour:02}{number}{call}{day.toordinal() % 1000:03}"
                    yield spoke(f"{name}-{day}-{hour}-{minute}-{call}", f"{day} {hour:02}:{minute}", name, phone=phone)


def alive(time: str) -> list[bytes]:
    """Every source says that it is there."""
    return [heartbeat(f"h{source}", time, source=source) for source in ("/hr", "/telephony")]


def history() -> Iterator[bytes]:
    """Four reps who do the same every Monday; today Dora is on leave."""
    for name, said in REPS.items():
        yield rep(name, name=said, team="North", first_day="2025-01-01")
    for weeks in range(1, 5):
        yield from calls(list(REPS), MONDAY - timedelta(weeks=weeks), range(9, 13))
    yield absence("a1", f"{MONDAY} 07:00", rep_id="dora", from_=str(MONDAY), until=str(MONDAY))
    yield from calls(["anna", "ben", "cleo"], MONDAY, [9])
    yield from alive(f"{MONDAY} 10:00")


def settings_of(hook: str, mail: int) -> Settings:
    """A floor that works at any hour, since Alertmanager's quiet hours go by the real clock."""
    always = Calendar(working_days=WEEKDAYS, working_hours=("00:00-24:00",))
    return Settings(
        calendar=always,
        teams={"North": Team(manager_email="manager@example.com", floor_email="floor@example.com")},
        privacy=Privacy(rep_labels="names"),
        alerts=Alerts(
            boards_url="https://boards.example.com",
            docs_url="https://docs.example.com/",
            smtp_smarthost=f"127.0.0.1:{mail}",
            smtp_from="floorpulse@example.com",
            smtp_tls=False,
            webhook_url=f"{hook}/alerts",
            dead_mans_switch_url=f"{hook}/switch",
        ),
    )


class Site:
    """Everything that runs, and what arrived."""

    def __init__(self, floor: LiveFloor, prometheus: str, hook: Hooks, box: Mailbox) -> None:
        self.floor, self._prometheus, self._hook, self._box = floor, prometheus, hook, box

    async def value(self, expression: str) -> float | None:
        """What Prometheus answers; None while there is nothing."""
        try:
            async with ClientSession() as client:
                answer = await client.get(f"{self._prometheus}/api/v1/query", params={"query": expression})
                found = (await answer.json())["data"]["result"] if answer.ok else []  # 503 while it starts
        except ClientConnectionError:
            return None
        return float(found[0]["value"][1]) if found else None

    async def until(self, expression: str, holds: Callable[[float], bool]) -> None:
        while (value := await self.value(expression)) is None or not holds(value):
            await asyncio.sleep(0.1)

    async def evaluations(self, several: int) -> None:
        """Let the rules about reps be evaluated several times more."""
        count = 'sum(prometheus_rule_group_iterations_total{rule_group=~".*rep-productivity"})'
        await self.until(count, lambda _: True)
        begin = await self.value(count)
        assert begin is not None
        await self.until(count, lambda value: value >= begin + several)

    def mails(self) -> list[Mail]:
        return list(self._box.mails)

    def posted(self, path: str) -> list[dict[str, Any]]:
        return list(self._hook.posted.get(path, ()))


def scrape_file(exporter: int, alertmanager_port: int, own: int) -> str:
    """The one in the repository, with these addresses, every second, and the rules about reps switched on."""
    text = (ROOT / "prometheus" / "prometheus.yml").read_text()
    rules = 'rule_files: ["alerts.yml", "rules/*.yml"]'
    assert rules in text
    text = text.replace(rules, f'rule_files: ["{ROOT}/prometheus/alerts.yml", "rules/*.yml", "reps/reps.yml"]')
    text = text.replace("127.0.0.1:9464", f"127.0.0.1:{exporter}").replace(":9093", f":{alertmanager_port}")
    text = text.replace("15s", "1s").replace("5s", "1s")
    return text.replace("127.0.0.1:9090", f"127.0.0.1:{own}")


@pytest.fixture
async def site(tmp_path: Path, unused_tcp_port_factory: Callable[[], int]) -> AsyncIterator[Site]:
    mail, own, other = (unused_tcp_port_factory() for _ in range(3))
    async with hooks() as hook:
        settings = settings_of(hook.url, mail)
        floor = LiveFloor(settings, f"{MONDAY} 10:00")
        await floor.tell(f"{MONDAY} 10:00", history())
        exporter = TestServer(application(floor.view))
        await exporter.start_server()
        addresses = Addresses(boards=settings.alerts.boards_url, docs=settings.alerts.docs_url)
        write(tmp_path, rulebook(addresses, "a test", TUNING))
        write(tmp_path, alertmanager(settings, "a test", DELIVERY))
        assert exporter.port is not None
        (tmp_path / "prometheus.yml").write_text(scrape_file(exporter.port, other, own))
        prometheus = (
            "prometheus",
            f"--config.file={tmp_path / 'prometheus.yml'}",
            f"--storage.tsdb.path={tmp_path / 'data'}",
            f"--web.listen-address=127.0.0.1:{own}",
            # In its first seconds Prometheus knows no Alertmanager; what rings then is said again after a minute.
            "--rules.alert.resend-delay=5s",
        )
        with mailbox(mail) as box:
            async with alertmanager_at(tmp_path, other):
                with running(*prometheus):
                    yield Site(floor, f"http://127.0.0.1:{own}", hook, box)
        await exporter.close()


async def test_a_rep_who_goes_quiet_is_one_message_to_the_manager_and_activity_again_one_more(site: Site) -> None:
    usual = 'rep:touchpoints_usual:ratio{rep_id="anna"}'
    await site.until(usual, lambda value: value >= 1)
    await site.evaluations(4)
    assert site.posted("/alerts") == []

    quiet = [*calls(["ben", "cleo"], MONDAY, [10]), *alive(f"{MONDAY} 11:00")]
    await site.floor.tell(f"{MONDAY} 11:00", quiet)
    await site.until(usual, lambda value: value == 0)
    while not (site.mails() and site.posted("/alerts")):
        await asyncio.sleep(0.1)
    await site.evaluations(5)

    (firing,) = site.mails()
    assert firing.to == ("manager@example.com",)
    assert firing.subject == "Anna Bos of team North does much less than usual"
    assert firing.text.splitlines() == [
        "Anna Bos of team North does much less than usual",
        "0 touchpoints in the last hour, where 9 are usual on this weekday at this time: 0 %.",
        "Board: https://boards.example.com/d/floorpulse-team-activities?var-team=North&var-rep_id=anna",
        "What to do: https://docs.example.com/docs/alerts.md#repproductivitydrop",
    ]

    busy = [*calls(["anna", "ben", "cleo"], MONDAY, [11]), *alive(f"{MONDAY} 11:50")]
    await site.floor.tell(f"{MONDAY} 11:50", busy)
    while not (len(site.mails()) > 1 and len(site.posted("/alerts")) > 1):
        await asyncio.sleep(0.1)
    await site.evaluations(5)

    assert [mail.subject for mail in site.mails()] == [firing.subject, f"Over: {firing.subject}"]
    assert [mail.to for mail in site.mails()] == [("manager@example.com",)] * 2
    told = [(message["status"], [alert["labels"] for alert in message["alerts"]]) for message in site.posted("/alerts")]
    labels = {
        "alertname": "RepProductivityDrop",
        "audience": "manager",
        "severity": "warning",
        "rep_id": "anna",
        "team": "North",
    }
    assert told == [("firing", [labels]), ("resolved", [labels])]
    assert site.posted("/switch")[0]["alerts"][0]["labels"]["alertname"] == "FloorpulseDeadMansSwitch"
