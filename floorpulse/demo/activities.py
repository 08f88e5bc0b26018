"""What the simulated CRM says of mails, messages, meetings and visits."""

from collections.abc import Iterator
from typing import Final

from floorpulse.demo.book import Book, Lead
from floorpulse.demo.people import Rep
from floorpulse.demo.wire import DAY, MINUTE, Statement, moment

CHANNELS: Final = {"email": 55, "message": 14, "inmail": 11, "meeting": 12, "visit": 8}
"""channel → how often."""
QUARTER_HOUR: Final = 15 * MINUTE


def activity(book: Book, rep: Rep, at: int, lead: Lead | None) -> Iterator[Statement]:
    """A mail that may be answered later, a mail that the system sent by itself, or a meeting that is still to come."""
    random = book.random
    subject = book.new_id("activity")
    (channel,) = random.choices(list(CHANNELS), list(CHANNELS.values()))
    facts: dict[str, object] = {"rep_id": rep.id, "channel": channel}
    if lead:
        facts |= {"contact_id": lead.contact} if random.random() < 0.7 else {"lead_id": lead.id}
    if channel in {"meeting", "visit"}:
        begins = at - at % QUARTER_HOUR + random.choice((15, 30, 60, 120)) * MINUTE
        yield Statement(at, "activity", subject, facts | {"at": moment(begins, rep.zone)})
        if random.random() < 0.08:  # it is put off, and counts at its new time alone
            yield Statement(begins, "activity", subject, {"at": moment(begins + DAY, rep.zone)})
        return
    facts |= {"direction": "outbound", "at": moment(at, rep.zone)}
    if random.random() < 0.2:
        facts["automated"] = True
    yield Statement(at, "activity", subject, facts)
    if channel == "email" and random.random() < 0.15:
        replied = at + random.randrange(5, 60) * MINUTE
        yield Statement(replied, "activity", subject, {"replied_at": moment(replied, rep.zone)})
