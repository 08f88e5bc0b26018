from tests.exporters.floor import EVENTS
from tests.exporters.served import Client


async def test_freshness_tells_what_was_seen_of_every_source_and_topic(client: Client) -> None:
    assert await (await client.get("/api/freshness")).json() == {
        "clock": "2024-06-06T15:59:45Z",
        "ready": True,
        "reason": "",
        "age_seconds": 0,
        "records_behind": 0,
        "sources": {
            "/crm": {
                "newest": "2024-06-06T15:59:45Z",
                "applied": len(EVENTS) - 1,
                "unchanged": 0,
                "late": 0,
                "unknown_fields": 0,
                "scaled_splits": 0,
            }
        },
        "topics": {"crm.events": {"read": len(EVENTS), "quarantined": 1, "forwarded": 0, "lost": 0}},
    }
