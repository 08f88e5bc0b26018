"""Who works for an app_id right now, as the brokers know it."""

from __future__ import annotations

from typing import Any, NamedTuple

from aiokafka.coordinator.protocol import ConsumerProtocolMemberAssignment

from kpi_state.published import INPUTS
from streams import topics
from streams.settings import StreamSettings


class Member(NamedTuple):
    """One worker.  partitions: those it owns; none while the group shares them out, or if the broker does not say."""

    name: str
    host: str
    partitions: tuple[int, ...]


async def members(settings: StreamSettings) -> list[Member]:
    """The workers of an app_id, sorted by what they own; raises StreamError when no broker answers."""

    async def ask() -> Any:
        async with topics.admin(settings) as client:
            return await client.describe_consumer_groups([settings.app_id])

    answers = await topics.patiently(settings, ask)
    found = [_member(settings, member) for answer in answers for group in answer.groups for member in group[5]]
    return sorted(found, key=lambda member: (member.partitions, member))


def _member(settings: StreamSettings, described: Any) -> Member:
    """A member as DescribeGroups tells it: (id, client, host, metadata, assignment)."""
    name, _, host, _, assignment = described[:5]
    inputs = {settings.topic(topic) for topic in INPUTS}
    decoded = ConsumerProtocolMemberAssignment.decode(assignment).assignment if assignment else ()
    owned = {partition for topic, partitions in decoded if topic in inputs for partition in partitions}
    return Member(name, host.removeprefix("/"), tuple(sorted(owned)))
