"""The layout of the topics: what each must be, and what is wrong with one that is otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from kpi_state.published import INPUTS, LINKS, QUARANTINE, TABLES
from streams.settings import StreamSettings
from streams.tables import MAX_RECORD_BYTES

FOR_EVER: Final = "-1"
SEVEN_DAYS_MS: Final = str(7 * 24 * 3600 * 1000)


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as it must be. `configs` are Kafka's own names and texts."""

    name: str
    partitions: int
    replication: int
    configs: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """A topic as it is."""

    partitions: int
    replication: int
    configs: Mapping[str, str]


def plan(settings: StreamSettings) -> list[Topic]:
    """Every topic of this application.

    Inputs and quarantine are kept for ever, since state can be rebuilt from them; events are partial, so they are
    never compacted. Links are needed until they are applied. Changelogs are compacted: the last row of each key is the
    state.
    """
    larger = str(2 * MAX_RECORD_BYTES)
    log = {"cleanup.policy": "delete", "retention.ms": FOR_EVER, "retention.bytes": FOR_EVER}
    links = {**log, "retention.ms": SEVEN_DAYS_MS, "max.message.bytes": larger}
    changelog = {"cleanup.policy": "compact", "max.message.bytes": larger}
    wanted = [(settings.topic(name), log) for name in INPUTS]
    wanted += [(settings.topic(LINKS), links), (settings.topic(QUARANTINE), {**log, "max.message.bytes": larger})]
    wanted += [(settings.changelog(name), changelog) for name in TABLES]
    return [Topic(name, settings.partitions, settings.replication, configs) for name, configs in wanted]


def inputs(settings: StreamSettings) -> list[Topic]:
    """Those of the plan that events are sent to."""
    names = {settings.topic(name) for name in INPUTS}
    return [topic for topic in plan(settings) if topic.name in names]


def missing_or_wrong(wanted: list[Topic], found: Mapping[str, Found]) -> str | None:
    """Why a worker cannot start on these topics, in one line that names the remedy; None if it can."""
    missing = [topic.name for topic in wanted if topic.name not in found]
    if missing:
        return f"missing topics {', '.join(missing)}: run `floorpulse topics`"
    for topic in wanted:
        if found[topic.name].partitions != topic.partitions:
            return wrong_partitions(topic, found[topic.name])
        policy = found[topic.name].configs.get("cleanup.policy", topic.configs["cleanup.policy"])
        if ("compact" in policy) != ("compact" in topic.configs["cleanup.policy"]) or policy == "compact,delete":
            return (
                f"topic {topic.name} has cleanup.policy={policy}, which loses records: "
                f"set it to {topic.configs['cleanup.policy']} with kafka-configs.sh"
            )
    return None


def wrong_partitions(topic: Topic, found: Found) -> str:
    """The line about a topic with another number of partitions."""
    return (
        f"topic {topic.name} has {found.partitions} partitions, the settings say {topic.partitions}: "
        f"set [kafka] partitions = {found.partitions}; to have more, give as many to all inputs and the quarantine "
        "with kafka-topics.sh --alter, then run `floorpulse rebuild`"
    )


def differences(topic: Topic, found: Found) -> Iterator[str]:
    """What is otherwise than it would be made; nothing of it is changed."""
    if found.replication < topic.replication:
        yield f"replication {found.replication} instead of {topic.replication}"
    for name, value in topic.configs.items():
        if (now := found.configs.get(name, value)) != value:
            yield f"{name} {now} instead of {value}"
