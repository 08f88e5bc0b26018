"""The numbers that are shown: exact amounts by their places, of which samples are made when somebody asks for one.

A page writes the amounts as they are. Who looks again finds what changed in a log, which costs less to keep than a
place to look up for each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import filterfalse
from typing import Any

from exporters.current import amounts_of
from exporters.versioned import GONE
from kpi_state.buckets import Amounts
from kpi_state.measures.registry import BY_STEM
from kpi_state.read.sample import Sample, sampled
from kpi_state.read.slots import Slot


class Number:
    """A number from when it comes until it goes.

    place: where it is shown; its bucket is "".  grain, key: the place's.  bucket: the real one.  amounts: None before
    it comes and once it is gone.  comparable: whether it has the labels of what targets are set for.  changed_at: a
    version.
    """

    __slots__ = ("amounts", "bucket", "changed_at", "comparable", "grain", "key", "place")

    def __init__(self, place: Slot) -> None:
        self.place, self.grain, self.key = place, place.grain, place.key
        self.bucket = ""
        self.amounts: Amounts | None = None
        self.comparable = tuple([name for name, _ in place.labels]) == BY_STEM[place.kpi].label_sets[0]
        self.changed_at = 0

    def sample(self) -> Sample:
        """What it says while it is there."""
        assert self.amounts is not None
        return sampled(self.place._replace(bucket=self.bucket), self.amounts)


class Log:
    """Which of the numbers `held` changed when. Versions only grow; what is gone is forgotten as in `Versioned`."""

    __slots__ = ("_held", "_logged", "_newest", "_versions", "forgotten", "latest")

    def __init__(self, held: Mapping[Slot, Number]) -> None:
        self._held = held
        self._newest: list[Number] = []
        """What changed in the latest version."""
        self._versions: list[tuple[int, list[Number]]] = []
        """Version → what changed; of what changed again later only the last time counts."""
        self._logged = 0
        self.forgotten = 0
        """Version up to which what is gone may be missing in `since`."""
        self.latest = 0
        """The version of the last change."""

    def change(self, number: Number, bucket: str, amounts: Amounts | None, version: int) -> None:
        """Give a number another bucket or other amounts, not all of them zero; None for one that goes."""
        if amounts == number.amounts and bucket == number.bucket:
            return
        number.amounts, number.bucket = amounts, bucket
        if number.changed_at != version:
            number.changed_at = version
            if version != self.latest:
                self._begin(version)
            self._newest.append(number)

    def since(self, version: int) -> list[Number]:
        """What is new, another or gone after a version, in that order; all after version 0. Costs their number."""
        newer: list[tuple[int, list[Number]]] = []
        for entry in reversed(self._versions):
            if entry[0] <= version:
                break
            newer.append(entry)
        return [number for at, numbers in reversed(newer) for number in numbers if number.changed_at == at]

    def _begin(self, version: int) -> None:
        """Begin a version; the log is made anew if it became long."""
        self._logged += len(self._newest)
        if self._logged > 2 * len(self._held) + GONE:
            last = [(at, [each for each in numbers if each.changed_at == at]) for at, numbers in self._versions]
            gone = [each for _, numbers in last for each in numbers if each.amounts is None]
            forgotten = set(gone[: len(gone) // 2])
            self._versions = [
                (at, kept) for at, numbers in last if (kept := [*filterfalse(forgotten.__contains__, numbers)])
            ]
            self._logged = sum([len(numbers) for _, numbers in self._versions])
            self.forgotten = max([each.changed_at for each in forgotten], default=self.forgotten)
        self._newest = []
        self._versions.append((version, self._newest))
        self.latest = version


class Numbers(Mapping[Slot, Sample]):
    """Numbers by their places, read as samples, and the log of their changes. `log.change` is for what is there."""

    def __init__(self) -> None:
        self._numbers: dict[Slot, Number] = {}
        self.log = Log(self._numbers)

    @property
    def latest(self) -> int:
        """The version of the last change."""
        return self.log.latest

    @property
    def forgotten(self) -> int:
        """Version up to which what is gone may be missing in `since`."""
        return self.log.forgotten

    def __getitem__(self, place: Slot) -> Sample:
        return self._numbers[place].sample()

    def __iter__(self) -> Iterator[Slot]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)

    def __contains__(self, place: object) -> bool:
        return place in self._numbers

    def get(self, place: Slot, default: Any = None) -> Any:
        """The sample at a place."""
        number = self._numbers.get(place)
        return default if number is None else number.sample()

    def at(self, place: Slot) -> Number:
        """The number of a place, if need be a new one, which has to be set before anything is looked up."""
        number = self._numbers.get(place)
        if number is None:
            number = self._numbers[place] = Number(place)
        return number

    def set(self, number: Number, bucket: str, amounts: Amounts | None, version: int) -> None:
        """Give a number another bucket or other amounts, not all of them zero; None removes it."""
        if amounts is None:
            self._numbers.pop(number.place, None)
        elif number.amounts is None:
            self._numbers[number.place] = number
        self.log.change(number, bucket, amounts, version)

    def replace(self, samples: Mapping[Slot, Sample], version: int) -> None:
        """Show these and no others."""
        for place in self._numbers.keys() - samples.keys():
            self.drop(place, version)
        for place, sample in samples.items():
            self.put(place, sample, version)

    def put(self, place: Slot, sample: Sample, version: int) -> None:
        """Show a sample."""
        self.set(self.at(place), sample.bucket, amounts_of(sample), version)

    def drop(self, place: Slot, version: int) -> None:
        """Show nothing at a place any more."""
        number = self._numbers.get(place)
        if number is not None:
            self.set(number, "", None, version)

    def since(self, version: int) -> list[Number]:
        """What is new, another or gone after a version, in that order; all after version 0. Costs their number."""
        return self.log.since(version)

    def changed_since(self, version: int) -> list[Slot]:
        """The places of these, the latest first, each once."""
        return list(dict.fromkeys([number.place for number in reversed(self.since(version))]))
