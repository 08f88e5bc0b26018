from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from floorpulse.demo.wire import SECOND, Statement, event, heard, instant, moment
from kpi_state.events import decode

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
AT = instant(datetime(2026, 3, 24, 8, 45, tzinfo=AMSTERDAM))
CREATED = Statement(AT, "lead", "lead-1", {"status": "new"})


def test_an_instant_and_its_text_are_the_same_moment() -> None:
    assert moment(AT, AMSTERDAM) == "2026-03-24T08:45:00.000+01:00"
    assert instant(datetime.fromisoformat(moment(AT, ZoneInfo("Asia/Kathmandu")))) == AT


def test_a_statement_becomes_an_event_of_the_contract() -> None:
    decoded = decode(msgspec.json.encode(event(CREATED, 7, AMSTERDAM)))

    assert (decoded.kind, decoded.subject, decoded.fields) == ("lead", "lead-1", {"status": "new"})
    assert decoded.stamp == (AT, "", "/crm", "00000007")


def test_a_sequence_is_said_where_there_is_one() -> None:
    assert decode(msgspec.json.encode(event(CREATED._replace(sequence="0002"), 7, AMSTERDAM))).stamp[1] == "0002"


def test_an_event_travels_on_the_topic_of_its_kind_with_its_subject_as_key() -> None:
    call = Statement(AT, "call", "call-1", {})

    each = heard(AT + SECOND, call, event(call, 1, AMSTERDAM), again=True)

    assert (each.at, each.topic, each.key, each.again, each.flaw) == (
        AT + SECOND,
        "telephony.events",
        b"call-1",
        True,
        "",
    )
