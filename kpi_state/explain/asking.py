"""A question to the workers and their answers: which cells a number is made of, and who contributes to them.

Sums of a number can be told from the published rows; whose contributions they are only the ledger says, of which every
worker holds its partitions. So the reader names the cells, each worker says what its entities contribute to them, and
what all of them say must come to what is published.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Final, NamedTuple

import msgspec

from kpi_state.buckets import Amounts, Cell, add
from kpi_state.explain.said import Said, Via
from kpi_state.links import Address

AskedCell = tuple[str, str, int, int, tuple[str, ...]]
"""(rep as sent, tag, a, b, labels) of a cell."""


class Ask(msgspec.Struct):
    """What a worker is asked.

    fingerprint: of the definitions and the core that the cells were counted with.  measure: stem of the KPI whose
    contributions are meant.  most: entities to name, those of the first partitions, with what decided them.  seconds:
    how long the answer is waited for.
    """

    fingerprint: str
    measure: str
    cells: list[AskedCell]
    partitions: list[int]
    most: int = 50
    seconds: float = 2.0


class Entity(msgspec.Struct):
    """An entity and what it contributes: (index of the cell asked for, amounts).

    host: through whose shelf, of what does not contribute by itself.  decided_by, via: as in an explanation; statements
    of entities that live on other partitions are not known and left out.
    """

    kind: str
    subject: str
    host: Address | None
    cells: list[tuple[int, Amounts]]
    decided_by: list[Said]
    via: list[Via]


class Share(msgspec.Struct):
    """What the entities of one partition contribute.

    position: offset of the tally's changelog up to which its rows are.  totals: (index of a cell, amounts) of all of
    them.  entities: the first ones.  more: how many others there are.
    """

    partition: int
    position: int
    totals: list[tuple[int, Amounts]]
    entities: list[Entity]
    more: int


class Told(msgspec.Struct):
    """What a worker answers.  not_owned: partitions it was asked about and does not own (any more)."""

    fingerprint: str
    partitions: list[Share]
    not_owned: list[int]
    seconds: float


encode_told: Final = msgspec.json.Encoder().encode
decode_told: Final = msgspec.json.Decoder(Told).decode
encode_ask: Final = msgspec.json.Encoder().encode
decode_ask: Final = msgspec.json.Decoder(Ask).decode


class Difference(NamedTuple):
    """Of a cell: what is published, and what the workers' entities come to."""

    published: Amounts
    told: Amounts


def question(cells: Iterable[Cell]) -> list[AskedCell]:
    """Cells of one measure as a question names them."""
    return [(rep, *bucket, labels) for _, rep, bucket, labels in cells]


def cells_asked(asked: Ask) -> list[Cell]:
    """The inverse of `question`."""
    return [(asked.measure, rep, (tag, a, b), labels) for rep, tag, a, b, labels in asked.cells]


def answers(told: Told, cells: Mapping[Cell, Amounts]) -> bool:
    """Whether an answer is about cells that were asked for, with as many amounts as each has; the others are no answer.

    cells: in the order in which they were asked for.
    """
    widths = [len(amounts) for amounts in cells.values()]
    said = chain.from_iterable(
        chain(share.totals, chain.from_iterable(entity.cells for entity in share.entities)) for share in told.partitions
    )
    return all(0 <= index < len(widths) and len(amounts) == widths[index] for index, amounts in said)


def differences(cells: Mapping[Cell, Amounts], told: Iterable[Told]) -> dict[Cell, Difference]:
    """Where workers' entities do not come to what is published: nowhere, if both speak of the same moment.

    cells: in the order in which they were asked for.  told: what `answers`.
    """
    order = list(cells)
    sums: dict[Cell, Amounts] = {}
    for answer in told:
        for share in answer.partitions:
            for index, amounts in share.totals:
                add(sums, order[index], amounts)
    nothing = {cell: (0,) * len(amounts) for cell, amounts in cells.items()}
    found = {cell: Difference(amounts, sums.get(cell, nothing[cell])) for cell, amounts in cells.items()}
    return {cell: each for cell, each in found.items() if each.published != each.told}
