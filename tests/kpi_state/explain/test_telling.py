import random
from collections.abc import Sequence
from typing import Any
from zlib import crc32

import pytest

from kpi_state.apply import fingerprint
from kpi_state.buckets import Cell
from kpi_state.explain import glance, telling
from kpi_state.explain.asking import Ask, Entity, Share, Told, differences, question
from kpi_state.explain.cells import cells_in
from kpi_state.explain.contributions import measured
from kpi_state.explain.deciding import Decision, decide
from kpi_state.explain.glance import Look
from kpi_state.explain.question import Question, answer, slot_of
from kpi_state.explain.sought import Sought
from kpi_state.explain.telling import tell
from kpi_state.measures.registry import BY_STEM
from kpi_state.read.sample import Sample
from kpi_state.rows import Row, decode_row
from tests.explaining import told
from tests.reference import microseconds
from tests.soups.soups import KINDS, soup_of
from tests.statements import account, call, lead, mailed, opportunity, purchase, rep, spoke
from tests.worlds import NOW, World, readable, settings_of

PARTITIONS = 3


def on(partition: int, kind: str) -> str:
    """A subject that lives on a partition."""
    return next(name for n in range(99) if crc32((name := f"{kind}-{n}").encode()) % PARTITIONS == partition)


class Asked:
    """Some events on three partitions, and one number of theirs asked of all."""

    def __init__(self, lines: Sequence[bytes]) -> None:
        self.now, self.settings = microseconds(NOW), settings_of()
        events, _ = readable(lines, self.now)
        self.world = World(PARTITIONS, self.settings.definitions).run(events)
        self.reader = self.world.reader(self.settings)

    def samples(self) -> list[Sample]:
        return self.reader.samples(self.now, supporting=True)

    def ask(self, sample: Sample, most: int = 1000) -> tuple[dict[Cell, tuple[int, ...]], list[Share]]:
        """The cells of a number, and what each partition tells of them."""
        measure = measured(BY_STEM[sample.kpi])
        assert measure is not None
        cells = cells_in(self.reader, measure.stem, slot_of(sample), self.now)
        print_ = fingerprint(self.settings.definitions)
        asked = Ask(print_, measure.stem, question(cells), list(range(PARTITIONS)), most)
        sought = Sought(asked)
        shares = [tell(state, self.settings.definitions, sought, n, 7) for n, state in enumerate(self.world.states)]
        assert sought.most >= 0
        assert differences(cells, [Told(print_, shares, [], 0.0)]) == {}
        return cells, shares

    def entities(self, kpi: str, key: str, window: str, bucket: str = "", **labels: str) -> list[Entity]:
        """Everybody in one number, in the order of partitions."""
        sample = answer(self.samples(), Question(kpi, key, window, bucket, labels=labels))
        return [entity for share in self.ask(sample)[1] for entity in share.entities]


@pytest.mark.parametrize("number", range(6))
@pytest.mark.parametrize("names", [0, glance.NAMES])
def test_of_every_number_the_entities_of_all_partitions_come_to_what_is_published(
    number: int, names: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(glance, "NAMES", names)
    asked = Asked(soup_of(number, tuple(KINDS), 120))
    samples = [sample for sample in asked.samples() if measured(BY_STEM[sample.kpi]) is not None]
    asking = random.Random(number).sample(samples, min(60, len(samples)))

    for sample in asking:
        cells, shares = asked.ask(sample)
        listed: dict[int, list[int]] = {}
        for share in shares:
            assert (share.position, share.more) == (7, 0)
            for entity in share.entities:
                for index, amounts in entity.cells:
                    so_far = listed.get(index, [0] * len(amounts))
                    listed[index] = [a + b for a, b in zip(so_far, amounts, strict=True)]
        assert {index: tuple(sums) for index, sums in listed.items() if any(sums)} == dict(enumerate(cells.values()))
    assert len(asking) > 20


def test_an_entity_has_the_statements_that_decided_what_it_contributes() -> None:
    name = on(1, "lead")
    lines = [
        rep("r1"),
        lead(name, "2024-01-05", created_at="2024-01-05", owner_id="r1", origin="web"),
        lead(name, "2024-01-06", status="working"),
    ]

    (entity,) = Asked(lines).entities("leads_created", "r1", "month", "2024-01")

    assert (entity.kind, entity.subject, entity.host) == ("lead", name, None)
    assert told(entity.decided_by) == [("created_at", "2024-01-05T12:00:00Z"), ("origin", "web"), ("owner_id", "r1")]
    assert entity.decided_by[0].at == ""


def test_of_those_who_live_elsewhere_it_is_told_that_their_word_counts() -> None:
    name, deal = on(0, "lead"), on(1, "deal")
    lines = [
        rep("r1"),
        lead(name, "2024-01-05", created_at="2024-01-05", owner_id="r1"),
        opportunity(deal, "2024-01-06", lead_id=name, outcome="won", closed_at="2024-01-06"),
    ]

    (entity,) = Asked(lines).entities("lead_win", "r1", "month", "2024-01", basis="cohort")

    assert (entity.kind, entity.subject) == ("lead", name)
    assert [(via.kind, via.subject, via.decided_by, via.via) for via in entity.via] == [("opportunity", deal, [], [])]


def test_the_word_of_those_who_live_here_comes_with_its_statements() -> None:
    name = on(0, "lead")
    deal = next(f"d{n}" for n in range(99) if crc32(f"d{n}".encode()) % PARTITIONS == 0)
    lines = [
        rep("r1"),
        lead(name, "2024-01-05", created_at="2024-01-05", owner_id="r1"),
        opportunity(deal, "2024-01-06", lead_id=name, outcome="won", closed_at="2024-01-06"),
    ]

    (entity,) = Asked(lines).entities("lead_win", "r1", "month", "2024-01", basis="cohort")

    assert ("outcome", "won") in told(entity.via[0].decided_by)


@pytest.mark.parametrize("home", [0, 2])
def test_what_was_bought_contributes_through_its_account(home: int) -> None:
    bought, customer = on(home, "purchase"), on(2, "account")
    lines = [
        rep("r1"),
        account(customer, "2024-01-01", owner_id="r1"),
        purchase(bought, "2024-01-05", account_id=customer, at="2024-01-05", amount_minor=500, currency="EUR"),
    ]

    (own, entity) = Asked(lines).entities("customer_lifetime_value", "r1", "to_date", currency="EUR")

    assert (own.kind, own.subject, own.host) == ("account", customer, None)
    assert entity.host is not None
    assert (entity.kind, entity.subject, entity.host.subject) == ("purchase", bought, customer)
    belongs = entity.via[-1]
    assert (belongs.says, belongs.subject) == ("belongs to", customer)
    assert told(belongs.decided_by) == [("owner_id", "r1")]
    assert bool(entity.decided_by) == (home == 2)


def test_only_the_first_are_named_and_the_others_are_in_the_sums() -> None:
    lines = [
        rep("r1"),
        *(lead(f"l{n}", "2024-01-05", created_at="2024-01-05", owner_id="r1") for n in range(30)),
    ]
    asked = Asked(lines)
    sample = answer(asked.samples(), Question("leads_created", "r1", "month", "2024-01"))

    everyone = asked.ask(sample)[1]
    first_has = len(everyone[0].entities)

    assert [len(share.entities) for share in asked.ask(sample, most=2)[1]] == [2, 0, 0]
    shares = asked.ask(sample, most=first_has + 1)[1]
    assert [len(share.entities) for share in shares] == [first_has, 1, 0]
    assert [share.totals for share in shares] == [share.totals for share in everyone]
    assert sum(share.more for share in shares) == 30 - first_has - 1
    first = shares[0].entities
    assert first[0].subject < first[1].subject


def test_no_more_than_none_are_named_if_none_are_asked_for() -> None:
    asked = Asked([rep("r1"), lead("l1", "2024-01-05", created_at="2024-01-05", owner_id="r1")])

    _, shares = asked.ask(answer(asked.samples(), Question("leads_created", "r1", "month", "2024-01")), most=0)

    assert [share.entities for share in shares] == [[], [], []]
    assert sum(share.more for share in shares) == 1


def test_rows_in_which_nobody_is_named_who_is_asked_about_are_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [
        rep("r1"),
        rep("r2"),
        *(spoke(f"k{n}", f"2024-01-05 1{n}:00", f"r{n % 2 + 1}", contact_id="c1") for n in range(6)),
        mailed("m1", "2024-01-05 09:00", "r1", contact_id="c1"),
        call("x1", "2024-01-05", rep_id="r2"),
    ]
    asked = Asked(lines)
    decoded: list[str] = []

    def noted(kind: str, data: bytes) -> Row:
        decoded.append(kind)
        return decode_row(kind, data)

    monkeypatch.setattr(telling, "decode_row", noted)

    asked.ask(answer(asked.samples(), Question("touchpoints", "r1", "month", "2024-01")))

    assert decoded.count("slot") == 4


def test_of_a_question_that_nobody_waits_for_any_more_no_more_is_told_than_was_found() -> None:
    lines = [rep("r1"), *(lead(f"l{n}", "2024-01-05", created_at="2024-01-05", owner_id="r1") for n in range(9))]
    asked = Asked(lines)
    cells, _ = asked.ask(answer(asked.samples(), Question("leads_created", "r1", "month", "2024-01")))
    sought = Sought(Ask("", "leads_created", question(cells), [0], 5))
    sought.dropped = True

    assert tell(asked.world.states[0], asked.settings.definitions, sought, 0, 7) == Share(0, 7, [], [], 0)


def test_nor_is_the_rest_gone_through_where_nothing_matches(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked([rep("r1"), *(lead(f"l{n}", "2024-01-05", created_at="2024-01-05", owner_id="r1") for n in range(9))])
    cells, _ = asked.ask(answer(asked.samples(), Question("leads_created", "r1", "month", "2024-01")))
    sought = Sought(Ask("", "leads_created", question(cells), [0], 5))
    looked: list[bytes] = []

    class Leaving(Look):
        def may(self, key: bytes, data: bytes) -> bool:
            looked.append(key)
            sought.dropped = True
            return False

    monkeypatch.setattr(sought, "looks", (Leaving("lead"),))
    monkeypatch.setattr(telling, "AT_ONCE", 1)
    tell(asked.world.states[0], asked.settings.definitions, sought, 0, 7)

    assert len(looked) == 1


def test_and_no_more_is_said_of_why(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [rep("r1"), *(lead(f"l{n}", "2024-01-05", created_at="2024-01-05", owner_id="r1") for n in range(9))]
    asked = Asked(lines)
    cells, shares = asked.ask(answer(asked.samples(), Question("leads_created", "r1", "month", "2024-01")))
    sought = Sought(Ask("", "leads_created", question(cells), [0], 5))

    def left(*given: Any) -> Decision:
        sought.dropped = True
        return decide(*given)

    monkeypatch.setattr(telling, "decide", left)
    share = tell(asked.world.states[0], asked.settings.definitions, sought, 0, 7)

    assert (len(share.entities), share.totals) == (1, shares[0].totals)
