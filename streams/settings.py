"""What the stream needs to know of the settings; the command line makes it from `floor.toml`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from kpi_state.definitions import Definitions
from kpi_state.published import LINKS
from streams.failpoints import Failpoints

APP_ID: Final = "floorpulse"
"""The app_id of an installation until its state is built anew."""


@dataclass(frozen=True, slots=True)
class StreamSettings:
    """Settings of one worker.

    bootstrap_servers: "host:port,host:port".  app_id: consumer group, and in the names of what belongs to one state:
    changelogs, links, transactional ids.  topic_prefix: before every topic that is not a changelog.  transactions:
    False only on a broker that has none.  future_seconds: how far an event may be dated after its Kafka timestamp.
    late_seconds: from which delay on it counts as late.  url: where this worker answers, "" for nowhere.
    """

    bootstrap_servers: str
    app_id: str = APP_ID
    topic_prefix: str = ""
    partitions: int = 8
    replication: int = 3
    transactions: bool = True
    allow_no_transactions: bool = False
    future_seconds: int = 300
    late_seconds: int = 3600
    url: str = ""
    definitions: Definitions = field(default_factory=Definitions)
    failpoints: Failpoints = field(default_factory=Failpoints)

    @property
    def servers(self) -> list[str]:
        """The bootstrap servers one by one."""
        return [server.strip() for server in self.bootstrap_servers.split(",")]

    def topic(self, name: str) -> str:
        """The full name of an input, of the links or of the quarantine.

        Links are part of a state as its rows are: what they say counts from the revisions of those rows, so a state
        built anew beside the old one must not see them: it has an app_id, and so links, of its own.
        """
        own = name == LINKS and self.app_id != APP_ID
        return f"{self.topic_prefix}{name}.{self.app_id}" if own else self.topic_prefix + name

    def changelog(self, table: str) -> str:
        """The full name of a table's changelog."""
        return f"{self.app_id}-{table}-changelog"

    def transactional_id(self, partition: int) -> str:
        """What fences the former owner of a partition."""
        return f"{self.app_id}-{partition}"
