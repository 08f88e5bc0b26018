"""The events of the demo floor in the input topics, once, for whoever is to be measured on them."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from aiokafka import AIOKafkaProducer

from bench.programs import ROOT
from kpi_state.events import TOPIC_OF, decode
from streams.routing import homes

PARTITIONS: Final = 8
REP_FIELDS: Final = ("rep_id", "owner_id", "set_by")


def rep_of(data: Mapping[str, Any]) -> str:
    """The rep that an event names; empty when it names none."""
    return next((data[field] for field in REP_FIELDS if data.get(field) is not None), "")


def events_a_rep(lines: Sequence[bytes]) -> Counter[str]:
    """What every simple count must come to."""
    return Counter(rep_of(json.loads(line).get("data") or {}) for line in lines)


def environment(bootstrap: str, app_id: str) -> dict[str, str]:
    """Settings of floorpulse on one broker; events of the floor may be dated after the clock of this machine."""
    return {
        "FLOORPULSE_KAFKA_BOOTSTRAP_SERVERS": bootstrap,
        "FLOORPULSE_KAFKA_REPLICATION": "1",
        "FLOORPULSE_KAFKA_PARTITIONS": str(PARTITIONS),
        "FLOORPULSE_KAFKA_APP_ID": app_id,
        "FLOORPULSE_LIMITS_FUTURE_SECONDS": str(10**9),
    }


async def create_topics(bootstrap: str, app_id: str) -> None:
    """Create what `floorpulse topics` creates."""
    await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "floorpulse", "topics"],
        cwd=ROOT,
        env={**os.environ, **environment(bootstrap, app_id)},
        check=True,
        stdout=subprocess.DEVNULL,
    )


async def produce(bootstrap: str, lines: Sequence[bytes]) -> dict[tuple[str, int], int]:
    """Send all events home, in order: (topic, partition) → how many."""
    home, sent = homes(PARTITIONS), Counter[tuple[str, int]]()
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", linger_ms=5, max_batch_size=1 << 18)
    async with producer:
        for line in lines:
            event = decode(line)
            topic, partition = TOPIC_OF[event.kind], home(event.subject)
            await producer.send(topic, line, event.subject.encode(), partition=partition)
            sent[topic, partition] += 1
        await producer.flush()
    return dict(sent)
