"""Decoding events: what is normalised how, and that the short cut around a second parse never changes the answer."""

import json
import re
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kpi_state import decode as unit
from kpi_state.decode import Event, decode, decode_binary
from kpi_state.refusal import ContractError

ASCII = st.characters(codec="ascii")
EXAMPLES = (Path(__file__).parents[2] / "docs/examples/events.jsonl").read_bytes().splitlines()
TIME = "2026-01-31T09:00:00Z"
MICROS = 1_769_850_000_000_000


def event(kind: str = "crm.lead.v1", time: str = TIME, **data: Any) -> bytes:
    envelope = {"source": "/crm", "id": "e1", "type": kind, "subject": "s1", "time": time, "data": data}
    return json.dumps(envelope, separators=(",", ":")).encode()


def read_twice(raw: bytes) -> Event | str:
    """What `raw` says when the short cut is never taken."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unit, "_is_plain", lambda *_: False)
        return outcome(raw)


def outcome(raw: bytes) -> Event | str:
    try:
        return decode(raw)
    except ContractError as error:
        return str(error)


# ---------------------------------------------------------------- normalised


def test_a_call_becomes_its_kind_subject_stamp_and_present_fields() -> None:
    assert decode(EXAMPLES[8]) == Event(
        kind="call",
        subject="leg-88120",
        stamp=(1767780271123456, "", "/aircall", "t-1"),
        fields={
            "conversation_id": "call-4410",
            "rep_id": "aircall:42",
            "direction": "outbound",
            "phone": "+31301234567",
            "started_at": 1767780000000000,
            "answered_at": 1767780012000000,
            "ended_at": 1767780271000000,
            "talk_seconds": 259,
            "disposition": "answered",
            "contact_id": "con-31",
            "lead_id": "lead-12",
            "deleted": False,
        },
        unknown=0,
        recorded=None,
    )


def test_sequence_and_recorded_time_are_taken_from_the_envelope() -> None:
    account = decode(EXAMPLES[0])
    assert account.stamp == (1767603600000000, "000000000001", "/crm", "a-1")
    assert account.recorded == 1767603602000000


def test_plain_dates_become_ordinals_and_null_stays_cleared() -> None:
    contract = decode(EXAMPLES[5])
    assert contract.fields["starts_on"] == datetime(2026, 2, 1, tzinfo=UTC).toordinal()
    assert contract.fields["cancelled_on"] is None


def test_an_absent_field_is_not_among_the_fields() -> None:
    assert decode(event(owner_id=None)).fields == {"owner_id": None}


def test_the_field_called_from_keeps_its_name() -> None:
    assert decode(EXAMPLES[10]).fields["from"] == datetime(2026, 2, 16, tzinfo=UTC).toordinal()


def test_shares_numbers_and_external_ids_are_texts() -> None:
    assert decode(EXAMPLES[4]).fields["splits"] == {"rep-anna": "0.7", "rep-ben": "0.3"}
    assert decode(EXAMPLES[9]).fields["external_ids"] == {"aircall": "41", "crm": "005A"}
    assert decode(EXAMPLES[11]).fields["value"] == "62.5"


@pytest.mark.parametrize("data", ["", ',"data":null', ',"data":{}'])
def test_an_event_without_data_states_nothing(data: str) -> None:
    raw = f'{{"source":"/crm","id":"e1","type":"crm.lead.v1","subject":"s1","time":"{TIME}"{data}}}'
    assert decode(raw.encode()) == Event("lead", "s1", (MICROS, "", "/crm", "e1"), {})


def test_attributes_that_are_null_are_as_if_absent() -> None:
    raw = event().replace(b'"id":', b'"sequence":null,"recordedtime":null,"specversion":null,"data_base64":null,"id":')
    assert decode(raw) == Event("lead", "s1", (MICROS, "", "/crm", "e1"), {})


def test_null_clears_splits() -> None:
    assert decode(event("crm.opportunity.v1", splits=None)).fields == {"splits": None}


@pytest.mark.parametrize(
    ("written", "micros"),
    [
        ("2026-01-31T10:00:00+01:00", MICROS),
        ("2026-01-31T14:45:00+05:45", MICROS),
        ("2026-01-31T09:00:00-00:00", MICROS),
        ("2026-01-31t09:00:00z", MICROS),
        ("2026-01-31 09:00:00Z", MICROS),
        ("2026-01-31T09:00:00+0000", MICROS),
        ("2026-01-31T09:00:00.5Z", MICROS + 500_000),
        ("2026-01-31T09:00:00.0000019Z", MICROS + 1),
        ("2026-01-31T09:00:00.999999999999Z", MICROS + 999_999),
        ("1969-12-31T23:59:59.9999999Z", -1),
        ("0001-01-02T00:00:00Z", -62_135_510_400_000_000),
        ("9999-12-30T23:59:59.999999Z", 253_402_214_399_999_999),
    ],
)
def test_a_time_is_an_instant_in_microseconds_with_finer_digits_cut(written: str, micros: int) -> None:
    decoded = decode(event(time=written, created_at=written))
    assert (decoded.stamp[0], decoded.fields["created_at"]) == (micros, micros)


def test_finer_digits_are_cut_however_they_are_escaped() -> None:
    raw = event().replace(b'09:00:00Z"', rb'09:00:00.000001\u0039Z"')
    assert decode(raw).stamp[0] == MICROS + 1


@given(
    st.datetimes(datetime(2, 1, 1), datetime(9999, 1, 1)),  # noqa: DTZ001  # the offset is drawn beside it
    st.integers(-23 * 60, 23 * 60),
    st.text("0123456789", max_size=15),
)
def test_any_time_is_exact_integer_arithmetic(moment: datetime, minutes: int, fraction: str) -> None:
    offset = f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
    whole = moment.replace(microsecond=0)
    written = whole.isoformat() + ("." if fraction else "") + fraction + offset
    since = whole.replace(tzinfo=timezone(timedelta(minutes=minutes))) - datetime(1970, 1, 1, tzinfo=UTC)
    micros = (since.days * 86_400 + since.seconds) * 1_000_000 + int(fraction.ljust(6, "0")[:6])
    assert decode(event(time=written)).stamp[0] == micros


@given(st.dictionaries(st.text(max_size=3), st.decimals(0, 10**15, allow_nan=False), min_size=1))
def test_shares_keep_the_decimals_as_written(shares: dict[str, Decimal]) -> None:
    assume(any(shares.values()))
    assume(all(len(str(share)) <= 60 for share in shares.values()))
    written = ",".join(f"{json.dumps(rep)}:{share}" for rep, share in shares.items())
    raw = event("crm.opportunity.v1").replace(b'"data":{}', f'"data":{{"splits":{{{written}}}}}'.encode())
    texts = decode(raw).fields["splits"]
    assert isinstance(texts, dict)
    assert {rep: Fraction(text) for rep, text in texts.items()} == {rep: Fraction(s) for rep, s in shares.items()}
    assert all(re.fullmatch(r"(0|[1-9]\d*)(\.\d*[1-9])?", text) for text in texts.values())


def test_shares_of_the_same_size_are_the_same_text() -> None:
    raw = (
        event("crm.opportunity.v1", splits={"a": 5, "b": 5})
        .replace(b'"a":5', b'"a":0.50')
        .replace(b'"b":5', b'"b":5e-1')
    )
    assert decode(raw).fields["splits"] == {"a": "0.5", "b": "0.5"}


# ---------------------------------------------------------------- refused


NUMBERS = st.from_regex(
    r"-?(0|[1-9][0-9]{0,40})(\.[0-9]{1,70})?([eE][-+]?[0-9]{1,25})?", fullmatch=True, alphabet=ASCII
)


@given(
    st.sampled_from([("crm.opportunity.v1", '{{"splits":{{"a":{}}}}}'), ("hr.target.v1", '{{"value":{}}}')]), NUMBERS
)
def test_any_number_is_kept_exactly_or_refused(place: tuple[str, str], number: str) -> None:
    kind, data = place
    raw = event(kind).replace(b'"s1"', b'"lead_win/*/month/2026-01-01"').replace(b"{}", data.format(number).encode())
    said = outcome(raw)
    if isinstance(said, Event):
        kept = said.fields.get("value") or said.fields["splits"]["a"]  # type: ignore[index, call-overload]
        assert Fraction(str(kept)) == Fraction(number)
    else:
        assert said.startswith("data.")


@pytest.mark.parametrize(
    ("field", "got", "changed"),
    [
        ("id", "nothing", {"id": ...}),
        ("id", '""', {"id": ""}),
        ("source", '""', {"source": ""}),
        ("subject", "null", {"subject": None}),
        ("subject", "7", {"subject": 7}),
        ("time", "nothing", {"time": ...}),
        ("time", '"2026-01-31T09:00:00"', {"time": "2026-01-31T09:00:00"}),
        ("time", '"2026-W05-6T09:00:00Z"', {"time": "2026-W05-6T09:00:00Z"}),
        ("time", '"20260131T090000Z"', {"time": "20260131T090000Z"}),
        ("time", '"2026-01-31T09:00Z"', {"time": "2026-01-31T09:00Z"}),
        ("time", '"2016-12-31T23:59:60Z"', {"time": "2016-12-31T23:59:60Z"}),
        ("time", '"2026-02-29T09:00:00Z"', {"time": "2026-02-29T09:00:00Z"}),
        ("time", "1769850000", {"time": 1769850000}),
        ("time", "0001-01-01T00:00:00+00:00", {"time": "0001-01-01T00:00:00Z"}),
        ("time", "9999-12-31T00:00:00+00:00", {"time": "9999-12-31T00:00:00Z"}),
        ("recordedtime", '"yesterday"', {"recordedtime": "yesterday"}),
        ("recordedtime", "0001-01-01T00:00:00+00:00", {"recordedtime": "0001-01-01T00:00:00Z"}),
        ("sequence", "7", {"sequence": 7}),
        ("specversion", '"0.3"', {"specversion": "0.3"}),
        ("type", '"crm.lead.v2"', {"type": "crm.lead.v2"}),
        ("type", "nothing", {"type": ...}),
        ("data", '"text"', {"data": "text"}),
        ("data", "an empty list", {"data": []}),
        ("data_base64", '"e30="', {"data_base64": "e30="}),
        ("data.status", '"hot"', {"data": {"status": "hot"}}),
        ("data.status", "3", {"data": {"status": 3}}),
        ("data.owner_id", "12", {"data": {"owner_id": 12}}),
        ("data.deleted", '"yes"', {"data": {"deleted": "yes"}}),
        ("data.created_at", '"2026-01-31"', {"data": {"created_at": "2026-01-31"}}),
        ("data.created_at", "0001-01-01T00:00:00+00:00", {"data": {"created_at": "0001-01-01T00:00:00Z"}}),
    ],
)
def test_a_lead_that_breaks_the_contract_is_refused_with_its_field(
    field: str, got: str, changed: dict[str, Any]
) -> None:
    lead = {**json.loads(event()), **changed}
    raw = json.dumps({name: value for name, value in lead.items() if value is not ...}).encode()
    with pytest.raises(ContractError) as refused:
        decode(raw)
    assert (refused.value.field, refused.value.got) == (field, got)


@pytest.mark.parametrize(
    ("kind", "field", "written", "got"),
    [
        ("crm.opportunity.v1", "amount_minor", "1.0", "1.0"),
        ("crm.opportunity.v1", "amount_minor", "true", "true"),
        ("crm.opportunity.v1", "amount_minor", '"100"', '"100"'),
        ("crm.opportunity.v1", "amount_minor", "9007199254740992", "9007199254740992"),
        ("crm.opportunity.v1", "amount_minor", "1" * 5000, "1" * 39 + "…"),
        ("crm.opportunity.v1", "term_months", "2147483648", "2147483648"),
        ("telephony.call.v1", "talk_seconds", "29.5", "29.5"),
        ("crm.contract.v1", "starts_on", '"20260201"', '"20260201"'),
        ("crm.contract.v1", "starts_on", '"2026-W05-1"', '"2026-W05-1"'),
        ("crm.contract.v1", "starts_on", '"2026-02-01T00:00:00Z"', '"2026-02-01T00:00:00Z"'),
        ("crm.contact.v1", "phones", '"+31"', '"+31"'),
        ("crm.opportunity.v1", "splits", "{}", "no share"),
        ("crm.opportunity.v1", "splits", '{"a":0,"b":-0.0}', "only 0"),
    ],
)
def test_a_fact_of_a_wrong_type_is_refused_with_its_field(kind: str, field: str, written: str, got: str) -> None:
    raw = event(kind).replace(b'"data":{}', f'"data":{{"{field}":{written}}}'.encode())
    with pytest.raises(ContractError) as refused:
        decode(raw)
    assert (refused.value.field, refused.value.got) == (f"data.{field}", got)


@pytest.mark.parametrize(
    ("kind", "data", "line"),
    [
        ("crm.contact.v1", '{"phones":["+31",7]}', "data.phones[1]: expected a text, got 7"),
        ("crm.contact.v1", '{"emails":[null]}', "data.emails[0]: expected a text, got null"),
        ("hr.rep.v1", '{"external_ids":{"crm":"1","pbx":2}}', "data.external_ids.pbx: expected a text, got 2"),
        ("crm.opportunity.v1", '{"splits":{"a":"1"}}', 'data.splits.a: expected a number below 10^20, got "1"'),
        (
            "crm.opportunity.v1",
            '{"splits":{"a":1,"b":1e999}}',
            "data.splits.b: expected a number below 10^20, got 1e999",
        ),
        ("crm.opportunity.v1", '{"splits":{"a":-1,"b":2}}', "data.splits.a: expected a share of 0 or more, got -1"),
        (
            "crm.opportunity.v1",
            '{"splits":{"a":1e-999999999}}',
            "data.splits.a: expected a number of at most 60 characters below 10^20, got 1e-999999999",
        ),
        (
            "crm.opportunity.v1",
            '{"splits":{"a":1e20}}',
            "data.splits.a: expected a number of at most 60 characters below 10^20, got 1e20",
        ),
        (
            "crm.opportunity.v1",
            '{"splits":{"a":0e-9999999999999999999}}',
            "data.splits.a: expected a number of at most 60 characters below 10^20, got 0e-9999999999999999999",
        ),
    ],
)
def test_a_wrong_element_is_named(kind: str, data: str, line: str) -> None:
    assert outcome(event(kind).replace(b'"data":{}', f'"data":{data}'.encode())) == line


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (b"", "event: expected one JSON object, got nothing"),
        (b" \n", "event: expected one JSON object, got nothing"),
        (b"[1]", "event: expected one JSON object, got a list"),
        (b"null", "event: expected one JSON object, got null"),
        (b'"text"', 'event: expected one JSON object, got "text"'),
        (b'{"id":', "event: expected one JSON object, got malformed JSON"),
        (event() + event(), "event: expected one JSON object, got malformed JSON at byte 104"),
        (event().replace(b'"e1"', b"NaN"), "event: expected one JSON object, got malformed JSON at byte 22"),
        (event(owner_id="?").replace(b"?", b"\xff"), "event: expected JSON in UTF-8, got another encoding"),
        (event(unheard="?").replace(b"?", b"\xff"), "event: expected JSON in UTF-8, got another encoding"),
        (
            event(owner_id="?").replace(b"?", rb"\udc00 "),
            "event: expected one JSON object, got malformed JSON at byte 119",
        ),
        (event().decode().encode("utf-16"), "event: expected JSON in UTF-8, got another encoding"),
        (
            event(unheard=0).replace(b":0", b":" + b"[" * 100_000 + b"]" * 100_000),
            "event: expected JSON that is not nested so deeply, got too many brackets",
        ),
    ],
)
def test_what_is_no_json_object_is_refused(raw: bytes, line: str) -> None:
    assert outcome(raw) == line


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        (b'"id":"e1"', b'"id":"e1","id":"e1"', '"id"'),
        (b'"id":"e1"', b'"id":"e1","id" :"e1"', '"id"'),
        (b'"id":"e1"', rb'"id":"e1","\u0069d":"e1"', '"id"'),
        (b'"data":{}', b'"data":{"owner_id":"a","owner_id":"b"}', '"owner_id"'),
        (b'"data":{}', b'"data":{},"data":{}', '"data"'),
        (b'"data":{}', b'"data":{"new":[{"x":1,"x":2}]}', '"x"'),
        (b'"data":{}', b'"data":{"origin":"\\":","owner_id" :"a","owner_id":"b"}', '"owner_id"'),
        (b'"type":"crm.lead.v1"', b'"type":"crm.lead.v1","type":"crm.lead.v1"', '"type"'),
        (b'"data":{}', b'"data":{"owner_id":1},"data":{}', '"data"'),
        (b'"data":{}', b'"data":{"owner_id":1},"data":null', '"data"'),
        (b'"data":{}', b'"data":{"owner_id":1},"type":""', '"type"'),
    ],
)
def test_a_key_that_occurs_twice_is_refused_at_any_depth(before: bytes, after: bytes, key: str) -> None:
    assert outcome(event().replace(before, after)) == (
        f"event: expected each key once in an object, got {key} more than once"
    )


@pytest.mark.parametrize("name", sorted({"type", *unit.Envelope.__struct_encode_fields__}))
def test_an_attribute_of_another_shape_is_refused_by_its_name(name: str) -> None:
    raw = json.dumps({**json.loads(event()), name: 1}).encode()
    with pytest.raises(ContractError) as refused:
        decode(raw)
    assert (refused.value.field, refused.value.got) == (name, "1")


def test_an_element_that_is_refused_before_its_list_is_cleared_by_a_second_one_is_no_riddle() -> None:
    raw = event("crm.contact.v1").replace(b'"data":{}', b'"data":{"phones":[1],"phones":null}')
    assert "more than once" in str(outcome(raw))


def test_twice_the_same_rep_among_the_splits_is_refused() -> None:
    raw = event("crm.opportunity.v1").replace(b'"data":{}', b'"data":{"splits":{"a":1,"a":1}}')
    assert "more than once" in str(outcome(raw))


# ---------------------------------------------------------------- unknown, not fatal


def test_unknown_facts_are_left_out_and_counted() -> None:
    decoded = decode(event(owner_id="a", mood="good", tags={"x": [1, {"y": None}]}))
    assert (decoded.fields, decoded.unknown) == ({"owner_id": "a"}, 2)


def test_extension_attributes_are_fine_and_other_names_in_the_envelope_are_counted() -> None:
    raw = event().replace(b'"id":', b'"traceparent":"00-1","partitionkey":7,"Data":{},"owner_id":"a","id":')
    assert decode(raw).unknown == 2


# ---------------------------------------------------------------- the short cut


def test_a_plain_event_is_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unit, "loaded", None)
    assert decode(EXAMPLES[8]).kind == "call"
    spaced = json.dumps(json.loads(EXAMPLES[8])).encode()
    assert decode(spaced) == decode(EXAMPLES[8])


SPACE = st.text(" \t\n\r", max_size=2)
TRICKY = st.text(st.sampled_from(['"', ":", "\\", ",", "{", " ", ".", "é", "a", "1"]), max_size=12)


@st.composite
def text_as_json(draw: st.DrawFn, text: str) -> str:
    """A JSON text for `text`, with needless escapes here and there."""
    pieces = (
        f"\\u{ord(character):04x}"
        if ord(character) < 0x10000 and draw(st.integers(0, 9)) == 0
        else json.dumps(character)[1:-1]
        for character in text
    )
    return '"' + "".join(pieces) + '"'


@st.composite
def as_json(draw: st.DrawFn, value: Any) -> str:
    """A JSON text for a value whose objects are lists of pairs, so that a key may occur twice."""

    def gap() -> str:
        return draw(SPACE) if draw(st.booleans()) else ""

    if isinstance(value, str):
        return draw(text_as_json(value))
    if isinstance(value, list):
        members = (f"{gap()}{draw(text_as_json(k))}{gap()}:{gap()}{draw(as_json(v))}{gap()}" for k, v in value)
        return "{" + ",".join(members) + "}"
    return json.dumps(value)


def repeated(draw: st.DrawFn, members: list[tuple[str, Any]]) -> bool:
    """Perhaps say one member twice."""
    if members and draw(st.integers(0, 3)) == 0:
        members.insert(draw(st.integers(0, len(members))), draw(st.sampled_from(members)))
        return True
    return False


@st.composite
def adversarial(draw: st.DrawFn) -> tuple[str, dict[str, Any] | None, int]:
    """An event as text, its facts (None where a key occurs twice), and how many unknown fields it has."""
    facts = draw(
        st.fixed_dictionaries({}, optional={name: TRICKY | st.none() for name in ("owner_id", "origin", "account_id")})
    )
    strange = draw(
        st.dictionaries(st.sampled_from(["mood", 'x":', "", 'owner_id"']), TRICKY | st.integers(), max_size=2)
    )
    nested = [("x", draw(TRICKY)), ("owner_id", 1)]
    twice = repeated(draw, nested)
    data = draw(
        st.permutations([*facts.items(), *strange.items(), *([("nested", nested)] if draw(st.booleans()) else [])])
    )
    twice = (twice and any(name == "nested" for name, _ in data)) | repeated(draw, data)
    extra = draw(st.dictionaries(st.sampled_from(["traceparent", "Mood", 'y":', "sequence"]), TRICKY, max_size=3))
    envelope = [
        ("id", "e1"),
        ("source", "/crm"),
        ("type", "crm.lead.v1"),
        ("subject", "s1"),
        ("time", TIME),
        ("data", data),
    ]
    envelope = draw(st.permutations([*envelope, *extra.items()]))
    twice |= repeated(draw, envelope)
    unknown = len({name for name, _ in data} - set(facts)) + len(set(extra) & {"Mood", 'y":'})
    return draw(SPACE) + draw(as_json(envelope)) + draw(SPACE), None if twice else facts, unknown


@given(adversarial())
def test_no_duplicate_and_no_unknown_key_escapes_however_the_event_is_written(
    drawn: tuple[str, dict[str, Any] | None, int],
) -> None:
    text, facts, unknown = drawn
    if facts is None:
        assert "more than once" in str(outcome(text.encode()))
    else:
        decoded = decode(text.encode())
        assert (decoded.fields, decoded.unknown) == (facts, unknown)


@given(st.sampled_from(EXAMPLES), st.data())
def test_the_short_cut_and_the_second_parse_agree_on_damaged_events(raw: bytes, data: st.DataObject) -> None:
    damaged = bytearray(raw)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(damaged) - 1))
        length = data.draw(st.integers(0, 3))
        damaged[place : place + length] = data.draw(
            st.sampled_from(
                [b"", b'"', b":", b'":', b" ", b"\n", b"\\", b"{", b"}", b",", b"0", b'"a":1,', b"null", b"\xff"]
            )
        )
    once = outcome(bytes(damaged))
    assert once == read_twice(bytes(damaged))
    if isinstance(once, Event):
        json.loads(bytes(damaged))  # nothing that is not JSON gets through


# ---------------------------------------------------------------- binary mode


def binary(raw: bytes, prefix: str = "ce_") -> Event:
    envelope = json.loads(raw, parse_float=Decimal)
    data = raw[raw.index(b'"data":') + 7 : -1]
    return decode_binary({prefix + name: value for name, value in envelope.items() if name != "data"}, data)


@pytest.mark.parametrize("raw", EXAMPLES, ids=lambda raw: json.loads(raw)["type"])
def test_binary_mode_says_the_same_as_structured_mode(raw: bytes) -> None:
    assert binary(raw) == binary(raw, prefix="") == decode(raw)


def test_binary_mode_counts_unknown_facts_and_ignores_other_headers() -> None:
    attributes = {f"ce_{name}": value for name, value in json.loads(event()).items() if name != "data"}
    decoded = decode_binary({**attributes, "content-type": "application/json", "ce_data": "x"}, b'{"mood":1}')
    assert (decoded.fields, decoded.unknown) == ({}, 1)


@pytest.mark.parametrize("data", [b"", b"  ", b"null", b"{}"])
def test_binary_mode_without_data_states_nothing(data: bytes) -> None:
    attributes = {f"ce_{name}": value for name, value in json.loads(event()).items() if name != "data"}
    assert decode_binary(attributes, data).fields == {}


def test_binary_mode_cuts_finer_digits_too() -> None:
    attributes = {**json.loads(event()), "time": "2026-01-31T09:00:00.0000019Z"}
    assert decode_binary(attributes, b'{"created_at":"2026-01-31T09:00:00.0000019Z"}') == Event(
        "lead", "s1", (MICROS + 1, "", "/crm", "e1"), {"created_at": MICROS + 1}
    )


@pytest.mark.parametrize(
    ("changed", "data", "line"),
    [
        ({"ce_id": ""}, b"{}", 'id: expected a text that is not empty, got ""'),
        (
            {"ce_source": "/crm\x01"},
            b"{}",
            'source: expected text without control characters, got "/crm\N{REPLACEMENT CHARACTER}"',
        ),
        ({"ce_id": "\ud800"}, b"{}", "event: expected attributes in UTF-8, got another encoding"),
        ({}, b'{"owner_id":1}', "data.owner_id: expected a text, got 1"),
        (
            {},
            b'{"owner_id":"a","owner_id":"b"}',
            'data: expected each key once in an object, got "owner_id" more than once',
        ),
        ({}, b"[]", "data: expected an object of facts, got an empty list"),
        ({}, b"{", "data: expected one JSON object, got malformed JSON"),
    ],
)
def test_binary_mode_refuses_in_the_same_words(changed: dict[str, str], data: bytes, line: str) -> None:
    attributes = {f"ce_{name}": value for name, value in json.loads(event()).items() if name != "data"}
    with pytest.raises(ContractError, match=f"^{re.escape(line)}$"):
        decode_binary({**attributes, **changed}, data)


@pytest.mark.parametrize("name", ["id", "source", "subject", "sequence", "datacontenttype", "dataschema"])
@pytest.mark.parametrize("written", [r"\u0000", r"\t", r"\n", r"\u001f", r"\u007f", "\x7f"], ids=ascii)
def test_a_control_character_in_an_attribute_is_refused_in_the_same_words_in_both_modes(
    name: str, written: str
) -> None:
    given = {**json.loads(event()), name: "a?"}
    raw = json.dumps(given, separators=(",", ":")).replace("a?", f"a{written}").encode()

    line = f'{name}: expected text without control characters, got "a\N{REPLACEMENT CHARACTER}"'
    assert outcome(raw) == read_twice(raw) == line
    with pytest.raises(ContractError, match=f"^{re.escape(line)}$"):
        binary(raw)


def test_control_characters_are_no_trouble_elsewhere() -> None:
    raw = event(owner_id="a\x7f\0").replace(b'"id"', b'"sourcesystem":"a\x7f\\u0000","id"')
    assert raw.count(b"\x7f") == 1
    assert decode(raw).fields == {"owner_id": "a\x7f\0"}


def test_a_type_with_a_control_character_is_no_type_in_either_mode() -> None:
    raw = event(kind="crm.lead.v1\0")

    line = str(outcome(raw))
    assert line.startswith("type: expected one of crm.account.v1, ")
    with pytest.raises(ContractError, match=f"^{re.escape(line)}$"):
        binary(raw)


def test_a_target_must_say_what_it_is_for_in_its_subject() -> None:
    assert str(outcome(event("hr.target.v1", value=3))).startswith("subject: expected <kpi>/<rep:ID, team:NAME or *>/")
