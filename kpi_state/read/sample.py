"""A sample: one number of a KPI with the parts it is made of."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple, Self

import msgspec

from kpi_state.buckets import Amounts
from kpi_state.measures.registry import BY_STEM
from kpi_state.read.slots import Slot

MILLIONTHS: Final = 1_000_000


class Sample(msgspec.Struct, frozen=True, gc=False):
    """One number.

    `grain` is rep, team or org; `bucket` names the period, empty for rolling ones; `value` is None if nothing divides.
    """

    kpi: str
    grain: str
    key: str
    window: str
    bucket: str
    labels: dict[str, str]
    parts: dict[str, int | float]
    value: int | float | None


class Person(NamedTuple):
    """Who a rep is now; `team` is empty for none."""

    rep: str
    name: str
    team: str


class Exact(float):
    """A number of millionths that prints all its digits, however large: a float alone has only sixteen."""

    __slots__ = ("_text",)
    _text: str

    def __new__(cls, millionths: int) -> Self:
        """Nearest float to millionths ÷ 10⁶, with its exact decimals."""
        number = super().__new__(cls, millionths / MILLIONTHS)
        number._text = decimal(millionths)
        return number

    def __repr__(self) -> str:
        return self._text

    __str__ = __repr__


def decimal(millionths: int) -> str:
    """Millionths ÷ 10⁶, all its digits and no more."""
    if millionths < 0:
        return f"-{decimal(-millionths)}"
    whole, rest = divmod(millionths, MILLIONTHS)
    return f"{whole}.{rest:06d}".rstrip("0") if rest else f"{whole}"


def sample_of(slot: Slot, amounts: Amounts) -> Sample | None:
    """The sample of a number; None where there is nothing in any part."""
    return sampled(slot, amounts) if any(amounts) else None


def sampled(slot: Slot, amounts: Amounts) -> Sample:
    """The sample of a number that is there."""
    kpi, names = BY_STEM[slot.kpi], names_of(slot)
    exact = dict(zip(names, amounts, strict=False))
    numerator, denominator = kpi.value(exact)
    return Sample(
        kpi=slot.kpi,
        grain=slot.grain,
        key=slot.key,
        window=slot.window,
        bucket=slot.bucket,
        labels=dict(slot.labels),
        parts={name: shown(name, amount) if in_millionths(name) else amount for name, amount in exact.items()},
        value=quotient(numerator, denominator) if denominator else None,
    )


def names_of(slot: Slot) -> tuple[str, ...]:
    """The parts of a number, in the order of its amounts; a measure may carry more of these, for other windows."""
    kpi = BY_STEM[slot.kpi]
    names = kpi.parts
    if kpi.other_parts:
        for where in (("window", slot.window), *slot.labels):
            names = kpi.other_parts.get(where, names)
    return names


def shown(part: str, amount: int) -> int | float:
    """A part as it is printed: seconds are kept in microseconds, contracts in millionths."""
    if not in_millionths(part):
        return amount
    return Exact(amount) if amount % MILLIONTHS else amount // MILLIONTHS


@lru_cache(None)
def in_millionths(part: str) -> bool:
    """Whether a part is kept in millionths."""
    return part == "contracts" or "seconds" in part.split("_")


def quotient(numerator: int, denominator: int) -> int | float:
    """One division, correctly rounded; a whole number is an integer."""
    whole, rest = divmod(numerator, denominator)
    if not rest:
        return whole
    nearest = numerator / denominator
    return int(nearest) if nearest.is_integer() else nearest
