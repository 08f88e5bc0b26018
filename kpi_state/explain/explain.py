"""Explain one number of a replay: what makes it up, what decided that, and what was left out and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

from kpi_state.definitions import ReadSettings
from kpi_state.explain.case import Case
from kpi_state.explain.contributions import contributions
from kpi_state.explain.credits import Credits
from kpi_state.explain.elsewhere import OUTSIDE, Elsewhere
from kpi_state.explain.explanation import Explanation, LeftOut, head
from kpi_state.explain.left_out import LeftOuts
from kpi_state.explain.lines import Lines, Shares
from kpi_state.explain.others import Others
from kpi_state.explain.people import People
from kpi_state.explain.question import Question, answer
from kpi_state.explain.witnesses import Place
from kpi_state.kpis.kpi import Kpi
from kpi_state.read.document import Input
from kpi_state.read.identities import UNMAPPED
from kpi_state.replay import Replay

Item = TypeVar("Item")
Passes = Callable[[], Iterable[tuple[Place, bytes]]]
"""Goes through the same lines each time it is called: (`file:line`, line)."""


class Track(Protocol):
    """Goes through items and may show how far it has come."""

    def __call__(self, items: Iterable[Item], total: int, what: str) -> Iterable[Item]:
        """The same items; `total`: at most that many, `what`: is being done with them."""
        ...


def untracked(items: Iterable[Item], total: int, what: str) -> Iterable[Item]:  # noqa: ARG001 - signature of Track
    """The items, silently."""
    return items


def explain(
    passes: Passes,
    as_of: int,
    settings: ReadSettings,
    asked: Question,
    detailed: int | None = None,
    track: Track = untracked,
) -> Explanation:
    """The explanation of the number that is asked for, as of an instant in microseconds; raises QuestionError.

    detailed: how many of its entities get the statements that decided them; None: all.
    """
    replayed = Replay(as_of, settings)
    replayed.feed(text for _, text in passes())
    reader = replayed.reader()
    case = Case(replayed, reader, answer(reader.samples(as_of, supporting=True), asked))
    explanation = examine(case, detailed, track)
    case.witnesses.hear(passes(), as_of)
    explanation.left_out += case.witnesses.lost()
    return explanation


def examine(case: Case, detailed: int | None = None, track: Track = untracked) -> Explanation:
    """An explanation but for where its statements stand, and for what was said and lost."""
    replayed = case.replay
    counts = Input(replayed.read, replayed.after_as_of, replayed.quarantined)
    explanation = head(case.now, counts, case.sample)
    if case.measure is None:
        _about_people(case, explanation, detailed)
    else:
        _about_entities(case, case.measure, explanation, detailed, track)
    explanation.left_out.sort(key=lambda each: (each.reason, each.kind, each.subject, each.why))
    return explanation


def _about_people(case: Case, explanation: Explanation, detailed: int | None) -> None:
    people = People(case)
    for n, rep in enumerate(people):
        explanation.entities.append(people.line(rep, detailed=detailed is None or n < detailed))
    _leave_out(explanation, *people.left_out(), OUTSIDE)


def _about_entities(case: Case, measure: Kpi, explanation: Explanation, detailed: int | None, track: Track) -> None:
    shares, elsewhere, others = Shares(case), Elsewhere(case), Others(case)
    every = track(case.ledger.entities(), len(case.ledger), "adding up")
    for contribution in contributions(case.ledger, measure, every):
        counted = case.reader.counted(contribution.cell, contribution.amounts, case.now)
        landed = case.here(counted)
        if landed is not None:
            shares.add(contribution, landed)
        elif not elsewhere.note(contribution, counted) and case.slot.grain != "org":
            others.note(contribution, counted)
    lines, ids = Lines(case, shares, measure), Credits(case)
    for n, share in track(enumerate(shares), len(shares), "finding what decided"):
        asked = detailed is None or n < detailed
        explanation.entities.append(lines.line(share, detailed=asked))
        if asked:
            ids.note(*shares.example(share))
    explanation.credits = ids.all()
    _leave_out(explanation, *elsewhere.outside(), OUTSIDE)
    _leave_out(explanation, *others.left_out(), UNMAPPED)
    _leave_out(explanation, elsewhere.held_back())
    left_outs = LeftOuts(case, measure, shares.whos())
    for who in track(case.ledger.entities(), len(case.ledger), "finding what was left out"):
        _leave_out(explanation, left_outs.of(who))


def _leave_out(explanation: Explanation, found: Iterable[LeftOut], more: int = 0, reason: str = "") -> None:
    explanation.left_out += found
    if more:
        explanation.not_listed[reason] = more
