"""The types of events: kind, name on the wire, topics and fields, and which fields are timelines."""

from collections.abc import Mapping
from typing import Final, Literal, cast

from msgspec import Struct, inspect

from kpi_state import statements

Shape = Literal["text", "texts", "flag", "time", "day", "whole", "small", "number", "shares", "ids", "choice"]


class EventType(Struct, frozen=True):
    """One type of event.

    kind: the short name used in state keys.  name: the `type` on the wire.
    topics: where it may arrive, the usual one first.  data: its fields.
    timelines: the fields that keep every statement instead of the latest.
    """

    kind: str
    name: str
    topics: tuple[str, ...]
    data: type[statements.Data]
    timelines: frozenset[str]


def _crm(kind: str, data: type[statements.Data], *timelines: str) -> EventType:
    return EventType(kind, f"crm.{kind}.v1", ("crm.events",), data, frozenset(timelines))


def _hr(kind: str, data: type[statements.Data]) -> EventType:
    return EventType(kind, f"hr.{kind}.v1", ("hr.events",), data, frozenset(data.__struct_encode_fields__))


EVENT_TYPES: Final[tuple[EventType, ...]] = (
    _crm("account", statements.Account, "owner_id"),
    _crm("contact", statements.Contact, "owner_id", "phones"),
    _crm("lead", statements.Lead, "owner_id", "status", "outcome"),
    _crm("appointment", statements.Appointment, "verdict"),
    _crm("opportunity", statements.Opportunity, "owner_id", "stage", "outcome"),
    _crm("contract", statements.Contract, "owner_id"),
    _crm("purchase", statements.Purchase, "owner_id"),
    _crm("activity", statements.Activity),
    EventType("call", "telephony.call.v1", ("telephony.events",), statements.Call, frozenset()),
    _hr("rep", statements.Rep),
    _hr("absence", statements.Absence),
    _hr("target", statements.Target),
    EventType(
        "heartbeat", "source.heartbeat.v1", ("crm.events", "telephony.events"), statements.Heartbeat, frozenset()
    ),
)

TYPE_OF: Final[Mapping[str, str]] = {each.kind: each.name for each in EVENT_TYPES}
"""kind → `type` on the wire."""

TOPIC_OF: Final[Mapping[str, str]] = {each.kind: each.topics[0] for each in EVENT_TYPES}
"""kind → the topic it is sent to; a heartbeat may also arrive on `telephony.events`."""

FIELDS: Final[Mapping[str, tuple[str, ...]]] = {each.kind: each.data.__struct_encode_fields__ for each in EVENT_TYPES}
"""kind → its fields in the order that stored rows count them (append-only)."""

TIMELINES: Final[frozenset[tuple[str, str]]] = frozenset(
    (each.kind, field) for each in EVENT_TYPES for field in each.timelines
)
"""The (kind, field) pairs that keep every statement; all others keep the latest."""


def _bare(of: inspect.Type) -> inspect.Type:
    """The type of a field's value, description and null aside."""
    if isinstance(of, inspect.Metadata):
        return _bare(of.type)
    if isinstance(of, inspect.UnionType):
        return next(_bare(each) for each in of.types if not isinstance(each, inspect.NoneType))
    return of


def _shape(of: inspect.Type) -> Shape:
    if isinstance(of, inspect.DictType):
        return "shares" if isinstance(of.value_type, inspect.FloatType) else "ids"
    if isinstance(of, inspect.IntType) and of.le != statements.LARGEST:
        return "small"
    return _SHAPES[type(of)]


_SHAPES: Final[Mapping[type[inspect.Type], Shape]] = {
    inspect.StrType: "text",
    inspect.ListType: "texts",
    inspect.BoolType: "flag",
    inspect.DateTimeType: "time",
    inspect.DateType: "day",
    inspect.IntType: "whole",
    inspect.FloatType: "number",
    inspect.LiteralType: "choice",
}


def _values(of: EventType) -> dict[str, inspect.Type]:
    about = cast("inspect.StructType", inspect.type_info(of.data))
    return {field.encode_name: _bare(field.type) for field in about.fields}


_VALUES: Final = {each.kind: _values(each) for each in EVENT_TYPES}

SHAPE_OF: Final[Mapping[str, Mapping[str, Shape]]] = {
    kind: {field: _shape(of) for field, of in values.items()} for kind, values in _VALUES.items()
}
"""kind → field → the shape of its value."""

CHOICES: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    (kind, field): tuple(str(value) for value in of.values)
    for kind, values in _VALUES.items()
    for field, of in values.items()
    if isinstance(of, inspect.LiteralType)
}
"""(kind, field) → the values allowed, for fields of the shape `choice`."""
