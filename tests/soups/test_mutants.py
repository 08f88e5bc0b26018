"""The soups would notice: each mutant breaks one rule of the core, and a soup must then diverge."""

from collections.abc import Callable
from typing import Any

import pytest

from kpi_state import apply, evaluate, facts, links, merges, rows, trees
from kpi_state.entities import account, contact, lead, opportunity
from kpi_state.events import Event
from kpi_state.rows import Row
from tests.soups.soups import soup_of
from tests.worlds import NOW, replayed, settings_of

SOUPS = 400
SETTINGS = settings_of(zone="Europe/Berlin", grace_days=1)
Patch = pytest.MonkeyPatch


def no_tie_break(patch: Patch) -> None:
    """Of two contents under one stamp the one that came first stays."""
    patch.setattr(facts, "_wins", lambda *_: False)


def last_content_wins(patch: Patch) -> None:
    """Of two contents under one stamp the one that came last stays."""
    patch.setattr(facts, "_wins", lambda _kind, _field, new, old: new != old)


def last_arrival_wins(patch: Patch) -> None:
    """Facts are what was said last, not what was said of the latest time."""

    def merge(row: Row, event: Event) -> bool:
        later = event.stamp
        for stamp, _ in row.facts.values():
            later = max(later, stamp)
        return facts.merge(row, Event(event.kind, event.subject, later, event.fields, 0, None))

    patch.setattr(apply, "merge", merge)


def compressed_timelines(patch: Patch) -> None:
    """A statement that repeats the one before it is not kept."""
    real = facts.state

    def state(kind: str, field: str, line: facts.Line, stamp: Any, value: Any) -> bool:
        before = [said for at, said in line if at < stamp]
        return not (before and before[-1] == value) and real(kind, field, line, stamp, value)

    patch.setattr(facts, "state", state)


def links_without_revisions(patch: Patch) -> None:
    """The link that arrives last is the one that stands."""
    for module in (links, trees):
        patch.setattr(module, "supersedes", lambda _old, _rev: True)


def links_stamped_with_the_time_of_their_event(patch: Patch) -> None:
    """A link is as new as the event that caused it, and not as the change of its source."""

    def merge(row: Row, event: Event) -> bool:
        changed = facts.merge(row, event)
        if changed:
            row.rev = event.stamp[0]
        return changed

    patch.setattr(apply, "merge", merge)


def retracted_links_forgotten(patch: Patch) -> None:
    """A retracted link leaves no revision behind, so a late repetition brings it back."""

    def receive(inbox: rows.Inbox, source: str, rev: int, value: Any) -> bool:
        old = inbox.get(source)
        if old is not None and rev <= old[0]:
            return False
        if value is None:
            return inbox.pop(source, None) is not None
        inbox[source] = (rev, value)
        return old is None or old[1] != value

    patch.setattr(apply, "receive", receive)


def merges_without_paths(patch: Patch) -> None:
    """A loser sends its winner everything, and nobody knows along which way it came."""

    def forward(_winner: str, subject: str, own: merges.Payload, items: dict[str, merges.Item]) -> dict[str, list[Any]]:
        return {subject: [[subject], own]} | {origin: [[origin], payload] for origin, (_, payload) in items.items()}

    for module in (account, contact, lead, opportunity):
        patch.setattr(module, "forward", forward)


def winners_of_merges_do_not_pass_on(patch: Patch) -> None:
    """A chain of merges ends at the second."""

    def forward(_winner: str, subject: str, own: merges.Payload, _items: object) -> dict[str, list[Any]]:
        return {subject: [[subject], own]}

    for module in (account, contact, lead, opportunity):
        patch.setattr(module, "forward", forward)


def nothing_is_taken_back(patch: Patch) -> None:
    """What an entity no longer contributes stays counted."""

    def difference(new: Any, old: Any, deltas: Any) -> None:
        evaluate.difference(new, {cell: amounts for cell, amounts in old.items() if cell in new}, deltas)

    patch.setattr(apply, "difference", difference)


def minima_that_cannot_be_retracted(patch: Patch) -> None:
    """A shelf remembers its earliest touch alone, also when that is gone."""
    real = trees.Trees.keep

    def keep(self: trees.Trees, tree: trees.Tree, source: str, rev: int, value: Any) -> Any:
        return real(self, tree, source, rev, value) if value is not None else trees.UNCHANGED

    patch.setattr(trees.Trees, "keep", keep)


LEADS = ("lead", "opportunity")
TOUCHES = ("contact", "call", "activity", "lead")
MUTANTS: dict[Callable[[Patch], None], tuple[str, ...]] = {
    no_tie_break: LEADS,
    last_content_wins: LEADS,
    last_arrival_wins: LEADS,
    compressed_timelines: LEADS,
    links_without_revisions: TOUCHES,
    links_stamped_with_the_time_of_their_event: TOUCHES,
    retracted_links_forgotten: LEADS,
    merges_without_paths: TOUCHES,
    winners_of_merges_do_not_pass_on: TOUCHES,
    nothing_is_taken_back: TOUCHES,
    minima_that_cannot_be_retracted: TOUCHES,
}


def diverges(number: int, kinds: tuple[str, ...]) -> bool:
    try:
        replayed(soup_of(number, kinds), NOW, SETTINGS)
    except AssertionError:
        return True
    return False


@pytest.mark.parametrize("kinds", [LEADS, TOUCHES], ids=["leads", "touches"])
def test_without_a_mutant_none_of_these_soups_diverges(kinds: tuple[str, ...]) -> None:
    assert not any(diverges(number, kinds) for number in range(40))


@pytest.mark.parametrize(("mutant", "kinds"), MUTANTS.items(), ids=lambda each: getattr(each, "__name__", ""))
def test_a_soup_notices(mutant: Callable[[Patch], None], kinds: tuple[str, ...]) -> None:
    with Patch.context() as patch:
        mutant(patch)
        noticed = next((number for number in range(SOUPS) if diverges(number, kinds)), None)

    assert noticed is not None, f"{SOUPS} soups did not notice"
    assert not diverges(noticed, kinds), "it diverges without the mutant too"
