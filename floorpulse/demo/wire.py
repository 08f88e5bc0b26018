"""What the simulated systems say: statements, and the CloudEvents they become."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from kpi_state.catalogue import TOPIC_OF, TYPE_OF

SECOND: Final = 1_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

SOURCES: Final = {"crm.events": "/crm", "telephony.events": "/telephony", "hr.events": "/hr"}
"""topic → the `source` of what arrives there."""


class Statement(NamedTuple):
    """Facts about one subject as of `at` (microseconds since 1970), not yet an event."""

    at: int
    kind: str
    subject: str
    facts: dict[str, Any]
    sequence: str = ""


class Heard(NamedTuple):
    """An event as the broker gets it: at `at` (microseconds since 1970), which is never before it happened.

    again: whether it was sent before.  flaw: what is wrong with it on purpose; such an event must end in quarantine.
    """

    at: int
    topic: str
    key: bytes
    value: bytes
    again: bool = False
    flaw: str = ""


def moment(at: int, zone: ZoneInfo) -> str:
    """An instant as the contract writes it, with the offset of a zone."""
    return (_EPOCH + timedelta(microseconds=at)).astimezone(zone).isoformat(timespec="milliseconds")


def instant(local: datetime) -> int:
    """Microseconds since 1970 of a time that knows its zone."""
    return (local - _EPOCH) // timedelta(microseconds=1)


def event(statement: Statement, number: int, zone: ZoneInfo) -> dict[str, Any]:
    """The CloudEvent of a statement; `number` makes its id."""
    attributes: dict[str, Any] = {
        "specversion": "1.0",
        "id": f"{number:08d}",
        "source": SOURCES[TOPIC_OF[statement.kind]],
        "type": TYPE_OF[statement.kind],
        "subject": statement.subject,
        "time": moment(statement.at, zone),
    }
    if statement.sequence:
        attributes["sequence"] = statement.sequence
    return {**attributes, "data": statement.facts}


def heard(at: int, statement: Statement, said: dict[str, Any], *, again: bool = False, flaw: str = "") -> Heard:
    """An event on its way: the topic of its kind, keyed by its subject."""
    return Heard(at, TOPIC_OF[statement.kind], statement.subject.encode(), msgspec.json.encode(said), again, flaw)
