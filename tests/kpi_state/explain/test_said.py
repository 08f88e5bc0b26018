import msgspec

from kpi_state.explain.said import LeftOut, Said, Via

SAID = Said("owner_id", "r1", "2024-01-05T12:00:00Z", source="/crm", id="e1")


def test_a_statement_is_sent_with_all_its_fields_and_read_back() -> None:
    text = msgspec.json.encode(SAID)

    assert msgspec.json.decode(text) == {
        "field": "owner_id",
        "value": "r1",
        "time": "2024-01-05T12:00:00Z",
        "source": "/crm",
        "id": "e1",
        "at": "",
        "times": 0,
    }
    assert msgspec.json.decode(text, type=Said) == SAID


def test_whose_word_counts_and_what_was_left_out_hold_statements() -> None:
    via = Via("led to", "opportunity", "o1", [SAID], [Via("named by", "contract", "k1", [], [])])
    out = LeftOut("lead", "l1", "deleted", "deleted", {"leads": 1}, [SAID])

    assert msgspec.json.decode(msgspec.json.encode(via), type=Via) == via
    assert msgspec.json.decode(msgspec.json.encode(out), type=LeftOut) == out
