"""What people mend afterwards in the simulated CRM: owners, duplicates, numbers, mistakes."""

from collections.abc import Iterator
from datetime import date

from floorpulse.demo.book import Book, Lead
from floorpulse.demo.people import Rep
from floorpulse.demo.wire import HOUR, MINUTE, Statement


def corrections(book: Book, rep: Rep, day: date, at: int) -> Iterator[Statement]:
    """Now and then one of a rep's leads is handed on, merged, unmerged, deleted or restored, or its number moves."""
    lead = book.open_lead(rep)
    draw = book.random.random()
    if lead is None or draw > 0.45:
        return
    if draw < 0.2:
        yield from _handed_on(book, lead, day, at)
    elif draw < 0.32:
        yield from _merged(book, lead, at)
    elif draw < 0.38:
        yield Statement(at, "lead", lead.id, {"deleted": True})
        yield Statement(at + 20 * MINUTE, "lead", lead.id, {"deleted": False})
    else:
        yield from _number_moves(book, lead, at)


def _handed_on(book: Book, lead: Lead, day: date, at: int) -> Iterator[Statement]:
    book.drop(lead)
    lead.owner = book.colleague(lead.owner, day)
    book.leads[lead.owner.id].append(lead)
    yield Statement(at, "lead", lead.id, {"owner_id": lead.owner.id})
    yield Statement(at, "contact", lead.contact, {"owner_id": lead.owner.id})


def _merged(book: Book, lead: Lead, at: int) -> Iterator[Statement]:
    """Two leads were one; sometimes they were not after all."""
    others = [other for other in book.leads[lead.owner.id] if other.id != lead.id]
    if not others:
        return
    winner = book.random.choice(others)
    yield Statement(at, "lead", lead.id, {"merged_into": winner.id})
    yield Statement(at, "contact", lead.contact, {"merged_into": winner.contact})
    if book.random.random() < 0.3:
        yield Statement(at + HOUR, "lead", lead.id, {"merged_into": None})
        yield Statement(at + HOUR, "contact", lead.contact, {"merged_into": None})
    else:
        book.drop(lead)


def _number_moves(book: Book, lead: Lead, at: int) -> Iterator[Statement]:
    """A contact has another number, and the old one is somebody else's now."""
    old, lead.phone = lead.phone, book.new_phone()
    heir = book.open_lead(lead.owner)
    yield Statement(at, "contact", lead.contact, {"phones": [lead.phone]})
    if heir and heir.id != lead.id:
        yield Statement(at + MINUTE, "contact", heir.contact, {"phones": [heir.phone, old]})
