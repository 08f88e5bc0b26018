from pathlib import Path
from typing import Any

import pytest
from faust.types import TP

from kpi_state.published import INPUTS, LINKS
from streams.app import StreamApp, create_app
from streams.shard import Shard
from tests.streams.records import settings


@pytest.fixture
async def app(tmp_path: Path) -> StreamApp:
    return create_app(settings(topic_prefix="x."), tmp_path)


class Event:
    """What an agent hands over."""

    def __init__(self, partition: int) -> None:
        self.message = TP("x.crm.events", partition)
        self.acked = False

    def ack(self) -> None:
        self.acked = True


async def test_importing_the_module_makes_no_app(app: StreamApp, tmp_path: Path) -> None:
    other = create_app(settings(app_id="other"), tmp_path)

    assert (app.conf.id, other.conf.id) == ("floorpulse", "other")
    assert app.tables is not other.tables


async def test_workers_of_one_machine_differ_in_address_and_folder(tmp_path: Path) -> None:
    one, two = (create_app(settings(), tmp_path / name) for name in "ab")

    assert one.conf.canonical_url != two.conf.canonical_url
    assert one.conf.datadir != two.conf.datadir


async def test_a_worker_has_no_page_unless_asked(tmp_path: Path) -> None:
    without, with_page = create_app(settings(), tmp_path), create_app(settings(), tmp_path, web_port=7007)

    assert without.conf.web_enabled is False
    assert (with_page.conf.web_enabled, with_page.conf.web_port, with_page.conf.web_host) == (True, 7007, "127.0.0.1")
    assert with_page.conf.web_tables_enabled is False


async def test_a_rebalance_may_take_longer_than_a_session_since_tables_are_followed_in_it(app: StreamApp) -> None:
    assert app.conf.broker_rebalance_timeout == 60
    assert app.conf.broker_session_timeout < 60


async def test_every_input_and_the_links_have_an_agent_on_the_topic_with_its_prefix(app: StreamApp) -> None:
    topics = {name: agent.channel.topics for name, agent in app.agents.items()}

    assert topics == {name: (f"x.{name}",) for name in (*INPUTS, LINKS)}


async def test_inputs_lose_their_prefix_inside_and_other_topics_keep_their_name(app: StreamApp) -> None:
    assert app.logical("x.crm.events") == "crm.events"
    assert app.logical("x.kpi.links") == "kpi.links"
    assert app.logical("floorpulse-tally-changelog") == "floorpulse-tally-changelog"


async def test_a_batch_of_a_partition_that_is_not_ours_any_more_is_dropped(app: StreamApp) -> None:
    event = Event(2)

    await app.hand_over(event)

    assert event.acked


async def test_a_batch_goes_to_the_shard_of_its_partition(app: StreamApp) -> None:
    got: list[Any] = []

    class Queue(Shard):
        async def put(self, event: Any) -> None:
            got.append(event)

    app.fenced.shards[2] = Queue(app, 2)
    event = Event(2)

    await app.hand_over(event)

    assert got == [event]
    assert not event.acked


async def test_positions_are_known_for_inputs_of_owned_partitions_only(app: StreamApp) -> None:
    shard = Shard(app, 2)
    shard.positions["crm.events"] = 7
    app.fenced.shards[2] = shard

    assert app.fenced.position(TP("x.crm.events", 2)) == 7
    assert app.fenced.position(TP("x.crm.events", 1)) is None
    assert app.fenced.position(TP("floorpulse-tally-changelog", 2)) is None


async def test_faust_is_told_that_what_was_followed_is_all_there_is(app: StreamApp) -> None:
    app.fenced.rows("tally").followed[2] = 9
    tp = TP("floorpulse-tally-changelog", 2)

    assert app.fenced.followed(tp) == 9
    assert app.fenced["tally"].persisted_offset(tp) == 8
    assert app.fenced["tally"].persisted_offset(TP("floorpulse-tally-changelog", 1)) is None
    assert app.fenced.followed(TP("unknown", 0)) == 0
