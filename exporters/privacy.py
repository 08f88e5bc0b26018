"""What is said of people, by `[privacy]`.

    names       ids, and their names in `sales_rep_info`
    ids         ids; no names
    pseudonyms  a keyed hash in place of an id, the same in every answer with the same key; no names
    none        nothing about single reps

Where reps are not shown as themselves, a team of fewer than `team_min_size` reps would tell on them and is left out.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final

from msgspec.structs import replace

from kpi_state.definitions import Privacy
from kpi_state.read.sample import Person, Sample
from kpi_state.read.targets import Goal

NOBODY: Final = frozenset({"unassigned", "unmapped"})
"""Keys that stand for no person, shown as they are."""
PSEUDONYM_DIGITS: Final = 16
"""Hexadecimal: that two of 10,000 reps get the same has a chance of one in 300 thousand million."""


class Disguise:
    """Turns what is known into what may be shown. `key` is for pseudonyms: bytes that nobody outside knows."""

    def __init__(self, privacy: Privacy, key: bytes = b"") -> None:
        if privacy.rep_labels == "pseudonyms" and not key:
            raise ValueError("pseudonyms without a key can be undone by hashing every id")
        self._mode, self._min_size, self._key = privacy.rep_labels, privacy.team_min_size, key

    def people(self, people: Iterable[Person]) -> list[Person]:
        """Who may be shown, and how: of a team that is too small to be shown its reps seem to be in none."""
        if self._mode == "names":
            return list(people)
        if self._mode == "none":
            return []
        people = list(people)
        if self._open:
            return [Person(person.rep, "", person.team) for person in people]
        sizes = _sizes(people)
        return [
            Person(self._rep(person.rep), "", person.team if sizes[person.team] >= self._min_size else "")
            for person in people
        ]

    def samples(self, samples: list[Sample], people: Iterable[Person]) -> list[Sample]:
        """The samples that may be shown, sorted; `people` is the roster at their instant, not disguised."""
        if self._open:
            return samples
        who = self._who(people)
        shown = [replace(each, key=key) for each in samples if (key := who(each.grain, each.key)) is not None]
        return sorted(shown, key=_place)

    def goals(self, goals: list[Goal], people: Iterable[Person]) -> list[Goal]:
        """The targets that may be shown, sorted; `people` as above."""
        if self._open:
            return goals
        who = self._who(people)
        return sorted(each._replace(key=key) for each in goals if (key := who(each.grain, each.key)) is not None)

    @property
    def shows_all(self) -> bool:
        """Whether everybody is shown by id."""
        return self._open

    def who(self, people: Iterable[Person]) -> Callable[[str, str], str | None]:
        """(grain, key) -> the key to show, None for nothing; `people` is the roster, not disguised."""
        return _itself if self._open else lru_cache(None)(self._who(people))

    @property
    def _open(self) -> bool:
        return self._mode in {"names", "ids"}

    def _who(self, people: Iterable[Person]) -> Callable[[str, str], str | None]:
        """(grain, key) -> the key to show, None for nothing."""
        sizes = _sizes(people)

        def who(grain: str, key: str) -> str | None:
            if grain == "rep":
                return self._rep(key) if self._mode == "pseudonyms" else None
            return None if grain == "team" and sizes[key] < self._min_size else key

        return who

    def _rep(self, rep: str) -> str:
        if rep in NOBODY or self._open:
            return rep
        return hmac.new(self._key, rep.encode(), hashlib.sha256).hexdigest()[:PSEUDONYM_DIGITS]


def _sizes(people: Iterable[Person]) -> Counter[str]:
    """Team → its reps."""
    return Counter(person.team for person in people)


def _itself(_grain: str, key: str) -> str:
    return key


def _place(sample: Sample) -> tuple[str, str, str, str, str, list[tuple[str, str]]]:
    """The order of the document that `replay` prints."""
    return sample.kpi, sample.grain, sample.key, sample.window, sample.bucket, sorted(sample.labels.items())
