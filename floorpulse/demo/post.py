"""The way of events to the broker: a little late, sometimes very late, sometimes twice, rarely broken."""

from collections import Counter
from collections.abc import Iterable, Iterator
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from floorpulse.demo.wire import HOUR, MINUTE, SECOND, SOURCES, Heard, Statement, event, heard, moment

PULSE_TOPICS: Final = {"crm.events": "crm.events", "telephony.events": "telephony.events", "hr.events": "crm.events"}
"""Topic of a source's events → topic of its heartbeats, which the contract allows on two of the three."""
LATE_SHARE: Final = 0.012
REPEATED_SHARE: Final = 0.03
BROKEN_SHARE: Final = 0.0008
UNKNOWN_FIELD_SHARE: Final = 0.01


class Post:
    """Carries statements; numbers them, so that the same statement sent twice is the same event."""

    def __init__(self, seed: int, zone: ZoneInfo) -> None:
        self._random = Random(f"{seed}/post")
        self._zone = zone
        self._numbered = 0

    def carry(self, statement: Statement, connected: int) -> Iterator[Heard]:
        """The one to three events that a statement becomes; none arrives before the source was `connected`."""
        random = self._random
        said = self._event(statement)
        begun = max(statement.at, connected)
        arrives = begun + int(random.expovariate(1 / (2 * SECOND)))
        draw = random.random()
        if random.random() < UNKNOWN_FIELD_SHARE:
            said["data"] = statement.facts | {"colour_of_the_day": "green"}
        if draw < LATE_SHARE:
            arrives = begun + random.randrange(2 * MINUTE, 30 * HOUR)
        elif draw < LATE_SHARE + REPEATED_SHARE:
            yield heard(arrives + random.randrange(SECOND, 20 * MINUTE), statement, said, again=True)
            if random.random() < 0.2:
                yield heard(arrives + random.randrange(HOUR, 9 * HOUR), statement, said, again=True)
        elif draw > 1 - BROKEN_SHARE:
            broken = self._event(statement)
            del broken["time"]
            yield heard(arrives, statement, broken, flaw="no time")
        yield heard(arrives, statement, said)

    def _event(self, statement: Statement) -> dict[str, object]:
        self._numbered += 1
        return event(statement, self._numbered, self._zone)


class Pulse:
    """The heartbeats of the sources: how much each has sent, so that silence is not mistaken for a broken line."""

    def __init__(self, zone: ZoneInfo, since: int, live_from: int) -> None:
        self._zone = zone
        self._since = since
        self._live_from = live_from
        self._next = since
        self._sent: Counter[str] = Counter()

    def with_beats(self, each: Heard) -> Iterator[Heard]:
        """The heartbeats due before an event, and the event.

        In the history the newest of each hour is enough; in the show there is one each minute, at night too.
        """
        for beat in self._due(each.at):
            for topic in PULSE_TOPICS:
                yield self._beat(topic, max(beat, self._since))
        if not each.again and not each.flaw:
            self._sent[each.topic] += 1
        yield each

    def _due(self, now: int) -> Iterable[int]:
        if now < self._next:
            return ()
        live = now >= self._live_from
        every = MINUTE if live else HOUR
        newest, first = now - now % every, max(self._next, self._live_from)
        self._next = newest + every
        return range(first, newest + 1, MINUTE) if live else (newest,)

    def _beat(self, topic: str, at: int) -> Heard:
        self._sent[topic] += 1
        facts = {"since": moment(self._since, self._zone), "known": self._sent[topic], "gap": 0}
        said = event(Statement(at, "heartbeat", SOURCES[topic], facts), self._sent[topic], self._zone)
        said |= {"source": SOURCES[topic], "id": f"beat-{self._sent[topic]}"}
        beat = heard(at, Statement(at, "heartbeat", SOURCES[topic], facts), said)
        return beat._replace(topic=PULSE_TOPICS[topic])
