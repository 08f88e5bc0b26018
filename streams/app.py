"""The Faust app: `create_app(settings, datadir)`; nothing is made when the module is imported."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any, Final, cast

import faust
from yarl import URL

from kpi_state.published import INPUTS, LINKS, TABLES
from streams.agents import define_agents
from streams.batches import BatchScheduler, Consumer, SafeFlow, Transport
from streams.meters import Meters
from streams.routing import homes
from streams.settings import StreamSettings
from streams.tables import MAX_RECORD_BYTES, RowsTable
from streams.takeover import FencedTables
from streams.turns import Turns

SESSION_SECONDS: Final = 6.0
"""Without a heartbeat for so long a worker is taken for dead."""
REBALANCE_SECONDS: Final = 60.0
"""Within this all workers must have joined; following the tables may take longer than a session."""
EMBEDDED_REBALANCE_SECONDS: Final = 6.0
"""A broker without transactions has one worker; the embedded one waits half of this before it lets anybody in."""
POLL_RECORDS: Final = 5_000
BUFFERED_BATCHES: Final = 32


class StreamApp(faust.App):
    """The app and what its parts share. `home`: subject → partition."""

    def __init__(self, settings: StreamSettings, **options: Any) -> None:
        super().__init__(settings.app_id, **options)
        self.settings = settings
        self.home = homes(settings.partitions)
        self.meters = Meters()
        self.turns = Turns()
        self._logical = {settings.topic(name): name for name in (*INPUTS, LINKS)}

    def logical(self, topic: str) -> str:
        """The name of an input without prefix; any other topic as it is."""
        return self._logical.get(topic, topic)

    @property
    def ready(self) -> bool:
        """Whether its partitions are at work; not before the first are its own, nor while they change hands."""
        return self.fenced.opened and not self.rebalancing

    @property
    def fenced(self) -> FencedTables:
        """The tables and the shards."""
        return cast("FencedTables", self.tables)

    @property
    def reader(self) -> Consumer:
        """The consumer of the group."""
        return cast("Consumer", self.consumer)

    async def hand_over(self, event: Any) -> None:
        """Give a batch to the shard of its partition; what is not ours any more is dropped, its new owner reads it."""
        shard = self.fenced.shards.get(event.message.partition)
        if shard is None:
            event.ack()
        else:
            await shard.put(event)


def create_app(settings: StreamSettings, datadir: Path, *, web_port: int | None = None) -> StreamApp:
    """The app of one worker.

    datadir: an empty folder of its own.  web_port: of Faust's page on loopback, None for none.
    """
    rebalance = REBALANCE_SECONDS if settings.transactions else EMBEDDED_REBALANCE_SECONDS
    app = StreamApp(
        settings,
        broker=[URL(f"kafka://{server}") for server in settings.servers],
        store="memory://",
        datadir=datadir,
        canonical_url=URL(f"http://{uuid.uuid4().hex}.worker"),  # what tells the members of the group apart
        autodiscover=False,
        ConsumerScheduler=BatchScheduler,
        Table=RowsTable,
        TableManager=FencedTables,
        agent_supervisor="mode.CrashingSupervisor",
        topic_partitions=settings.partitions,
        topic_replication_factor=settings.replication,
        topic_disable_leader=True,
        table_standby_replicas=0,
        recovery_consistency_check=False,
        key_serializer="raw",
        value_serializer="raw",
        consumer_auto_offset_reset="earliest",
        consumer_max_fetch_size=MAX_RECORD_BYTES,
        stream_buffer_maxsize=BUFFERED_BATCHES,
        broker_max_poll_records=POLL_RECORDS,
        broker_commit_interval=1.0,
        broker_session_timeout=SESSION_SECONDS,
        broker_heartbeat_interval=SESSION_SECONDS / 6,
        broker_rebalance_timeout=rebalance,
        web_enabled=web_port is not None,
        web_host="127.0.0.1",
        web_port=web_port or 6066,
        web_tables_enabled=False,
        web_router_enabled=False,
        worker_redirect_stdouts=False,
    )
    app.flow_control = SafeFlow()
    app.transport = Transport(app.conf.broker_consumer, app)
    for name in TABLES:
        app.Table(name, partitions=settings.partitions)
    define_agents(app)
    return app
