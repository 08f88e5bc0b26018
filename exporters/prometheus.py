"""The Prometheus page: every KPI's current windows with value and parts, who is who, and how fresh it all is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple

from exporters.exposition import Family, line, text
from exporters.metrics import Figure, family, goal_figure, part_figure, value_figure
from kpi_state.buckets import Labels
from kpi_state.kpis.registry import BY_STEM
from kpi_state.published import SourceCounts, TopicCounts
from kpi_state.quality import INCOMPLETE, MERGE_TOO_DEEP
from kpi_state.read.sample import Person, Sample, quotient
from kpi_state.read.targets import Goal

MICROSECONDS: Final = 1_000_000

INFO: Final = Family(
    "sales_rep_info", "Who a rep is: 1, to join names and teams by rep_id; name only if [privacy] says so."
)
CLOCK: Final = Family("sales_exporter_clock_timestamp_seconds", "The instant the numbers of this page are for.")
AGE: Final = Family("sales_exporter_age_seconds", "How long ago the published state is known to have been shown whole.")
BEHIND: Final = Family("sales_exporter_records_behind", "Published records that are not yet shown.")
QUALITY: Final = {
    INCOMPLETE: (Family("sales_incomplete_facts", "Facts that a KPI needs and nobody stated."), ("kind", "field")),
    MERGE_TOO_DEEP: (Family("sales_merge_too_deep", "Entities cut off by a chain of more than 8 merges."), ("kind",)),
}
NEWEST: Final = Family("sales_source_newest_event_timestamp_seconds", "Event time of the newest event of a source.")
SOURCES: Final = {
    name: Family(f"sales_source_{name}_total", f"{said}, by source.", "counter")
    for name, said in {
        "applied": "Events that changed a fact",
        "unchanged": "Events that changed nothing: repeated or superseded",
        "late": "Events that arrived later than [limits] late_seconds",
        "unknown_fields": "Fields outside the event contract, left out",
        "scaled_splits": "Split shares that did not sum to 1",
    }.items()
}
TOPICS: Final = {
    name: Family(f"sales_topic_{name}_total", f"{said}, by input topic.", "counter")
    for name, said in {
        "read": "Records read, repeats included",
        "quarantined": "Records that break the event contract",
        "forwarded": "Records sent on to the partition their subject belongs to",
        "lost": "Records that retention deleted before they were read",
    }.items()
}


class Freshness(NamedTuple):
    """What is said beside the numbers. `clock_us`: instant they are for. `age_seconds`: how old the state may be."""

    clock_us: int
    age_seconds: float
    records_behind: int
    sources: Mapping[str, SourceCounts]
    topics: Mapping[str, TopicCounts]
    quality: Mapping[tuple[str, Labels], int] = MappingProxyType({})


def page(samples: Iterable[Sample], goals: Iterable[Goal], people: Iterable[Person], freshness: Freshness) -> bytes:
    """The page. `samples`: one for each KPI, grain, key, window and labels. `goals`: the targets at the
    clock. `people`: who is who then. All as they may be shown (see `exporters.privacy`).
    """
    lines: defaultdict[Family, list[str]] = defaultdict(list)
    people = list(people)
    team_of = {person.rep: person.team for person in people}
    for sample in samples:
        labels = {**_who(sample.grain, sample.key, team_of), "window": sample.window, **sample.labels}
        for each, part, factor in _layout(sample.kpi, sample.grain, tuple(sample.parts)):
            number = sample.value if part is None else sample.parts[part]
            if number is not None:
                lines[each].append(line(each.name, labels, number if factor == 1 else number * factor))
    for goal in goals:
        labels = {**_who(goal.grain, goal.key, team_of), "window": goal.window}
        for what, exact in (("target", goal.target), ("expected", goal.expected)):
            if exact is not None:
                each, factor = _goal_layout(goal.kpi, goal.grain, what)
                lines[each].append(line(each.name, labels, quotient(*(exact * factor).as_integer_ratio())))
    for person in people:
        lines[INFO].append(line(INFO.name, {"rep_id": person.rep, "name": person.name, "team": person.team}, 1))
    _add_freshness(lines, freshness)
    return text(dict(sorted(lines.items())))


def _who(grain: str, key: str, team_of: Mapping[str, str]) -> dict[str, str]:
    if grain == "rep":
        return {"rep_id": key, "team": team_of.get(key, "")}
    return {"team": key} if grain == "team" else {}


@lru_cache(1 << 10)
def _layout(stem: str, grain: str, parts: tuple[str, ...]) -> list[tuple[Family, str | None, int]]:
    """Which metrics a sample with these parts gives: (metric, part or None for the value, factor)."""
    kpi = BY_STEM[stem]
    figures: list[tuple[Figure | None, str | None]] = [(value_figure(kpi, parts), None)]
    figures += [(part_figure(part), part) for part in parts]
    return [(family(kpi, grain, figure), part, figure.factor) for figure, part in figures if figure is not None]


@lru_cache(1 << 10)
def _goal_layout(stem: str, grain: str, what: str) -> tuple[Family, int]:
    kpi = BY_STEM[stem]
    figure = goal_figure(kpi, what)
    return family(kpi, grain, figure), figure.factor


def _add_freshness(lines: defaultdict[Family, list[str]], freshness: Freshness) -> None:
    lines[CLOCK].append(line(CLOCK.name, {}, freshness.clock_us / MICROSECONDS))
    lines[AGE].append(line(AGE.name, {}, round(freshness.age_seconds, 3)))
    lines[BEHIND].append(line(BEHIND.name, {}, freshness.records_behind))
    for (measure, labels), count in freshness.quality.items():
        each, names = QUALITY[measure]
        lines[each].append(line(each.name, dict(zip(names, labels, strict=True)), count))
    for source, events in freshness.sources.items():
        lines[NEWEST].append(line(NEWEST.name, {"source": source}, events.newest / MICROSECONDS))
        for name, each in SOURCES.items():
            lines[each].append(line(each.name, {"source": source}, getattr(events, name)))
    for topic, records in freshness.topics.items():
        for name, each in TOPICS.items():
            lines[each].append(line(each.name, {"topic": topic}, getattr(records, name)))
