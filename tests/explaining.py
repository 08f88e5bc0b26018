"""Explanations of numbers, for tests: `explained` asks, the others look at the answer."""

import json
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from kpi_state.definitions import ReadSettings
from kpi_state.explain.case import Case
from kpi_state.explain.explain import explain
from kpi_state.explain.explanation import Explanation, LeftOut, Line, Said, Via
from kpi_state.explain.question import Question, answer
from kpi_state.replay import Replay
from tests.reference import microseconds
from tests.worlds import NOW, settings_of


def explained(
    lines: Sequence[bytes],
    kpi: str,
    key: str,
    window: str,
    bucket: str = "",
    *,
    now: str = NOW,
    settings: ReadSettings | None = None,
    grain: str = "",
    **labels: str,
) -> Explanation:
    """The explanation of a number."""
    question = Question(kpi, key, window, bucket, grain, labels)
    return explain(lambda: numbered(lines), microseconds(now), settings or settings_of(), question)


def numbered(lines: Iterable[bytes]) -> Iterator[tuple[str, bytes]]:
    """Lines as a file of them gives them."""
    return ((f"events:{n}", line) for n, line in enumerate(lines, 1))


def case_of(lines: Sequence[bytes], kpi: str, key: str, window: str, bucket: str = "", now: str = NOW) -> Case:
    """A number under examination."""
    replayed = Replay(microseconds(now), settings_of())
    replayed.feed(lines)
    reader = replayed.reader()
    return Case(replayed, reader, answer(reader.samples(replayed.as_of), Question(kpi, key, window, bucket)))


def line_of(explanation: Explanation, kind: str, subject: str) -> Line:
    """The only line of an entity."""
    (line,) = (line for line in explanation.entities if (line.kind, line.subject) == (kind, subject))
    return line


def left_out(explanation: Explanation, reason: str) -> list[LeftOut]:
    """What was left out for a reason."""
    return [each for each in explanation.left_out if each.reason == reason]


def told(several: Iterable[Said]) -> list[tuple[str, object]]:
    """(field, value) of statements."""
    return [(said.field, said.value) for said in several]


def chain(via: Sequence[Via]) -> list[tuple[str, str, str]]:
    """(says, kind, subject) of everybody whose word counts, depth first."""
    return [row for each in via for row in ((each.says, each.kind, each.subject), *chain(each.via))]


def all_said(explanation: Explanation) -> Iterator[Said]:
    """Every statement that decided anything in the number."""
    stack: list[Line | Via] = list(explanation.entities)
    while stack:
        each = stack.pop()
        yield from each.decided_by
        stack += each.via
    for credit in explanation.credits:
        yield from credit.decided_by


def only_said(lines: Sequence[bytes], explanation: Explanation) -> list[bytes]:
    """The events cut down to the statements that decided a number."""
    fields: dict[int, set[str]] = {}
    for said in all_said(explanation):
        fields.setdefault(int(said.at.rpartition(":")[2]), set()).add(said.field)
    return [_cut(lines[number - 1], kept) for number, kept in sorted(fields.items())]


def _cut(line: bytes, fields: set[str]) -> bytes:
    event = json.loads(line)
    event["data"] = {name: value for name, value in event["data"].items() if name in fields}
    return json.dumps(event).encode()


def total(lines: Iterable[Line]) -> dict[str, Fraction]:
    """What the parts of lines come to, exactly."""
    sums: dict[str, Fraction] = {}
    for line in lines:
        for part, amount in exact(line.parts).items():
            old = sums.get(part, Fraction(0))
            sums[part] = max(old, amount) if part == "oldest_seconds" else old + amount
    return sums


def exact(parts: dict[str, int | float]) -> dict[str, Fraction]:
    """Parts as they are printed, to the last digit."""
    return {part: Fraction(repr(amount)) for part, amount in parts.items()}
