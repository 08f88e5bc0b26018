"""Who names whom: the ids of reps in an event, for which something may count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from kpi_state.events import FIELDS, Event

Naming = tuple[str, str]
"""(source, id of a rep as sent)."""

SPLITS: Final = "splits"
_FIELDS: Final = ("owner_id", "rep_id", "set_by")
_FIELD_OF: Final[Mapping[str, str]] = {
    kind: next((field for field in _FIELDS if field in fields), "")
    for kind, fields in FIELDS.items()
    if kind != "absence"  # it counts nothing, and tells of people who may come later
}


def namings(event: Event) -> Sequence[Naming]:
    """The ids of reps that an event names, with its source; those it may not count for, such as `handed_to`, aside."""
    fields = event.fields
    named = fields.get(_FIELD_OF.get(event.kind, ""))
    if SPLITS not in fields:
        return ((event.stamp[2], named),) if isinstance(named, str) and named else ()
    splits = fields[SPLITS]
    ids = [named, *splits] if isinstance(splits, dict) else [named]
    return [(event.stamp[2], each) for each in ids if isinstance(each, str) and each]
