"""What the simulated telephone system says: legs of conversations, told step by step or when they are over."""

from collections.abc import Iterator
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from floorpulse.demo.book import Book, Lead
from floorpulse.demo.people import HEAD_OFFICE, Rep
from floorpulse.demo.wire import SECOND, Statement, moment

Facts = dict[str, object]
UNANSWERED: Final = ("no_answer", "no_answer", "no_answer", "busy", "failed", "voicemail", "voicemail")
MEAN_TALK_SECONDS: Final = 140


class Leg(NamedTuple):
    """One leg: who, whom and how it went.

    rep: None for a leg that nobody was asked to take.  answered: seconds until it was answered, or None.
    seconds: from answer, or else from the start, to the end.
    """

    rep: Rep | None
    direction: str
    phone: str
    at: int
    answered: int | None
    seconds: int
    disposition: str = "answered"
    conversation: str = ""
    lead: str = ""

    @property
    def talk_seconds(self) -> int:
        """How long people spoke."""
        return self.seconds if self.answered is not None and self.disposition == "answered" else 0

    @property
    def ended(self) -> int:
        """When it was over, in microseconds since 1970."""
        return self.at + ((self.answered or 0) + self.seconds) * SECOND


def known_as(rep: Rep) -> str:
    """How the telephone system names a rep: each team is set up in another way, as in life."""
    return {
        "North": rep.id,
        "Baltic": rep.extension,
        "Centre": f"dialer:{rep.phone_id}",
        "Coast": f"{rep.id}@floor.example",
    }[rep.team]


def steps(leg: Leg) -> Iterator[tuple[int, Facts]]:
    """The happenings of a leg, each with its time and what is known by then."""
    zone: ZoneInfo = leg.rep.zone if leg.rep else HEAD_OFFICE
    begun: Facts = {"direction": leg.direction, "phone": leg.phone, "started_at": moment(leg.at, zone)}
    if leg.rep:
        begun["rep_id"] = known_as(leg.rep)
    if leg.conversation:
        begun["conversation_id"] = leg.conversation
    if leg.lead:
        begun["lead_id"] = leg.lead
    yield leg.at, begun
    if leg.answered is not None:
        answered = leg.at + leg.answered * SECOND
        yield answered, {"answered_at": moment(answered, zone)}
    over: Facts = {
        "ended_at": moment(leg.ended, zone),
        "talk_seconds": leg.talk_seconds,
        "disposition": leg.disposition,
    }
    yield leg.ended, over


def told(book: Book, leg: Leg, live_from: int) -> Iterator[Statement]:
    """The statements of a leg: one for each step, or a single one for calls before `live_from`, which were imported."""
    subject = book.new_id("call")
    happened = list(steps(leg))
    if leg.at < live_from:
        together: Facts = {}
        for _, facts in happened:
            together |= facts
        happened = [(leg.ended, together)]
    for number, (at, facts) in enumerate(happened, 1):
        yield Statement(at, "call", subject, facts, f"{number:04d}")


def outbound(book: Book, rep: Rep, at: int, lead: Lead | None) -> Leg:
    """A rep calls a lead's number, or one from a list."""
    random = book.random
    phone = lead.phone if lead else book.new_phone()
    named = lead.id if lead and random.random() < 0.5 else ""
    if random.random() > rep.reply:
        return Leg(rep, "outbound", phone, at, None, random.randrange(5, 45), random.choice(UNANSWERED), lead=named)
    talk = int(random.expovariate(1 / MEAN_TALK_SECONDS)) + 4
    return Leg(rep, "outbound", phone, at, random.randrange(3, 25), talk, lead=named)


def inbound(book: Book, rep: Rep, others: list[Rep], at: int) -> list[Leg]:
    """A customer calls: the queue rings and one answers, or hands over to a colleague, or nobody is there in time."""
    random = book.random
    lead = book.open_lead(rep)
    phone, conversation = (lead.phone if lead else book.new_phone()), book.new_id("conversation")
    if random.random() < 0.12:
        return [Leg(None, "inbound", phone, at, None, random.randrange(10, 90), "abandoned", conversation)]
    ring, talk = random.randrange(2, 12), int(random.expovariate(1 / MEAN_TALK_SECONDS)) + 10
    legs = [Leg(rep, "inbound", phone, at, ring, talk, "answered", conversation)]
    legs += [Leg(other, "inbound", phone, at, None, ring, "no_answer", conversation) for other in others]
    if random.random() < 0.25:
        legs.append(Leg(others[0], "inbound", phone, legs[0].ended, 2, talk + 30, "answered", conversation))
    return legs
