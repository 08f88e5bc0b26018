"""One entity as it is told of: the row that statements and received links make, and what that row then comes to."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from kpi_state.buckets import Amounts, Bucket, Contributions, day, instant, quarter, span
from kpi_state.definitions import Definitions
from kpi_state.entities.registry import ENTITIES, SHELVED
from kpi_state.evaluate import evaluate
from kpi_state.events import decode
from kpi_state.facts import merge
from kpi_state.rows import Row, Shelf
from tests.statements import when

SUBJECT = "x"
DEFAULTS = Definitions()


def at(text: str) -> int:
    """An instant in microseconds: "2024-01-05" is its noon UTC, "2024-01-05 10:00" that minute in UTC."""
    return (datetime.fromisoformat(when(text)) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def on(text: str) -> int:
    """A date as ordinal."""
    return date.fromisoformat(text).toordinal()


def told(kind: str, lines: Iterable[bytes] = (), links: Mapping[str, Mapping[str, Any]] | None = None) -> Row:
    """A row after events about it, and links by relation and source; a shelved relation gets a flat shelf."""
    row = Row()
    for line in lines:
        event = decode(line)
        assert event.kind == kind, f"a statement about a {event.kind}, not a {kind}"
        merge(row, event)
    for relation, values in (links or {}).items():
        inbox = {source: (1, value) for source, value in values.items()}
        if (kind, relation) in SHELVED:
            row.shelves[relation] = Shelf(inbox)
        else:
            row.links[relation] = inbox
    return row


def viewed(kind: str, row: Row, subject: str = SUBJECT, definitions: Definitions = DEFAULTS) -> Any:
    """What a row means."""
    return ENTITIES[kind].view(subject, row, definitions)


def says(
    kind: str, row: Row, subject: str = SUBJECT, definitions: Definitions = DEFAULTS
) -> dict[tuple[str, ...], Any]:
    """What an entity tells others, by (kind, subject, relation)."""
    links = evaluate(kind, subject, row, definitions).links
    return {(to.kind, to.subject, to.relation): value for to, value in links.items()}


def gives(
    measure: str, kind: str, row: Row, subject: str = SUBJECT, definitions: Definitions = DEFAULTS
) -> dict[tuple[str, Bucket, tuple[str, ...]], Amounts]:
    """What an entity contributes to a measure, by (rep, bucket, labels)."""
    given: Contributions = evaluate(kind, subject, row, definitions).contributions
    return {(rep, bucket, labels): amounts for (of, rep, bucket, labels), amounts in given.items() if of == measure}


def q(text: str) -> Bucket:
    """The quarter hour of an instant."""
    return quarter(at(text))


def d(text: str) -> Bucket:
    """The bucket of a date."""
    return day(on(text))


def x(text: str) -> Bucket:
    """The bucket of an exact instant."""
    return instant(at(text))


def i(start: str, end: str | None = None) -> Bucket:
    """The bucket of an interval of dates, end exclusive."""
    return span(on(start), None if end is None else on(end))
