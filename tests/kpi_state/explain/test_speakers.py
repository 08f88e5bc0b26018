from collections.abc import Iterator

from kpi_state.explain.ledger import Ledger
from kpi_state.explain.speakers import SPEAKERS, speaker
from kpi_state.links import TOUCH, Address, slot_subject
from kpi_state.replay import Replay
from kpi_state.rows import Row
from tests.reference import microseconds
from tests.soups.soups import KINDS, soup_of
from tests.worlds import NOW, settings_of


def test_a_slot_is_filled_by_calls_or_by_activities() -> None:
    assert speaker("slot", slot_subject("r1", "n+31", "call", 1), TOUCH) == ("call", "filled by")
    assert speaker("slot", slot_subject("r1", "cc1", "email", 1), TOUCH) == ("activity", "filled by")


def ledgers() -> Iterator[Ledger]:
    for number in range(40):
        replayed = Replay(microseconds(NOW), settings_of())
        replayed.feed(soup_of(number, tuple(KINDS), 120))
        yield Ledger(replayed.state, replayed.settings.definitions)


def heard(row: Row) -> Iterator[tuple[str, str, object]]:
    """(relation, source, value) of everything that a row heard."""
    inboxes = [*row.links.items(), *((relation, shelf.links) for relation, shelf in row.shelves.items())]
    return ((relation, source, value) for relation, inbox in inboxes for source, (_, value) in inbox.items())


def test_every_link_that_stands_is_said_by_its_speaker() -> None:
    seen, unsaid = set(), []
    for ledger in ledgers():
        for who in ledger.entities():
            for relation, source, value in heard(ledger.row(*who)):
                seen.add((who.kind, relation))
                kind, _ = speaker(*who, relation)
                if ledger.spoken(kind, source, ledger.row(kind, source)).get(Address(*who, relation)) != value:
                    unsaid.append((who, relation, source))

    assert unsaid == []
    assert seen == {*SPEAKERS, ("slot", TOUCH)}
