"""The Prometheus page: every KPI's current windows with value and parts, who is who, and how fresh it all is."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from exporters.exposition import Family, braces, line
from exporters.kept import Kept, place_of, place_of_goal
from exporters.page import INFO, LEFT_OUT, Page
from kpi_state.buckets import Labels
from kpi_state.published import SourceCounts, TopicCounts
from kpi_state.quality import INCOMPLETE, MERGE_TOO_DEEP
from kpi_state.read.sample import Person, Sample
from kpi_state.read.targets import Goal

__all__ = ["INFO", "LEFT_OUT", "Freshness", "freshness_lines", "page"]

MICROSECONDS: Final = 1_000_000

CLOCK: Final = Family("sales_exporter_clock_timestamp_seconds", "The instant the numbers of this page are for.")
AGE: Final = Family("sales_exporter_age_seconds", "How long ago the published state is known to have been shown whole.")
FOLDED: Final = Family(
    "sales_exporter_label_values_folded",
    "Values of a free label beyond [limits] label_values, shown as other.",
)
BEHIND: Final = Family("sales_exporter_records_behind", "Published records that are not yet shown.")
QUALITY: Final = {
    INCOMPLETE: (
        Family("sales_incomplete_facts", "Facts that a KPI needs and nobody stated, by the source to ask."),
        ("kind", "field", "source"),
    ),
    MERGE_TOO_DEEP: (
        Family("sales_merge_too_deep", "Entities cut off by a chain of more than 8 merges, by the source that did it."),
        ("kind", "source"),
    ),
}
UNKNOWN: Final = {
    "timezone": Family(
        "sales_unknown_timezones",
        "Reps in a zone that nobody knows: counted in their team's, or the organisation's.",
    ),
    "calendar": Family(
        "sales_unknown_calendars", "Reps with a calendar that [calendar.named] lacks: counted by the organisation's."
    ),
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
    """What is said beside the numbers.

    clock_us: instant they are for.  age_seconds: how old the state may be.  folded: free label → values shown as other.
    unknown: ("timezone" or "calendar", name nobody knows) → reps.
    """

    clock_us: int
    age_seconds: float
    records_behind: int
    sources: Mapping[str, SourceCounts]
    topics: Mapping[str, TopicCounts]
    quality: Mapping[tuple[str, Labels], int] = MappingProxyType({})
    folded: Mapping[str, int] = MappingProxyType({})
    unknown: Mapping[tuple[str, str], int] = MappingProxyType({})


def page(samples: Iterable[Sample], goals: Iterable[Goal], people: Iterable[Person], freshness: Freshness) -> bytes:
    """The page of all grains, made once. `samples`: one for each KPI, grain, key, window and labels. `goals`: the
    targets at the clock. `people`: who is who then. All as they may be shown (see `exporters.privacy`).
    """
    kept = Kept()
    for person in people:
        kept.people.put(person.rep, person, 1)
    for sample in samples:
        kept.samples.put(place_of(sample), sample, 1)
    for goal in goals:
        kept.goals.put(place_of_goal(goal), goal, 1)
    made = Page(("rep", "team", "org"))
    made.follow(kept, kept.follow(1))
    return made.text(freshness_lines(freshness), sys.maxsize)


def freshness_lines(freshness: Freshness) -> dict[Family, bytes]:
    """What is said beside the numbers."""
    lines: defaultdict[Family, list[bytes]] = defaultdict(list)

    def add(each: Family, number: float, **labels: str) -> None:
        lines[each].append(line(each.name, braces(labels), number))

    add(CLOCK, freshness.clock_us / MICROSECONDS)
    add(AGE, round(freshness.age_seconds, 3))
    add(BEHIND, freshness.records_behind)
    for (measure, labels), count in freshness.quality.items():
        each, names = QUALITY[measure]
        add(each, count, **dict(zip(names, labels, strict=True)))
    for (kind, name), reps in freshness.unknown.items():
        add(UNKNOWN[kind], reps, **{kind: name})
    for source, events in freshness.sources.items():
        add(NEWEST, events.newest / MICROSECONDS, source=source)
        for name, each in SOURCES.items():
            add(each, getattr(events, name), source=source)
    for topic, records in freshness.topics.items():
        for name, each in TOPICS.items():
            add(each, getattr(records, name), topic=topic)
    for name, values in freshness.folded.items():
        add(FOLDED, values, label=name)
    return {each: b"".join(all_of_it) for each, all_of_it in lines.items()}
