"""Which number is asked for, and what to say when there is none or more than one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from typing import Final, NamedTuple

from kpi_state.measures.registry import BY_STEM
from kpi_state.read.identities import UNMAPPED
from kpi_state.read.sample import Sample
from kpi_state.read.slots import Slot

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_CLOSE: Final = 3
_NAMED: Final = 8
"""Names that an answer lists at most."""


class QuestionError(ValueError):
    """A question without exactly one answer; its text is one line with the remedy."""


class Question(NamedTuple):
    """What is asked for. grain: "" = whichever the key is of.  labels: as many as are needed to tell samples apart."""

    kpi: str
    key: str
    window: str
    bucket: str = ""
    grain: str = ""
    labels: Mapping[str, str] = {}


def slot_of(sample: Sample) -> Slot:
    """Where a sample stands among the numbers of a reader."""
    return Slot(
        sample.kpi, sample.grain, sample.key, sample.window, sample.bucket, tuple(sorted(sample.labels.items()))
    )


def answer(samples: Iterable[Sample], asked: Question) -> Sample:
    """The sample that is asked for; raises QuestionError."""
    if asked.kpi not in BY_STEM:
        raise QuestionError(f"--kpi: there is no KPI {asked.kpi!r}; {_instead(asked.kpi, BY_STEM, most=len(BY_STEM))}")
    found = [sample for sample in samples if sample.kpi == asked.kpi]
    if not found:
        raise QuestionError(f"--kpi {asked.kpi}: nothing counts for it in these events")
    found = _of_key(found, asked)
    windows = list(dict.fromkeys(sample.window for sample in found))
    if asked.window not in windows:
        raise QuestionError(f"--window: {_whose(asked)} has no {asked.window!r}, it has {_listed(windows)}")
    found = [sample for sample in found if sample.window == asked.window]
    buckets = sorted({sample.bucket for sample in found}, key=moment)
    if asked.bucket not in buckets:
        raise QuestionError(f"--bucket: {_no_bucket(asked, buckets)}")
    return _by_labels([sample for sample in found if sample.bucket == asked.bucket], asked)


def _of_key(samples: Sequence[Sample], asked: Question) -> list[Sample]:
    keys = {sample.key for sample in samples if not asked.grain or sample.grain == asked.grain}
    if asked.key not in keys:
        hint = f"; ids that the roster does not know count together under {UNMAPPED!r}" if UNMAPPED in keys else ""
        grain = f"{asked.grain} " if asked.grain else ""
        raise QuestionError(
            f"--key: {asked.kpi} has nothing for the {grain}key {asked.key!r}; {_instead(asked.key, keys)}{hint}"
        )
    found = [s for s in samples if s.key == asked.key and (not asked.grain or s.grain == asked.grain)]
    grains = list(dict.fromkeys(sample.grain for sample in found))
    if len(grains) > 1:
        options = " or ".join(f"--grain {grain}" for grain in grains)
        raise QuestionError(f"--key: {asked.key!r} is more than one thing; say {options}")
    return found


def _by_labels(samples: Sequence[Sample], asked: Question) -> Sample:
    """The one with exactly these labels, else the only one that has them among its own."""
    wanted = dict(asked.labels)
    having = [sample for sample in samples if wanted.items() <= sample.labels.items()]
    exact = [sample for sample in having if sample.labels == wanted]
    if len(exact or having) == 1:
        return (exact or having)[0]
    options = [" ".join(f"--label {name}={value}" for name, value in s.labels.items()) or "no label" for s in samples]
    trouble = "no sample has these" if not having else "more than one sample has these"
    raise QuestionError(f"--label: {trouble}; say {_listed(options, ' | ')}")


def _no_bucket(asked: Question, buckets: Sequence[str]) -> str:
    if buckets == [""]:
        return f"{asked.window} has no buckets, leave it out"
    if not asked.bucket:
        newest = _listed(buckets[-_NAMED:], of=len(buckets))
        return f"say which {asked.window}: {_whose(asked)} has {newest}"
    after = sum(moment(bucket) < moment(asked.bucket) for bucket in buckets)
    first = max(0, min(after - _NAMED // 2, len(buckets) - _NAMED))
    return f"{_whose(asked)} has nothing in {asked.bucket!r}; around it: {_listed(buckets[first:], of=len(buckets))}"


def moment(bucket: str) -> tuple[timedelta, str]:
    """Buckets of one window in the order of time: names sort, but for the offsets of hours."""
    try:
        begin = datetime.fromisoformat(bucket)
    except ValueError:
        return timedelta(0), bucket
    return (begin - _EPOCH if begin.tzinfo else timedelta(0)), bucket


def _whose(asked: Question) -> str:
    return f"{asked.kpi} of {asked.key}"


def _instead(name: str, names: Collection[str], most: int = _NAMED) -> str:
    """What may have been meant, else what there is."""
    longer = sorted(each for each in names if name and each.startswith(name))
    close = list(dict.fromkeys([*longer, *get_close_matches(name, names, _CLOSE)]))[:_CLOSE]
    return f"did you mean {' or '.join(close)}?" if close else f"there are {_listed(sorted(names), most=most)}"


def _listed(names: Sequence[str], between: str = ", ", *, of: int = 0, most: int = _NAMED) -> str:
    """The first names, and how many more there are, of `of` if there are others before."""
    more = (of or len(names)) - most
    return between.join(names[:most]) + (f" and {more} more" if more > 0 else "")
