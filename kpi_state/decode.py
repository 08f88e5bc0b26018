"""Decode one event: validated, with times as microseconds and dates as ordinals.

One typed decode validates envelope and facts. Duplicate and unknown keys, which it lets pass, are found without a
second parse: an event with neither has exactly as many `":` as it has known fields. Only where the two numbers differ,
or something needs its digits as written, the event is read again with its pairs.
"""

import re
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Annotated, Any, Final, Literal, TypedDict, Union

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from kpi_state.catalogue import EVENT_TYPES, SHAPE_OF, EventType
from kpi_state.normal import decimal_text, micros, shares, without_fine_digits
from kpi_state.refusal import ContractError, loaded, once, refusal, shown
from kpi_state.statements import Instant, Name, Text, Time
from kpi_state.subjects import parse_target_subject

Stamp = tuple[int, str, str, str]
"""(time in microseconds since 1970, sequence, source, id); the larger tuple is the later statement."""

Value = bool | int | str | list[str] | dict[str, str] | None
"""A normalised value: times in microseconds, dates as ordinals, numbers and shares as decimal text, None = cleared."""


class Event(Struct, frozen=True):
    """One decoded, validated event.

    kind: short name of the type.  fields: the facts that were present.  unknown: how many unknown fields were left out;
    extension attributes of the envelope are none.  recorded: when the source recorded it, microseconds since 1970.
    """

    kind: str
    subject: str
    stamp: Stamp
    fields: dict[str, Value]
    unknown: int = 0
    recorded: int | None = None


class Envelope(Struct, frozen=True, gc=False, tag_field="type"):
    """The attributes of a CloudEvent that we read."""

    id: Name
    source: Name
    subject: Name
    time: Instant
    sequence: Text = UNSET
    recordedtime: Time = UNSET
    specversion: Literal["1.0"] | UnsetType | None = UNSET
    datacontenttype: Text = UNSET
    dataschema: Text = UNSET
    data_base64: Annotated[None, Meta(description="binary data is not read")] | UnsetType = UNSET
    data: Any = UNSET
    """The facts; of its own type in the envelope of each type of event."""


class _Plan:
    """How to read one type: its decoders, and its fields by what must be done to them.

    written: fields that hold an object or a fraction, which are read again with their pairs and digits.
    """

    __slots__ = ("data", "days", "envelope", "fields", "kind", "times", "written")

    def __init__(self, of: EventType) -> None:
        shapes = SHAPE_OF[of.kind].items()
        # Read as a dict of what is there, the facts need no Struct from which such a dict is made.
        types = {field.encode_name: field.type for field in msgspec.structs.fields(of.data)}
        facts: Any = TypedDict(of.data.__name__, types, total=False)  # type: ignore[misc]  # mypy wants them written
        data = ("data", facts | UnsetType | None, UNSET)
        self.kind = of.kind
        self.envelope: Any = msgspec.defstruct(
            f"{of.data.__name__}Event", [data], bases=(Envelope,), tag=of.name, frozen=True, gc=False
        )
        self.data = msgspec.json.Decoder(facts | None)
        self.fields = frozenset(name for name, _ in shapes)
        self.times = tuple(name for name, shape in shapes if shape == "time")
        self.days = tuple(name for name, shape in shapes if shape == "day")
        self.written = frozenset(name for name, shape in shapes if shape in {"shares", "ids", "number"})


_PLANS: Final = {plan.envelope: plan for plan in map(_Plan, EVENT_TYPES)}
_ENVELOPE: Final = frozenset({"type", *Envelope.__struct_encode_fields__})
_REQUIRED: Final = 5
"""Attributes that every event has: id, source, subject, time, type."""
_EXTENSION: Final = re.compile(r"[a-z0-9]+")
"""How CloudEvents lets an attribute be named; other names in the envelope are unknown fields."""

_structured: Final = msgspec.json.Decoder(Union[tuple(_PLANS)]).decode  # noqa: UP007  # `|` needs them spelled out
_loose: Final = re.compile(rb'"[ \t\n\r]').search
"""White space after a quote: a key may hide from the count of `":`."""
_fine: Final = re.compile(rb"\.[0-9]{7}").search
"""Digits finer than a microsecond, which msgspec rounds and the contract cuts."""
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
"""CloudEvents forbids them in attributes. JSON spells each with six letters, in headers they stand raw: an attribute of
the largest record would become a key that is too large to be written.
"""
_BACKSLASH, _DELETE, _SPACE, _NEWLINE, _TAB, _RETURN = b"\\\x7f \n\t\r"


def decode(raw: bytes) -> Event:
    """The event that `raw` says in structured JSON mode; raises ContractError."""
    try:
        said = _structured(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise refusal(error, raw) from None
    plan = _PLANS[said.__class__]
    facts = said.data or {}
    if _is_plain(raw, _attributes(said) + len(facts), plan, facts):
        return _event(plan, said, facts, 0)
    pairs = _pairs(raw, "event")
    _refuse_control(pairs)
    unknown = sum(1 for name in pairs if name not in _ENVELOPE and not _EXTENSION.fullmatch(name))
    unknown += _rewrite(plan, facts, pairs.get("data") or {})
    return _event(plan, _cut(said, pairs), facts, unknown)


def decode_binary(attributes: Mapping[str, str], data: bytes) -> Event:
    """The event of binary mode; raises ContractError.

    attributes: the headers that begin with `ce_`, that prefix included or not.  data: a JSON object, or nothing.
    """
    given = {name.removeprefix("ce_"): value for name, value in attributes.items()}
    given.pop("data", None)
    try:
        header = msgspec.json.encode(given)
    except UnicodeEncodeError:
        raise ContractError("event", "attributes in UTF-8", "another encoding") from None
    try:
        said = _cut(_structured(header), given)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise refusal(error, header) from None
    _refuse_control(given)
    plan = _PLANS[said.__class__]
    if not data.strip():
        return _event(plan, said, {}, 0)
    try:
        facts = plan.data.decode(data) or {}
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise refusal(error, data, plan.kind) from None
    if _is_plain(data, len(facts), plan, facts):
        return _event(plan, said, facts, 0)
    return _event(plan, said, facts, _rewrite(plan, facts, _pairs(data, "data") or {}))


def _attributes(said: Envelope) -> int:
    """How many attributes of the envelope are there, `data` included."""
    return (
        _REQUIRED
        + (said.data is not UNSET)
        + (said.sequence is not UNSET)
        + (said.specversion is not UNSET)
        + (said.recordedtime is not UNSET)
        + (said.datacontenttype is not UNSET)
        + (said.dataschema is not UNSET)
        + (said.data_base64 is not UNSET)
    )


def _is_plain(raw: bytes, known: int, plan: _Plan, facts: dict[str, Any]) -> bool:
    """Whether nothing in `raw` escaped the typed decode, which saw `known` different keys."""
    if (
        _BACKSLASH in raw
        or _DELETE in raw
        or raw.count(b'":') != known
        or _fine(raw)
        or not plan.written.isdisjoint(facts)
    ):
        return False
    return not (_SPACE in raw or _NEWLINE in raw or _TAB in raw or _RETURN in raw) or not _loose(raw)


def _pairs(raw: bytes, where: str) -> Any:
    """All of `raw`, numbers as written; raises ContractError at a key that occurs twice in one object."""
    try:
        return loaded(raw, partial(once, where))
    except (RecursionError, UnicodeDecodeError) as error:
        raise refusal(error, raw) from None


def _refuse_control(attributes: Mapping[str, Any]) -> None:
    """Raises ContractError at an attribute that holds a control character: in JSON an escaped one, or U+007F."""
    for name, text in attributes.items():
        if name in _ENVELOPE and isinstance(text, str) and _CONTROL.search(text):
            raise ContractError(name, "text without control characters", shown(text))


def _cut_times(written: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """The times that have digits finer than a microsecond, read again without them."""
    texts = {name: text for name in names if isinstance(text := written.get(name), str)}
    cut = {name: without_fine_digits(text) for name, text in texts.items()}
    return {name: msgspec.convert(text, Instant) for name, text in cut.items() if text != texts[name]}


def _cut(said: Envelope, written: Mapping[str, Any]) -> Envelope:
    """The envelope without digits finer than a microsecond."""
    return msgspec.structs.replace(said, **_cut_times(written, ("time", "recordedtime")))


def _rewrite(plan: _Plan, facts: dict[str, Any], written: dict[str, Any]) -> int:
    """Put into `facts` what only the written text says exactly; the number of unknown fields."""
    facts.update(_cut_times(written, plan.times))
    for name in plan.written:
        value = written.get(name)
        if value is not None:
            shape = SHAPE_OF[plan.kind][name]
            facts[name] = (
                shares(value) if shape == "shares" else value if shape == "ids" else decimal_text(value, f"data.{name}")
            )
    return sum(1 for name in written if name not in plan.fields)


def _event(plan: _Plan, said: Envelope, facts: dict[str, Any], unknown: int) -> Event:
    """Normalise what was read; `facts` becomes the event's own."""
    for name in plan.times:
        moment = facts.get(name)
        if moment is not None:
            facts[name] = micros(moment, f"data.{name}")
    for name in plan.days:
        day = facts.get(name)
        if day is not None:
            facts[name] = day.toordinal()
    subject, recorded = said.subject, said.recordedtime
    if plan.kind == "target":
        parse_target_subject(subject)
    stamp = (micros(said.time, "time"), said.sequence or "", said.source, said.id)
    return Event(plan.kind, subject, stamp, facts, unknown, micros(recorded, "recordedtime") if recorded else None)
