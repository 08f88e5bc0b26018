"""What a set of events comes to: `seen` for the traps, `World` for any number of partitions and any order of links."""

import random
import zlib
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from kpi_state.apply import Applier, State
from kpi_state.buckets import Amounts, Cell
from kpi_state.definitions import Calendar, Definitions, Limits, ReadSettings, Team
from kpi_state.events import ContractError, Event, decode
from kpi_state.kpis.kpi import Kpi
from kpi_state.kpis.registry import KPIS
from kpi_state.measures.registry import SUPPORTING
from kpi_state.published import decode_tally, is_tally
from kpi_state.read.document import Input, document
from kpi_state.read.samples import Reader, Sample
from kpi_state.replay import replay
from tests.reference import Reference, microseconds
from tests.reference_reader import ReferenceReader
from tests.reference_supporting import Supporting

NOW = "2024-12-31T12:00:00Z"
ROUNDS = (1, 2, 8)


def settings_of(
    *,
    zone: str = "UTC",
    fiscal_start: int = 1,
    teams: Mapping[str, str] | None = None,
    windows: dict[str, list[str]] | None = None,
    lead_age_days: int = 30,
    **definitions: Any,
) -> ReadSettings:
    """Read settings with defaults but for what is named; `teams` are zones by team."""
    return ReadSettings(
        definitions=Definitions(organisation_timezone=zone, **definitions),
        calendar=Calendar(fiscal_year_start_month=fiscal_start),
        limits=Limits(lead_age_days=lead_age_days),
        windows=windows or {},
        teams={name: Team(timezone=of) for name, of in (teams or {}).items()},
    )


class Board:
    """Samples, looked up by who and when: "rep:r1", "team:A" or "*" for the organisation."""

    def __init__(self, samples: Sequence[Sample], counts: Input) -> None:
        self.counts = counts
        self.samples = {
            (
                s.kpi,
                "*" if s.grain == "org" else f"{s.grain}:{s.key}",
                s.window,
                s.bucket,
                tuple(sorted(s.labels.items())),
            ): s
            for s in samples
        }
        assert len(self.samples) == len(samples), "two samples of one name"

    def sample(self, kpi: str, who: str, window: str, bucket: str = "", **labels: str) -> Sample | None:
        return self.samples.get((kpi, who, window, bucket, tuple(sorted(labels.items()))))

    def parts(self, kpi: str, who: str, window: str, bucket: str = "", **labels: str) -> dict[str, int | float] | None:
        """The parts of a sample; None where there is no sample."""
        found = self.sample(kpi, who, window, bucket, **labels)
        return None if found is None else found.parts

    def value(self, kpi: str, who: str, window: str, bucket: str = "", **labels: str) -> int | float | None:
        """The value of a sample that must exist."""
        found = self.sample(kpi, who, window, bucket, **labels)
        assert found is not None, f"no sample {kpi} {who} {window} {bucket} {labels}"
        return found.value

    def keys(self, kpi: str, window: str, bucket: str = "") -> set[str]:
        """Everybody who has a sample, whatever its labels."""
        return {who for stem, who, w, b, _ in self.samples if (stem, w, b) == (kpi, window, bucket)}


Link = tuple[int, bytes, bytes]


class World:
    """Several partitions that send each other links, in any order.

    Without `chance` all is in order: events as given, one a batch, links at once. With it: batches of any size, links
    of different partitions interleaved. With `chaos` too: links overtake each other and arrive again.
    """

    def __init__(
        self,
        partitions: int,
        definitions: Definitions,
        chance: random.Random | None = None,
        *,
        chaos: bool = False,
    ) -> None:
        self.states = [State({}, {}, {}) for _ in range(partitions)]
        self.definitions = definitions
        self.chance = chance
        self.chaos = chaos
        self.events: list[deque[Event]] = [deque() for _ in range(partitions)]
        self.links: dict[tuple[int, int], deque[Link]] = {}

    def home(self, subject: str) -> int:
        return zlib.crc32(subject.encode()) % len(self.states)

    def run(self, events: Iterable[Event]) -> "World":
        """Apply everything, in batches, until nothing waits."""
        for event in events:
            n = self.home(event.subject)
            self.events[n].append(event)
            if self.chance is None:
                self._batch(n, 1, [])
                self._deliver_all()
            elif self.chance.random() < 0.4:
                self._step(self.chance)
        while any(self.events) or any(self.links.values()):
            if self.chance is None:
                self._deliver_all()
            else:
                self._step(self.chance)
        return self

    def _deliver_all(self) -> None:
        while any(self.links.values()):
            for (_, n), queue in list(self.links.items()):
                taken = list(queue)
                queue.clear()
                self._batch(n, 0, taken)

    def _step(self, chance: random.Random) -> None:
        busy = sorted(
            {n for n, waiting in enumerate(self.events) if waiting} | {n for (_, n), q in self.links.items() if q}
        )
        n = chance.choice(busy)
        taken: list[Link] = []
        for (_, to), queue in self.links.items():
            if to == n:
                taken.extend(self._take(queue, chance) for _ in range(chance.randint(0, len(queue))) if queue)
        self._batch(n, chance.randint(0, len(self.events[n])), taken)

    def _take(self, queue: deque[Link], chance: random.Random) -> Link:
        if not self.chaos:
            return queue.popleft()
        at = chance.randrange(len(queue))
        link = queue[at]
        if chance.random() < 0.7:
            del queue[at]
        return link

    def _batch(self, n: int, events: int, links: list[Link]) -> None:
        applier = Applier(self.states[n], self.definitions, self.home, n)
        work: list[Callable[[], object]] = [lambda link=link: applier.link(link[2]) for link in links]  # type: ignore[misc]
        for _ in range(events):
            event = self.events[n].popleft()
            work.append(lambda event=event: applier.event(event))  # type: ignore[misc]
        if self.chaos and self.chance is not None:
            self.chance.shuffle(work)
        for each in work:
            each()
        for link in applier.finish().links:
            assert link[0] != n, "a link to the own partition is applied, not sent"
            self.links.setdefault((n, link[0]), deque()).append(link)

    def tallies(self) -> dict[Cell, Amounts]:
        """The partitions' shares added up, without cells that sum to nothing."""
        return summed(state.tally for state in self.states)

    def reader(self, settings: ReadSettings) -> Reader:
        """A reader that followed every partition."""
        reader = Reader(settings)
        for n, state in enumerate(self.states):
            for key, value in state.tally.items():
                if is_tally(key):
                    reader.tally(n, key, value)
            for key, value in state.roster.items():
                reader.roster(key, value)
        return reader


def summed(tables: Iterable[Mapping[bytes, bytes]]) -> dict[Cell, Amounts]:
    """Tally tables added up, without cells that sum to nothing."""
    sums: dict[Cell, list[int]] = {}
    for table in tables:
        for key, value in table.items():
            if is_tally(key):
                for cell, amounts in decode_tally(key, value):
                    into = sums.setdefault(cell, [0] * len(amounts))
                    for i, amount in enumerate(amounts):
                        into[i] += amount
    return {cell: tuple(amounts) for cell, amounts in sums.items() if any(amounts)}


def readable(lines: Iterable[bytes], now: int) -> tuple[list[Event], Input]:
    """The events up to `now`, and what replay counts of the lines."""
    events: list[Event] = []
    counts: Counter[str] = Counter()
    for line in filter(bytes.strip, lines):
        counts["read"] += 1
        try:
            event = decode(line)
        except ContractError:
            counts["quarantined"] += 1
            continue
        if event.stamp[0] <= now:
            events.append(event)
        else:
            counts["after"] += 1
    return events, Input(counts["read"], counts["after"], counts["quarantined"])


def accepted(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The lines that keep to the contract."""
    for line in filter(bytes.strip, lines):
        with suppress(ContractError):
            decode(line)
            yield line


def shuffled(events: Sequence[Event], chance: random.Random) -> list[Event]:
    """Every event at least once, some again, in any order."""
    again = [event for event in events if chance.random() < 0.4]
    mixed = [*events, *again]
    chance.shuffle(mixed)
    return mixed


def replayed(lines: Sequence[bytes], now: str = NOW, settings: ReadSettings | None = None) -> Board:
    """The samples of a replay.

    They must be the same bytes for other orders, repeats, batches, partitions and orders of links, and the tallies
    those of the reference.
    """
    settings = settings or settings_of()
    as_of = microseconds(now)
    result = replay(lines, as_of, settings)
    samples, printed = result.samples(), result.document(supporting=True)
    events, counts = readable(lines, as_of)
    assert counts == Input(result.read, result.after_as_of, result.quarantined)
    reference = Reference(lines, as_of, settings.definitions)
    tallies = summed([result.state.tally])
    assert only(tallies, KPIS) == reference.tallies()
    assert only(tallies, SUPPORTING) == Supporting(accepted(lines), as_of, settings.definitions).supporting()
    board = Board(samples, counts)
    readings = {name: (sample.parts, sample.value) for name, sample in board.samples.items()}
    assert readings == ReferenceReader(reference, settings, as_of).readings()
    for n, partitions in enumerate(ROUNDS):
        chance = random.Random(n)
        world = World(partitions, settings.definitions, chance, chaos=n % 2 == 1).run(shuffled(events, chance))
        assert world.tallies() == tallies, f"{partitions} partitions count differently"
        assert document(as_of, counts, world.reader(settings).samples(as_of, supporting=True)) == printed, (
            f"{partitions} read differently"
        )
    return board


def only(tallies: Mapping[Cell, Amounts], kpis: Iterable[Kpi]) -> dict[Cell, Amounts]:
    """Those of some measures: the names of the measures of data quality, for one, the contract leaves to the code."""
    stems = {kpi.stem for kpi in kpis}
    return {cell: amounts for cell, amounts in tallies.items() if cell[0] in stems}


def seen(*said: object, now: str = NOW, **settings: Any) -> Board:
    """What the events (or lists of events) come to at `now`."""
    return replayed(list(flat(said)), now, settings_of(**settings))


def flat(said: object) -> Iterator[bytes]:
    """The events of lists of lists."""
    if isinstance(said, bytes):
        yield said
        return
    assert isinstance(said, Iterable)
    for each in said:
        yield from flat(each)
