from kpi_state.published import encode_row, named_key, quarantined_key
from tests.exporters.floor import EVENTS
from tests.exporters.served import Client, Served


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
                "read": len(EVENTS) - 1,
                "applied": len(EVENTS) - 1,
                "unchanged": 0,
                "late": 0,
                "unknown_fields": 0,
                "scaled_splits": 0,
                "heartbeats": 0,
                "forwarded": 0,
                "quarantined": {},
                "unmapped_ids": 0,
                "incomplete_facts": 1,
                "merge_too_deep": 0,
            }
        },
        "topics": {"crm.events": {"read": len(EVENTS), "quarantined": 1, "forwarded": 0, "lost": 0}},
    }


async def test_a_source_is_told_what_to_correct_though_nothing_of_it_was_taken_in() -> None:
    served = Served()
    served.follower.state.tally(
        0, quarantined_key(), encode_row({"/pbx": {"time": 2, "data.phone": 1}, "": {"event": 9}})
    )
    served.follower.state.tally(1, quarantined_key(), encode_row({"/pbx": {"time": 1}, "/crm": {"time": 5}}))
    served.follower.state.tally(0, named_key("/crm", "nobody-knows"), encode_row(1))
    served.follower.state.tally(0, named_key("/crm", "anna"), encode_row(1))

    async with served.client() as client:
        sources = (await (await client.get("/api/freshness")).json())["sources"]

    assert list(sources) == ["/crm", "/pbx"]
    assert (sources["/crm"]["quarantined"], sources["/crm"]["read"]) == ({"time": 5}, len(EVENTS) - 1 + 5)
    assert sources["/crm"]["unmapped_ids"] == 1
    pbx = sources["/pbx"]
    assert (pbx["newest"], pbx["applied"], pbx["read"]) == (None, 0, 4)
    assert pbx["quarantined"] == {"data.phone": 1, "time": 3}
    assert (pbx["unmapped_ids"], pbx["incomplete_facts"]) == (0, 0)
