"""The agents: each hands its batches to the shard of their partition, which applies, commits and acknowledges them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kpi_state.published import INPUTS, LINKS

if TYPE_CHECKING:
    from streams.app import StreamApp


def define_agents(app: StreamApp) -> None:
    """One agent for each input and one for the links."""
    for name in (*INPUTS, LINKS):
        topic = app.topic(
            app.settings.topic(name), key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw"
        )

        async def hand_over(stream: Any) -> None:
            async for event in stream.noack().events():
                await app.hand_over(event)

        app.agent(topic, name=name)(hand_over)
