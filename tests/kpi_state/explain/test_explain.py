"""The explanation of every number of a soup adds up to it, and what it rests on alone gives it again.

`SOUP_EXAMPLES` says of how many soups.
"""

import os
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache

import msgspec
import pytest

from kpi_state.definitions import ReadSettings
from kpi_state.explain.case import Case
from kpi_state.explain.explain import examine, explain
from kpi_state.explain.explanation import Explanation, Said
from kpi_state.explain.question import Question, QuestionError
from kpi_state.kpis.kpi import Kpi
from kpi_state.kpis.registry import KPIS
from kpi_state.measures.registry import ALL
from kpi_state.read.sample import Sample
from kpi_state.replay import Replay
from tests.explaining import all_said, chain, exact, explained, left_out, line_of, numbered, only_said, told, total
from tests.reference import microseconds
from tests.soups.soups import KINDS, soup_of
from tests.statements import contact, lead, opportunity, rep, spoke
from tests.worlds import NOW, settings_of

AS_OF = microseconds(NOW)
SETTINGS = settings_of(zone="Europe/Amsterdam", teams={"B": "Asia/Kathmandu"}, windows={"touchpoints": ["rolling_90d"]})
SOUPS = range(int(os.environ.get("SOUP_EXAMPLES") or 4))


@cache
def soup(number: int) -> tuple[bytes, ...]:
    return tuple(soup_of(number, tuple(KINDS), 120))


def replayed(lines: Sequence[bytes]) -> Replay:
    result = Replay(AS_OF, SETTINGS)
    result.feed(lines)
    return result


def cases(lines: Sequence[bytes], step: int = 1) -> Iterator[Case]:
    """Every number of a soup, or every few."""
    result = replayed(lines)
    reader = result.reader()
    return (Case(result, reader, sample) for sample in reader.samples(AS_OF, supporting=True)[::step])


@pytest.mark.parametrize("number", SOUPS)
def test_the_contributions_of_every_sample_add_up_to_its_parts(number: int) -> None:
    wrong = [
        case.sample
        for case in cases(soup(number))
        if total(examine(case, detailed=0).entities) != exact(case.sample.parts)
    ]

    assert wrong == []


def test_the_soups_hold_every_kpi_in_every_grain() -> None:
    seen = {(case.sample.kpi, case.sample.grain) for number in SOUPS for case in cases(soup(number))}

    assert seen >= {(kpi.stem, grain) for kpi in KPIS for grain in kpi.grains}


@pytest.mark.parametrize("kpi", ALL, ids=lambda kpi: kpi.stem)
def test_the_example_of_every_kpi_and_of_what_supports_it_is_explained(kpi: Kpi) -> None:
    assert kpi.example is not None
    lines = [
        msgspec.json.encode(msgspec.json.decode(event) | {"specversion": "1.0", "source": "/book", "id": str(n)})
        for n, event in enumerate(kpi.example.events)
    ]
    settings = msgspec.convert(kpi.example.settings, ReadSettings)
    as_of = microseconds(kpi.example.as_of)
    asked = {name: kpi.example.sample[name] for name in ("key", "window", "bucket", "grain", "labels")}

    explanation = explain(lambda: numbered(lines), as_of, settings, Question(kpi.stem, **asked))

    assert explanation.entities
    assert total(explanation.entities) == exact(kpi.example.sample["parts"])


@pytest.mark.parametrize("number", SOUPS)
def test_the_statements_that_decided_a_number_alone_give_all_its_contributions(number: int) -> None:
    """What else those events then say of others may count beside them, since what they lost against is gone."""
    for case in cases(soup(number), step=5):
        explanation = examine(case)
        case.witnesses.hear(numbered(soup(number)), AS_OF)
        less = replayed(only_said(soup(number), explanation))
        reader = less.reader()
        again = next(same for same in reader.samples(AS_OF, supporting=True) if place(same) == place(case.sample))

        entities = Counter(contributions(examine(Case(less, reader, again), detailed=0)))

        assert Counter(contributions(explanation)) <= entities, case.sample


@pytest.mark.parametrize("number", SOUPS)
def test_every_statement_that_decided_a_number_stands_in_a_line_that_says_so(number: int) -> None:
    lines = soup(number)
    for case in cases(lines, step=5):
        explanation = examine(case)
        case.witnesses.hear(numbered(lines), AS_OF)
        for said in all_said(explanation):
            event = msgspec.json.decode(lines[int(said.at.rpartition(":")[2]) - 1])
            assert (said.source, said.id) == (event["source"], event["id"])
            assert said.field == "time" or said.field in event["data"]
            assert said.times >= 1


def test_an_explanation_is_the_same_for_any_order_and_repetition() -> None:
    lines, chance = list(soup(0)), random.Random(0)
    mixed = lines + chance.choices(lines, k=60)
    chance.shuffle(mixed)

    pairs = zip(cases(lines, step=9), cases(mixed, step=9), strict=True)

    assert [1 for one, other in pairs if examine(one) != nowhere(examine(other), one)] == []


def place(sample: Sample) -> tuple[object, ...]:
    return sample.kpi, sample.grain, sample.key, sample.window, sample.bucket, sample.labels


def contributions(explanation: Explanation) -> Iterator[tuple[str, str, str, str]]:
    return ((line.kind, line.subject, line.rep, repr(line.parts)) for line in explanation.entities)


def nowhere(explanation: Explanation, other: Case) -> Explanation:
    """With the counts of other input, which are those of lines."""
    explanation.input["read"] = other.replay.read
    explanation.input["after_as_of"] = other.replay.after_as_of
    return explanation


# -- one story ---------------------------------------------------------------------------------------------------------

STORY = [
    rep("r1", team="A"),
    contact("c1", "2024-01-01", phones=["+31"]),
    spoke("k1", "2024-01-02 10:00", phone="+31"),
    spoke("k2", "2024-01-02 11:00", phone="+31"),
    lead("l1", "2024-01-03", contact_id="c1", status="new", created_at="2024-01-03", owner_id="r1"),
    lead("l2", "2024-01-04", merged_into="l1", status="working"),
    opportunity("o1", "2024-01-05", lead_id="l2", outcome="lost"),
    opportunity("o1", "2024-01-06", outcome="won"),
    opportunity("o1", "2024-01-07", outcome="won"),
]


def test_the_chain_leads_from_a_touch_to_its_contact_and_from_a_deal_over_a_merge_to_its_lead() -> None:
    explanation = explained(STORY, "contact_to_lead", "r1", "month", "2024-01")

    line = line_of(explanation, "contact", "c1")

    assert line.parts == {"contacts": 1, "leads": 1}
    assert chain(line.via) == [
        ("became", "lead", "l1"),
        ("has merged into it", "lead", "l2"),
        ("led to", "opportunity", "o1"),
        ("reached at", "number", "+31"),
        ("reached by", "call", "k1"),
        ("held by", "contact", "c1"),
    ]
    won = line.via[0].via[0].via[0]
    assert told(won.decided_by) == [("lead_id", "l2"), ("outcome", "won")]
    assert won.decided_by[1] == Said(
        "outcome", "won", "2024-01-06T12:00:00Z", "/crm", won.decided_by[1].id, "events:8", 2
    )


def test_what_lost_against_a_deciding_statement_is_left_out_with_both() -> None:
    explanation = explained(STORY, "contact_to_lead", "r1", "month", "2024-01")

    (lost,) = left_out(explanation, "superseded")

    assert (lost.subject, lost.why) == ("o1", "outcome = lost lost against the later won")
    assert [said.at for said in lost.decided_by] == ["events:7", "events:8"]


def test_only_the_first_entities_get_their_statements_if_that_is_asked() -> None:
    lines = [rep("r1"), *(lead(f"l{n}", "2024-01-03", created_at="2024-01-03", owner_id="r1") for n in range(5))]
    (case,) = (
        case
        for case in cases(lines)
        if case.sample.key == "*" and case.sample.window == "day" and case.sample.kpi == "leads_created"
    )

    assert [bool(line.decided_by) for line in examine(case, detailed=2).entities] == [True, True, False, False, False]


def test_progress_is_shown_for_the_entities_and_for_everything_else() -> None:
    seen: list[tuple[str, int]] = []

    def track(items: Sequence[object], total: int, what: str) -> Sequence[object]:
        seen.append((what, total))
        return items

    (case,) = (
        case
        for case in cases(STORY)
        if case.sample.kpi == "contact_to_lead" and case.sample.key == "r1" and case.sample.window == "month"
    )
    examine(case, track=track)  # type: ignore[arg-type]  # generic in the items

    every = len(case.ledger)
    assert seen == [("adding up", every), ("finding what decided", 1), ("finding what was left out", every)]


def test_a_question_without_an_answer_is_refused() -> None:
    with pytest.raises(QuestionError, match="there is no KPI 'leads'; did you mean leads_created"):
        explained(STORY, "leads", "r1", "month", "2024-01")
