"""Reasons to be left out: what an entity would have to say otherwise to count after all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from kpi_state.dates import day_of
from kpi_state.definitions import Definitions
from kpi_state.entities.activity import IN_PERSON
from kpi_state.entities.appointment import PENDING
from kpi_state.events import Value
from kpi_state.facts import UNASSIGNED
from kpi_state.rows import Row


class Correction(NamedTuple):
    """Why something may not count: what it would have to say instead, and the fields that say otherwise now."""

    reason: str
    why: str
    fields: Mapping[str, Value]


class Asked(NamedTuple):
    """What a correction may need to know: how things are defined, and the currency of the number that is explained."""

    definitions: Definitions
    currency: str


def corrections(kind: str, row: Row, asked: Asked) -> Iterator[Correction]:
    """The reasons that an entity of the ledger gives, each by itself."""
    if row.get("deleted"):
        yield Correction("deleted", "deleted", {"deleted": False})
    winner = row.get("merged_into")
    if winner:
        yield Correction("merged", f"merged into {winner}", {"merged_into": None})
    special = _OF.get(kind)
    if special is not None:
        yield from special(row, asked)


def _lead(row: Row, asked: Asked) -> Iterator[Correction]:  # noqa: ARG001 - one signature for all kinds
    if row.get("created_at") is None and row.earliest is not None:
        yield Correction("no_created_at", "has no created_at", {"created_at": row.earliest})


def _appointment(row: Row, asked: Asked) -> Iterator[Correction]:  # noqa: ARG001 - one signature for all kinds
    pending = (row.last("verdict") or PENDING) == PENDING
    if pending and row.get("set_at") is None:
        yield Correction("no_set_at", "is pending, but has no set_at", {"set_at": row.earliest})


def _money(row: Row, asked: Asked, amount: str) -> Iterator[Correction]:
    if row.get(amount) is None:
        yield Correction(f"no_{amount}", f"has no {amount}", {amount: 0})
    elif not row.get("currency") and asked.currency:
        yield Correction("no_currency", f"has no currency beside {amount}", {"currency": asked.currency})


def _opportunity(row: Row, asked: Asked) -> Iterator[Correction]:
    yield from _money(row, asked, "amount_minor")


def _contract(row: Row, asked: Asked) -> Iterator[Correction]:
    yield from _money(row, asked, "value_minor")
    if row.get("starts_on") is None and row.earliest is not None:
        day = day_of(row.earliest, asked.definitions.organisation_timezone)
        yield Correction("no_starts_on", "has no starts_on", {"starts_on": day})


def _purchase(row: Row, asked: Asked) -> Iterator[Correction]:
    yield from _money(row, asked, "amount_minor")
    if row.get("at") is None:
        yield Correction("no_at", "has no at", {"at": row.earliest})


def _activity(row: Row, asked: Asked) -> Iterator[Correction]:  # noqa: ARG001 - one signature for all kinds
    if row.get("automated"):
        yield Correction("automated", "was automated", {"automated": False})
    direction = row.get("direction")
    if direction != "outbound" and row.get("channel") not in IN_PERSON:
        why = f"is not outbound but {direction or 'of no direction'}"
        yield Correction(direction or "no_direction", why, {"direction": "outbound"})


def _call(row: Row, asked: Asked) -> Iterator[Correction]:
    if not row.get("rep_id"):
        yield Correction("no_rep", "has no rep_id: nobody took part", {"rep_id": UNASSIGNED})
    wanted = asked.definitions.talk_seconds
    disposition = row.get("disposition")
    if disposition != "answered":
        why = f"was not answered but {disposition or 'of no disposition'}"
        yield Correction("not_answered", why, {"disposition": "answered", "talk_seconds": wanted})
        return
    talk = row.get("talk_seconds")
    if talk is None:
        answered, ended = row.get("answered_at"), row.get("ended_at")
        talk = None if answered is None or ended is None else max(0, ended - answered) / 1_000_000
    if talk is None or talk < wanted:
        spoken = "nobody knows how long" if talk is None else f"{talk:g} s"
        yield Correction("short", f"was talked for {spoken}, below {wanted} s", {"talk_seconds": wanted})


_OF: Final[Mapping[str, Callable[[Row, Asked], Iterator[Correction]]]] = {
    "lead": _lead,
    "appointment": _appointment,
    "opportunity": _opportunity,
    "contract": _contract,
    "purchase": _purchase,
    "activity": _activity,
    "call": _call,
}
