"""The floor is played by the real command into the embedded broker; topics of its own for each test."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import takewhile

import pytest
from aiokafka import AIOKafkaProducer

from floorpulse.demo.clock import last_opening, real_now
from floorpulse.demo.earlier import Record, first_records
from floorpulse.demo.floor import floor
from floorpulse.demo.player import HISTORY
from streams.settings import StreamSettings
from tests.brokers import ROOT

PARTITIONS = 2
pytestmark = pytest.mark.embedded


@pytest.fixture
def settings(embedded: str) -> StreamSettings:
    """Topics that nobody has used."""
    name = f"play{uuid.uuid4().hex[:8]}"
    made = StreamSettings(embedded, app_id=name, topic_prefix=f"{name}.", partitions=PARTITIONS, replication=1)
    topics = command(made, "topics")
    topics.communicate()
    assert topics.returncode == 0
    return made


def command(settings: StreamSettings, *words: str) -> subprocess.Popen[str]:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("FLOORPULSE_")},
        "FLOORPULSE_KAFKA_BOOTSTRAP_SERVERS": settings.bootstrap_servers,
        "FLOORPULSE_KAFKA_APP_ID": settings.app_id,
        "FLOORPULSE_KAFKA_TOPIC_PREFIX": settings.topic_prefix,
        "FLOORPULSE_KAFKA_PARTITIONS": str(settings.partitions),
        "FLOORPULSE_KAFKA_REPLICATION": "1",
        "PYTHONUNBUFFERED": "1",
    }
    pipe = subprocess.PIPE
    return subprocess.Popen(
        [sys.executable, "-m", "floorpulse", *words], cwd=ROOT, env=environment, stdout=pipe, stderr=pipe, text=True
    )


def refused(settings: StreamSettings, *options: str) -> str:
    """What it says of why it does not play."""
    with playing(settings, *options) as process:
        said = process.stdout.readline() if process.stdout else ""
        assert said == ""  # it would play for ever
        _, errors = process.communicate()
    assert process.returncode == 2
    assert errors.count("\n") == 1
    return errors


@contextmanager
def playing(settings: StreamSettings, *options: str) -> Iterator[subprocess.Popen[str]]:
    process = command(settings, "play", *options)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def until_history_is_sent(process: subprocess.Popen[str]) -> tuple[str, int]:
    """The first line it says, and how many events of the past it sent."""
    assert process.stdout is not None
    began, sent = process.stdout.readline(), process.stdout.readline()
    found = re.match(r"([\d,]+) events of the past were sent", sent)
    assert found, (began, sent, process.communicate())
    return began, int(found[1].replace(",", ""))


def first_of_all(settings: StreamSettings) -> Record:
    return min(asyncio.run(first_records(settings)), key=lambda record: record.timestamp_ms)


def test_in_real_time_the_history_ends_now_and_a_signal_ends_the_play(settings: StreamSettings) -> None:
    live = last_opening(real_now())
    with playing(settings) as process:
        began, sent = until_history_is_sent(process)
        process.send_signal(signal.SIGTERM)
        rest, errors = process.communicate()

    assert began.startswith(f"Playing the floor since {live - HISTORY} in real time: ")
    now = real_now()
    due = sum(1 for _ in takewhile(lambda each: each.at <= now, floor(1, live - HISTORY, live)))
    assert 15_000 < sent <= due
    assert (process.returncode, errors) == (0, "")
    assert re.match(r"[\d,]+ events sent, of these [\d,]+ again and [\d,]+ broken on purpose\.", rest)


def test_faster_than_real_time_it_begins_on_a_past_day_and_says_what_exporters_need(settings: StreamSettings) -> None:
    with playing(settings, "--speed", "3600") as process:
        began, sent = until_history_is_sent(process)
        process.send_signal(signal.SIGINT)
        process.communicate()

    assert "at 3600 times real speed from " in began
    assert began.endswith("Exporters need --clock newest, since this is not the real time.\n")
    assert sent > 15_000
    assert process.returncode == 0


def test_started_again_it_goes_on_with_the_same_floor_and_another_seed_is_refused(settings: StreamSettings) -> None:
    with playing(settings, "--speed", "60", "--seed", "7") as process:
        began, _ = until_history_is_sent(process)
    before = first_of_all(settings)
    with playing(settings, "--speed", "60", "--seed", "7") as process:
        again, _ = until_history_is_sent(process)
    errors = refused(settings, "--speed", "60", "--seed", "8")

    since = re.compile(r"since (\S+) ")
    assert since.findall(again) == since.findall(began) != []
    assert first_of_all(settings) == before
    assert "hold events that are not of this floor, or of another --seed: play into empty topics" in errors


def test_events_of_somebody_else_are_not_mixed_with_the_floor(settings: StreamSettings) -> None:
    async def send() -> None:
        async with AIOKafkaProducer(bootstrap_servers=settings.servers) as producer:
            await producer.send_and_wait(settings.topic("crm.events"), b"{}", b"lead-1")

    asyncio.run(send())

    assert "not of this floor" in refused(settings)


def test_without_topics_it_says_how_to_make_them(embedded: str) -> None:
    settings = StreamSettings(embedded, app_id="nobody", topic_prefix="nobody.", partitions=PARTITIONS)

    assert "floorpulse topics" in refused(settings)
