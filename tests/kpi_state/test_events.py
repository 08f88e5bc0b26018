from kpi_state import events


def test_everything_the_contract_offers_is_found_in_one_place() -> None:
    assert sorted(events.__all__) == sorted(set(events.__all__))
    assert all(hasattr(events, name) for name in events.__all__)
    assert {"decode", "decode_binary", "Event", "ContractError", "FIELDS", "TIMELINES", "larger"} <= set(events.__all__)


def test_bytes_become_an_event_and_of_two_values_at_one_stamp_the_larger_counts() -> None:
    envelope = b'"id":"1","source":"s","type":"crm.lead.v1","subject":"l","time":"1970-01-01T00:00:01Z"'
    event = events.decode(b"{" + envelope + b',"data":{"origin":"a"}}')
    assert event == events.Event("lead", "l", (1_000_000, "", "s", "1"), {"origin": "a"})
    assert events.larger(event.kind, "origin", event.fields["origin"], "b") == "b"
