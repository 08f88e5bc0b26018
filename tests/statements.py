"""Short builders of events, one a type: valid CloudEvents as the JSON lines that `replay` reads.

Instants may be written short: "2024-01-05" is noon UTC of that day, "2024-01-05 10:00" is that minute in UTC; anything
else is passed on as it is. A later built event has the larger id, so on the same time it wins.
"""

import itertools
import json
import re
from collections.abc import Callable
from typing import Any

TYPES = {
    "account": "crm.account.v1",
    "contact": "crm.contact.v1",
    "lead": "crm.lead.v1",
    "appointment": "crm.appointment.v1",
    "opportunity": "crm.opportunity.v1",
    "contract": "crm.contract.v1",
    "purchase": "crm.purchase.v1",
    "activity": "crm.activity.v1",
    "call": "telephony.call.v1",
    "rep": "hr.rep.v1",
    "absence": "hr.absence.v1",
    "target": "hr.target.v1",
    "heartbeat": "source.heartbeat.v1",
}
INSTANTS = frozenset(
    [
        "created_at",
        "closed_at",
        "set_at",
        "verdict_at",
        "at",
        "replied_at",
        "started_at",
        "answered_at",
        "ended_at",
        "since",
    ],
)
ENVELOPE = frozenset({"id", "source", "sequence", "recordedtime"})
_numbers = itertools.count(1)


def when(text: str) -> str:
    """An instant as RFC 3339: a day alone is its noon, a minute without offset is in UTC."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return f"{text}T12:00:00Z"
    if re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", text):
        return f"{text.replace(' ', 'T')}:00Z"
    return text


def _written(field: str, value: Any) -> Any:
    return when(value) if field in INSTANTS and isinstance(value, str) else value


def event(kind: str, subject: str, time: str, /, **said: Any) -> bytes:
    """One event; names in ENVELOPE go to the envelope, the rest to `data` (`from_` is `from`)."""
    envelope = {
        "specversion": "1.0",
        "source": f"/{TYPES[kind].split('.')[0]}",
        "id": f"e{next(_numbers):08d}",
        "type": TYPES[kind],
        "subject": subject,
        "time": when(time),
        **{name: value for name, value in said.items() if name in ENVELOPE},
    }
    data = {name.rstrip("_"): _written(name, value) for name, value in said.items() if name not in ENVELOPE}
    return json.dumps({**envelope, "data": data}, separators=(",", ":")).encode()


def _builder(kind: str, **usual: Any) -> Callable[..., bytes]:
    def build(subject: str, time: str, /, **said: Any) -> bytes:
        return event(kind, subject, time, **{**usual, **said})

    return build


account = _builder("account")
contact = _builder("contact")
lead = _builder("lead")
appointment = _builder("appointment")
opportunity = _builder("opportunity")
contract = _builder("contract")
purchase = _builder("purchase")
activity = _builder("activity")
call = _builder("call")
absence = _builder("absence")
target = _builder("target")
heartbeat = _builder("heartbeat")


def rep(subject: str, time: str = "2020-01-01", /, **said: Any) -> bytes:
    """A statement about a rep, by default long before everything else."""
    return event("rep", subject, time, **said)


def spoke(subject: str, time: str, by: str | None = "r1", /, *, seconds: Any = 60, **said: Any) -> bytes:
    """An answered outbound call leg that started at `time`: a touch and an attempt."""
    usual = {
        "rep_id": by,
        "started_at": time,
        "direction": "outbound",
        "disposition": "answered",
        "talk_seconds": seconds,
    }
    return event("call", subject, time, **{**usual, **said})


def mailed(subject: str, time: str, by: str | None = "r1", /, **said: Any) -> bytes:
    """An e-mail that a person sent at `time`: a touch and an attempt."""
    usual = {"rep_id": by, "at": time, "direction": "outbound", "channel": "email"}
    return event("activity", subject, time, **{**usual, **said})


def met(subject: str, time: str, by: str | None = "r1", /, **said: Any) -> bytes:
    """A meeting at `time`: a touch and an attempt from the beginning of its quarter hour."""
    return event("activity", subject, time, **{"rep_id": by, "at": time, "channel": "meeting", **said})
