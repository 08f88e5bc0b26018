"""A simulated sales floor: the same seed and dates give the same events, byte for byte. No clock, no I/O."""

import heapq
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Final

from floorpulse.demo.activities import activity
from floorpulse.demo.book import Book, Lead, new_lead, opening
from floorpulse.demo.calls import inbound, outbound, told
from floorpulse.demo.corrections import corrections
from floorpulse.demo.deals import fall_due, purchase, talked
from floorpulse.demo.people import HEAD_OFFICE, Rep, announcements, floor_reps
from floorpulse.demo.post import Post, Pulse
from floorpulse.demo.wire import Heard, Statement, instant

OPENS: Final = time(8, 45)
"""When the show begins, in the zone of the head office."""
SHIFTS: Final = ((time(8, 32), time(12, 25)), (time(13, 4), time(17, 28)))
QUIET_FROM: Final = time(10, 20)
"""When the quiet rep of the live days puts the phone down."""
QUIET, AWAY = "joost", "emma"
TALK_SECONDS: Final = 30


def is_working_day(day: date) -> bool:
    """Monday to Friday."""
    return day.weekday() < 5


def opening_instant(day: date) -> int:
    """When the show begins on a day, in microseconds since 1970."""
    return instant(datetime.combine(day, OPENS, HEAD_OFFICE))


def floor(seed: int, first: date, live: date) -> Iterator[Heard]:
    """All events since `first` in the order in which the broker hears them, without end.

    first: the first day of the history, whose events were imported.  live: the day of the show: from its opening on a
    call is told while it goes on.
    """
    reps = floor_reps(seed, first, live)
    book = Book(Random(f"{seed}/floor"), reps)
    connected = instant(datetime.combine(first, time(0), UTC))
    post, pulse = Post(seed, HEAD_OFFICE), Pulse(HEAD_OFFICE, connected, opening_instant(live))
    on_the_way: list[Heard] = []
    day, before = first, [*announcements(reps, first, live, AWAY), *opening(book, first)]
    while True:
        happened = sorted([*before, *_day(book, day, live)], key=lambda statement: statement.at)
        for statement in happened:
            for each in post.carry(statement, connected):
                heapq.heappush(on_the_way, each)
        day, before = day + timedelta(days=1), []
        midnight = instant(datetime.combine(day, time(0), UTC))
        while on_the_way and on_the_way[0].at < midnight:
            yield from pulse.with_beats(heapq.heappop(on_the_way))


def _day(book: Book, day: date, live: date) -> Iterator[Statement]:
    if not is_working_day(day):
        return
    live_from = opening_instant(live)
    for rep in [rep for rep in book.reps if rep.employed(day)]:
        if rep.id == AWAY and live <= day <= live + timedelta(days=4):
            continue
        for at in _moments(book.random, rep, day):
            if rep.id == QUIET and day >= live and at > rep.local(day, QUIET_FROM):
                continue
            yield from _act(book, rep, day, at, live_from)
        if book.random.random() < 0.6:
            referrer = book.random.choice(book.accounts) if book.random.random() < 0.15 else None
            yield from new_lead(book, rep, _some_moment(book.random, rep, day), referrer)
    for due in book.due.pop(day, []):
        yield from fall_due(book, due, day, _some_moment(book.random, due.rep, day))


def _act(book: Book, rep: Rep, day: date, at: int, live_from: int) -> Iterator[Statement]:
    """One thing a rep does: calls, takes a call, writes, meets; and rarely sells more or mends the records."""
    random = book.random
    lead: Lead | None = book.open_lead(rep) if random.random() < 0.7 else None
    draw = random.random()
    if draw < 0.62:
        call = outbound(book, rep, at, lead)
        yield from told(book, call, live_from)
        if lead and call.talk_seconds >= TALK_SECONDS:
            yield from talked(book, lead, rep, day, call.ended)
    elif draw < 0.66:
        others = [book.colleague(rep, day), book.colleague(rep, day)]
        for leg in inbound(book, rep, others, at):
            yield from told(book, leg, live_from)
    elif draw < 0.975:
        yield from activity(book, rep, at, lead)
    elif draw < 0.98:
        yield purchase(book, rep, at)
    else:
        yield from corrections(book, rep, day, at)


def _moments(random: Random, rep: Rep, day: date) -> list[int]:
    return sorted(_some_moment(random, rep, day) for _ in range(max(3, round(random.gauss(rep.pace, 4)))))


def _some_moment(random: Random, rep: Rep, day: date) -> int:
    (shift,) = random.choices(SHIFTS, (4, 5))
    return random.randrange(rep.local(day, shift[0]), rep.local(day, shift[1]))
