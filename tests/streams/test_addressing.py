import json
from pathlib import Path

import pytest

from kpi_state.events import ContractError
from streams.addressing import MAX_SENT_BYTES, addressed, addressed_unchecked
from tests.statements import lead, rep, spoke
from tests.streams.records import event

EXAMPLES = Path(__file__).parents[2] / "docs/examples/events.jsonl"


def test_an_event_goes_to_the_topic_of_its_type_with_its_subject_as_key() -> None:
    found = [addressed(text) for text in (lead("l1", "2024-01-01"), spoke("k1", "2024-01-01", "r"), rep("Bo é"))]

    assert [(topic, record.key) for topic, record in found] == [
        ("crm.events", b"l1"),
        ("telephony.events", b"k1"),
        ("hr.events", "Bo é".encode()),
    ]


def test_the_line_end_is_not_sent_and_nothing_else_is_changed() -> None:
    text = lead("l1", "2024-01-01")

    assert addressed(text + b" \r\n").record.value == text


def test_a_named_topic_wins() -> None:
    heartbeat = event("s", kind="source.heartbeat.v1")

    assert addressed(heartbeat).topic == "crm.events"
    assert addressed(heartbeat, "telephony.events").topic == "telephony.events"
    assert addressed_unchecked(b"junk", "hr.events").topic == "hr.events"


def test_what_breaks_the_contract_is_refused() -> None:
    with pytest.raises(ContractError, match="type: expected one of crm"):
        addressed(b"{}")


def test_unchecked_an_event_goes_where_it_goes_checked() -> None:
    for line in EXAMPLES.read_bytes().splitlines():
        assert addressed_unchecked(line) == addressed(line)


@pytest.mark.parametrize(
    ("text", "topic", "key"),
    [
        (b"\xff", "crm.events", None),
        (b"[1]", "crm.events", None),
        (b"[" * 100_000, "crm.events", None),
        (b'{"subject": 7, "type": 7}', "crm.events", None),
        (b'{"subject": "a", "type": "hr.dragon.v9"}', "hr.events", b"a"),
        (b'{"subject": "a", "type": "telephony.call.v1"}', "telephony.events", b"a"),
        (b'{"subject": "a", "type": "weather"}', "crm.events", b"a"),
        (b'{"subject": "\\ud800"}', "crm.events", b"?"),
    ],
    ids=["no text", "a list", "nested", "numbers", "family", "call", "unknown", "half a character"],
)
def test_unchecked_what_can_be_read_of_it_is_used(text: bytes, topic: str, key: bytes | None) -> None:
    found = addressed_unchecked(text)

    assert (found.topic, found.record.key, found.record.value) == (topic, key, text)


def test_what_no_broker_would_take_is_refused_either_way() -> None:
    text = json.dumps({**json.loads(lead("l1", "2024-01-01")), "x": "y" * MAX_SENT_BYTES}).encode()

    for address in (addressed, addressed_unchecked):
        with pytest.raises(ContractError, match="event: expected at most 1000000 bytes, got 10001"):
            address(text)
