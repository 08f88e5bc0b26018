import signal
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from kpi_state.apply import fingerprint
from kpi_state.definitions import Definitions
from kpi_state.quality import WIDTHS
from streams.errors import StreamError
from streams.status import status
from tests.streams.floor import Floor, floor
from tests.streams.load import Load
from tests.streams.records import settings


@pytest.fixture
async def stream(kafka: str, tmp_path: Path) -> AsyncIterator[Floor]:
    async with floor(kafka, tmp_path) as made:
        yield made


@pytest.mark.kafka
async def test_it_says_what_is_applied_by_whom_while_workers_run_and_while_none_does(stream: Floor) -> None:
    load = Load(600)
    await stream.send(load.records[:300], stray=0.2)

    before = await status(stream.settings)
    worker = stream.worker()
    await stream.send(load.records[300:], stray=0.2, seed=2)
    await stream.exact(load)
    during = await status(stream.settings)
    worker.signal(signal.SIGTERM)
    await worker.ended()
    after = await status(replace(stream.settings, definitions=Definitions(talk_seconds=45)))

    names = [topic.name.removeprefix(stream.settings.topic_prefix) for topic in before.topics]
    links = f"kpi.links.{stream.settings.app_id}"
    assert names[:5] == ["crm.events", "telephony.events", "hr.events", links, "kpi.quarantine"]
    assert (before.fingerprints, before.members, before.sources) == ([], [], {})
    assert sum(topic.lag or 0 for topic in before.topics) == 300
    own = fingerprint(Definitions())
    assert (during.fingerprint, during.fingerprints) == (own, [own])
    assert [member.partitions for member in during.members] == [(0, 1, 2, 3)]
    assert [topic.lag for topic in during.topics] == [0, 0, 0, 0, None, None, None, None]
    assert set(during.sources) == {"/crm.events", "/telephony.events", "/hr.events"}
    assert {(source, why): n for source, whys in during.quarantined.items() for why, n in whys.items()} == load.reasons
    missing = Counter[tuple[str, str]]()
    for (measure, _, _, labels), (count, *_) in load.truth[0].items():
        if measure in WIDTHS:
            missing[measure, labels[-1]] += count
    assert during.quality == missing
    assert missing["incomplete", "/crm.events"] > 0
    state = await stream.state()
    assert [topic.counts for topic in during.topics[:3]] == [
        state.counts(name) for name in ("crm.events", "telephony.events", "hr.events")
    ]
    assert during.topics[4].records >= len(state.quarantine) > 0
    assert (after.members, after.fingerprints == [own], after.fingerprint == own) == ([], True, False)
    assert after.quality == {}  # labels are those of the core that wrote them


async def test_without_a_broker_it_is_one_line() -> None:
    with pytest.raises(StreamError, match="no Kafka broker answers"):
        await status(settings(bootstrap_servers="127.0.0.1:1"))
