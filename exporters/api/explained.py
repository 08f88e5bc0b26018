"""What the workers tell, as an explanation of the number that is shown; and whether it comes to that number."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import msgspec

from exporters.api.endpoint import RefusedError
from exporters.index import Number
from exporters.mirror import Mirror
from exporters.view import View
from exporters.workers import Heard
from kpi_state.buckets import QUARTER, Amounts, Cell
from kpi_state.explain.asking import Entity, differences
from kpi_state.explain.cells import Some, TooManyCellsError, adds_as_it_is, some_cells
from kpi_state.explain.explanation import Said, Via, added
from kpi_state.measures.registry import BY_STEM
from kpi_state.read.document import instant_text
from kpi_state.read.fewer import is_fewer
from kpi_state.read.identities import NOBODY
from kpi_state.read.sample import Sample, sample_of
from kpi_state.read.samples import Reader
from kpi_state.read.slots import Slot

MOST_CELLS = 20_000
"""About as many as are looked through within half a second: a day of 300 reps has some 10,000."""
SOME_CELLS = 5_000
"""So many are looked through where there are more."""
PASSED = "a quarter hour ended meanwhile, with which others may count: ask again"
WITHHELD = "what it is made of would tell on people, and [privacy] rep_labels hides them"


class Contributor(msgspec.Struct, frozen=True):
    """An entity and what it adds to the parts.  partition: where it lives, null for reps.  decided_by, via: why."""

    kind: str
    subject: str
    partition: int | None
    parts: dict[str, Number]
    decided_by: list[Said]
    via: list[Via]


class Asked(msgspec.Struct, frozen=True):
    """A worker that was asked about its partitions.  trouble: why it told nothing, empty where it did."""

    url: str
    partitions: list[int]
    seconds: Number | None
    trouble: str


class Explained(msgspec.Struct, frozen=True):
    """A number explained.

    complete: whether the entities of all partitions come to the number that is shown, to the last digit.  notes: why
    not, a line each.  more: how many entities there are beside those that are named.  ids_left: ids as sent whose
    entities are neither named nor counted in `more`, because the number has too many; 0 where all are looked through.
    """

    as_of: str
    sample: Sample
    complete: bool
    notes: list[str]
    entities: list[Contributor]
    more: int
    ids_left: int
    workers: list[Asked]


class Known(NamedTuple):
    """What is known of a number before anybody is asked, and at which instant.  whole: its amounts, where `some` are
    not all its cells.
    """

    now: int
    slot: Slot
    measure: str
    some: Some
    whole: Amounts | None
    owners: dict[int, str]
    positions: dict[int, int]


def nothing(slot: Slot) -> RefusedError:
    """The error about a number that is not there."""
    where = " ".join([slot.window, slot.bucket, *(f"{name}={value}" for name, value in slot.labels)]).strip()
    return RefusedError(404, f"nothing counts for {slot.kpi} of {slot.grain} {slot.key} in {' '.join(where.split())}")


def _undisguised(view: View, reader: Reader, now: int, slot: Slot) -> Slot:
    """The slot by the key that is counted under."""
    if view.disguise.shows_all or slot.grain != "rep":
        return slot
    people = reader.people(now)
    who = view.disguise.who(people)
    known = {who("rep", rep): rep for rep in (*NOBODY, *(person.rep for person in people))}
    return slot._replace(key=known.get(slot.key, slot.key))


def known_of(view: View, mirror: Mirror[Reader], now: int, shown_slot: Slot, measure: str) -> Known:
    """The cells of a number, and who can be asked about them; raises RefusedError (404)."""
    slot = _undisguised(view, mirror.rows, now, shown_slot)
    try:
        some = some_cells(mirror.rows, measure, slot, now, MOST_CELLS, SOME_CELLS)
    except TooManyCellsError as error:
        text = f"{slot.kpi} of {shown_slot.grain} {shown_slot.key} in {slot.window}: {error}"
        raise RefusedError(400, f"{text}; ask for a rep, a team or a shorter window") from None
    if not some.cells:
        raise nothing(shown_slot)
    whole = mirror.rows.number(slot, now) if some.ids_left else None
    return Known(now, slot, measure, some, whole, mirror.workers(), view.follower.tally_positions())


def explained(
    view: View, mirror: Mirror[Reader], now: int, shown_slot: Slot, known: Known, heard: list[Heard], limit: int
) -> Explained:
    """The answers of the workers, as parts of the number: a sum is that of the instant its cells were taken at, what
    is none is counted as of `now`, because a reader that is asked about what is past counts everything anew.
    """
    stem, cells = known.slot.kpi, known.some.cells
    order = list(cells)
    as_it_is = adds_as_it_is(BY_STEM[stem]) and not is_fewer(stem, view.settings.definitions)

    def adds(some: Collection[tuple[Cell, Amounts]]) -> Amounts:
        landed = (
            [given for _, given in some]
            if as_it_is
            else [
                amounts
                for cell, given in some
                for slot, amounts in mirror.rows.counted(cell, given, now)
                if slot == known.slot
            ]
        )
        return added(landed, _parts(known.slot)) if landed else ()

    whole = known.whole if as_it_is or known.whole is None else mirror.rows.number(known.slot, now) or ()
    sample = sample_of(shown_slot, adds(cells.items()) if whole is None else whole)
    if sample is None:
        raise nothing(shown_slot)
    told = [each.told for each in heard if each.told is not None]
    shares = sorted((share for each in told for share in each.partitions), key=lambda share: share.partition)
    entities: list[Contributor] = []
    for share in shares:
        for entity in share.entities:
            amounts = adds([(order[index], given) for index, given in entity.cells])
            entities.append(_contributor(shown_slot, entity, share.partition, amounts))
    unnamed = sum(share.more for share in shares) + max(0, len(entities) - limit)
    notes = list(_notes(known, heard, len(differences(cells, told))))
    if not as_it_is and now // QUARTER != known.now // QUARTER:
        notes.append(PASSED)
    complete = not notes
    if not view.disguise.shows_all:
        notes.append(WITHHELD)
    workers = [
        Asked(each.url, list(each.partitions), each.told.seconds if each.told else None, each.trouble) for each in heard
    ]
    as_of = instant_text(known.now if as_it_is else now)
    return Explained(as_of, sample, complete, notes, entities[:limit], unnamed, known.some.ids_left, workers)


def _contributor(slot: Slot, entity: Entity, partition: int | None, amounts: Amounts) -> Contributor:
    made = sample_of(slot, amounts)
    parts: dict[str, Number] = made.parts if made is not None else dict.fromkeys(_parts(slot), 0)
    return Contributor(entity.kind, entity.subject, partition, parts, entity.decided_by, entity.via)


def _parts(slot: Slot) -> tuple[str, ...]:
    """The names of the parts of a sample."""
    kpi = BY_STEM[slot.kpi]
    names = kpi.parts
    for where in (("window", slot.window), *slot.labels):
        names = kpi.other_parts.get(where, names)
    return names


def _notes(known: Known, heard: list[Heard], differing: int) -> list[str]:
    """What is missing, or of another moment."""
    found = [f"worker {each.url} of {_listed(each.partitions)}: {each.trouble}" for each in heard if each.trouble]
    moved = sorted(partition for each in heard if each.told for partition in each.told.not_owned)
    if moved:
        found.append(f"{_listed(moved)} changed hands: ask again in a second")
    if unasked := sorted(known.positions.keys() - known.owners.keys()):
        found.append(f"{_listed(unasked)}: no worker says where it can be asked; start workers with --listen")
    if differing:
        found.append(f"{differing} of {len(known.some.cells)} cells differ from what is shown{_ahead(known, heard)}")
    if known.some.ids_left:
        looked = f"the entities of {known.some.ids} ids were looked through, the first by name"
        left = f"those of up to {known.some.ids_left} others are too many"
        found.append(f"{looked}; {left}: ask for a team, a rep or a shorter window")
    return found


def _ahead(known: Known, heard: list[Heard]) -> str:
    """How far the workers that told are from what is shown."""
    shares = [share for each in heard if each.told for share in each.told.partitions]
    away = {share.partition: share.position - known.positions.get(share.partition, share.position) for share in shares}
    if not any(away.values()):
        return ""
    far = max(map(abs, away.values()))
    return f": they are of another moment, up to {far} records away; ask again"


def _listed(partitions: tuple[int, ...] | list[int]) -> str:
    return f"partition{'s' * (len(partitions) > 1)} {', '.join(map(str, partitions))}"


def of_people(view: View, mirror: Mirror[Reader], now: int, shown_slot: Slot, limit: int) -> Explained:
    """A number about reps themselves, which no worker needs to be asked about."""
    slot = _undisguised(view, mirror.rows, now, shown_slot)
    amounts: dict[str, list[Amounts]] = {}
    for rep, where, adds in mirror.rows.of_people(now):
        if where == slot:
            amounts.setdefault(rep, []).append(adds)
    names = _parts(slot)
    sample = sample_of(shown_slot, added([added(each, names) for each in amounts.values()], names)) if amounts else None
    if sample is None:
        raise nothing(shown_slot)
    reps = [Entity("rep", rep, None, [], [], []) for rep in sorted(amounts)]
    lines = [_contributor(shown_slot, each, None, added(amounts[each.subject], names)) for each in reps]
    shown = lines[:limit] if view.disguise.shows_all else []
    notes = [] if view.disguise.shows_all else [WITHHELD]
    return Explained(instant_text(now), sample, True, notes, shown, len(lines) - len(shown), 0, [])
