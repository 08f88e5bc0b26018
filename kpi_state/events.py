"""The event contract as the rest of the project sees it: bytes become an `Event`, or say what breaks the contract."""

from kpi_state.canonical import larger
from kpi_state.catalogue import EVENT_TYPES, FIELDS, SHAPE_OF, TIMELINES, TOPIC_OF, TYPE_OF, EventType, Shape
from kpi_state.decode import Event, Stamp, Value, decode, decode_binary
from kpi_state.normal import instant
from kpi_state.refusal import ContractError
from kpi_state.subjects import TargetSubject, parse_target_subject

__all__ = [
    "EVENT_TYPES",
    "FIELDS",
    "SHAPE_OF",
    "TIMELINES",
    "TOPIC_OF",
    "TYPE_OF",
    "ContractError",
    "Event",
    "EventType",
    "Shape",
    "Stamp",
    "TargetSubject",
    "Value",
    "decode",
    "decode_binary",
    "instant",
    "larger",
    "parse_target_subject",
]
