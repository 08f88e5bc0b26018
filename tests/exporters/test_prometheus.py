import subprocess
from collections.abc import Iterable
from fractions import Fraction

import pytest
from prometheus_client.parser import text_string_to_metric_families

from exporters.current import one_a_window
from exporters.metrics import part_figure, value_figure
from exporters.prometheus import QUALITY, Freshness, page
from kpi_state.kpis.registry import BY_STEM as OF_THE_BOOK
from kpi_state.measures.registry import ALL, BY_STEM
from kpi_state.published import SourceCounts, TopicCounts
from kpi_state.quality import WIDTHS
from kpi_state.read.sample import Person, Sample, sample_of
from kpi_state.read.slots import Slot
from kpi_state.read.targets import Goal
from tests.exporters.floor import NOW, seen

Series = tuple[str, tuple[tuple[str, str], ...]]

FRESH = Freshness(
    clock_us=1_500_000,
    age_seconds=0.25,
    records_behind=0,
    sources={"/pbx": SourceCounts(newest=1_250_000, applied=4, unchanged=3, late=2, unknown_fields=1)},
    topics={"crm.events": TopicCounts(read=7, quarantined=1)},
    quality={("incomplete", ("lead", "created_at", "/crm")): 2, ("merge_too_deep", ("contact", "/crm")): 1},
)
NOTHING = Freshness(0, 0.0, 0, {}, {})
ANNA = Person("anna", "", "Zuid")


def won(grain: str, key: str, closed: int, of_them: int) -> Sample:
    found = sample_of(Slot("lead_win", grain, key, "month", "2024-06", (("basis", "closed"),)), (closed, of_them))
    assert found is not None
    return found


def numbers(text: bytes) -> dict[Series, float]:
    """Every sample of a page, which may have each only once."""
    found = [
        ((sample.name, tuple(sorted(sample.labels.items()))), sample.value)
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    ]
    assert len(dict(found)) == len(found)
    return dict(found)


def test_a_kpi_reads_like_this() -> None:
    text = page([won("rep", "anna", 4, 3), won("team", "Zuid", 4, 3), won("org", "*", 4, 3)], [], [ANNA], NOTHING)
    kpi = "#5 Conversion ratio. "
    lines = [
        line for line in text.decode().replace(BY_STEM["lead_win"].help, "…").splitlines() if "exporter" not in line
    ]
    assert lines == [
        f"# HELP sales_org_lead_win_closed {kpi}Part `closed`. …",
        "# TYPE sales_org_lead_win_closed gauge",
        'sales_org_lead_win_closed{window="month",basis="closed"} 4',
        f"# HELP sales_org_lead_win_ratio {kpi}Value, ratio from 0 to 1. …",
        "# TYPE sales_org_lead_win_ratio gauge",
        'sales_org_lead_win_ratio{window="month",basis="closed"} 0.75',
        f"# HELP sales_org_lead_win_won {kpi}Part `won`. …",
        "# TYPE sales_org_lead_win_won gauge",
        'sales_org_lead_win_won{window="month",basis="closed"} 3',
        "# HELP sales_rep_info Who a rep is: 1, to join names and teams by rep_id; name only if [privacy] says so.",
        "# TYPE sales_rep_info gauge",
        'sales_rep_info{rep_id="anna",team="Zuid"} 1',
        f"# HELP sales_rep_lead_win_closed {kpi}Part `closed`. …",
        "# TYPE sales_rep_lead_win_closed gauge",
        'sales_rep_lead_win_closed{rep_id="anna",team="Zuid",window="month",basis="closed"} 4',
        f"# HELP sales_rep_lead_win_ratio {kpi}Value, ratio from 0 to 1. …",
        "# TYPE sales_rep_lead_win_ratio gauge",
        'sales_rep_lead_win_ratio{rep_id="anna",team="Zuid",window="month",basis="closed"} 0.75',
        f"# HELP sales_rep_lead_win_won {kpi}Part `won`. …",
        "# TYPE sales_rep_lead_win_won gauge",
        'sales_rep_lead_win_won{rep_id="anna",team="Zuid",window="month",basis="closed"} 3',
        f"# HELP sales_team_lead_win_closed {kpi}Part `closed`. …",
        "# TYPE sales_team_lead_win_closed gauge",
        'sales_team_lead_win_closed{team="Zuid",window="month",basis="closed"} 4',
        f"# HELP sales_team_lead_win_ratio {kpi}Value, ratio from 0 to 1. …",
        "# TYPE sales_team_lead_win_ratio gauge",
        'sales_team_lead_win_ratio{team="Zuid",window="month",basis="closed"} 0.75',
        f"# HELP sales_team_lead_win_won {kpi}Part `won`. …",
        "# TYPE sales_team_lead_win_won gauge",
        'sales_team_lead_win_won{team="Zuid",window="month",basis="closed"} 3',
    ]


def test_freshness_reads_like_this() -> None:
    lines = page([], [], [], FRESH).decode().splitlines()
    assert [line for line in lines if not line.startswith("#")] == [
        "sales_exporter_age_seconds 0.25",
        "sales_exporter_clock_timestamp_seconds 1.5",
        "sales_exporter_records_behind 0",
        "sales_exporter_series_left_out 0",
        'sales_incomplete_facts{kind="lead",field="created_at",source="/crm"} 2',
        'sales_merge_too_deep{kind="contact",source="/crm"} 1',
        'sales_source_applied_total{source="/pbx"} 4',
        'sales_source_late_total{source="/pbx"} 2',
        'sales_source_newest_event_timestamp_seconds{source="/pbx"} 1.25',
        'sales_source_scaled_splits_total{source="/pbx"} 0',
        'sales_source_unchanged_total{source="/pbx"} 3',
        'sales_source_unknown_fields_total{source="/pbx"} 1',
        'sales_topic_forwarded_total{topic="crm.events"} 0',
        'sales_topic_lost_total{topic="crm.events"} 0',
        'sales_topic_quarantined_total{topic="crm.events"} 1',
        'sales_topic_read_total{topic="crm.events"} 7',
    ]
    kinds = {line.split()[2]: line.split()[3] for line in lines if line.startswith("# TYPE")}
    assert {name for name, kind in kinds.items() if kind == "counter"} == {
        name for name in kinds if name.endswith("_total")
    }


def expected(samples: Iterable[Sample], people: Iterable[Person]) -> dict[Series, float]:
    """What a page must say of these samples."""
    teams = {person.rep: person.team for person in people}
    wanted: dict[Series, float] = {}
    for sample in samples:
        kpi = BY_STEM[sample.kpi]
        who = {
            "rep": {"rep_id": sample.key, "team": teams.get(sample.key, "")},
            "team": {"team": sample.key},
            "org": {},
        }
        labels = {
            name: text for name, text in {**who[sample.grain], "window": sample.window, **sample.labels}.items() if text
        }
        said = [(part_figure(part), number) for part, number in sample.parts.items()]
        value = value_figure(kpi, sample.parts)
        if value is not None and sample.value is not None:
            said.append((value, sample.value))
        for figure, number in said:
            name = f"sales_{sample.grain}_{sample.kpi}_{figure.suffix}"
            wanted[name, tuple(sorted(labels.items()))] = float(number) * figure.factor
    return wanted


def test_the_page_read_back_is_the_samples_of_the_windows_current_at_its_clock() -> None:
    reader = seen().reader()
    samples, people = one_a_window(reader.samples(NOW, current=True)), reader.people(NOW)
    text = page(samples, [], people, NOTHING)
    read = {
        key: value
        for key, value in numbers(text).items()
        if not key[0].startswith(("sales_exporter", "sales_rep_info"))
    }
    assert read == expected(samples, people)
    assert {sample.kpi for sample in samples} == OF_THE_BOOK.keys()
    assert {sample.grain for sample in samples} == {"rep", "team", "org"}


def test_a_value_that_nothing_divides_is_absent_and_its_parts_are_there() -> None:
    sample = sample_of(Slot("lead_source", "org", "*", "month", "2024-06", ()), (0, 0, 2))
    assert sample is not None
    found = {name for name, _ in numbers(page([sample], [], [], NOTHING)) if name.startswith("sales_org")}
    assert found == {"sales_org_lead_source_known", "sales_org_lead_source_marketing", "sales_org_lead_source_unknown"}


def test_names_are_joinable_by_rep_id_when_they_are_wanted() -> None:
    found = numbers(page([], [], [ANNA._replace(name="Anna Bos"), Person("bob", "", "")], NOTHING))
    assert {labels for name, labels in found if name == "sales_rep_info"} == {
        (("name", "Anna Bos"), ("rep_id", "anna"), ("team", "Zuid")),
        (("rep_id", "bob"),),
    }


def test_targets_and_what_is_expected_of_them_by_now_stand_beside_their_kpi() -> None:
    goals = [
        Goal("touchpoints", "rep", "anna", "day", Fraction(60), Fraction(100, 3)),
        Goal("rep_ramp_up", "team", "Zuid", "fiscal_year", Fraction(3, 2), None),
        Goal("lead_source", "org", "*", "month", Fraction(6, 10), None),
    ]
    lines = page([], goals, [ANNA], NOTHING).decode().splitlines()
    assert [
        line
        for line in lines
        if line.startswith("sales_") and not line.startswith(("sales_exporter", "sales_rep_info"))
    ] == [
        'sales_org_lead_source_target_ratio{window="month"} 0.6',
        'sales_rep_touchpoints_attainment_ratio{rep_id="anna",team="Zuid",window="day"} 0',
        'sales_rep_touchpoints_expected_touchpoints{rep_id="anna",team="Zuid",window="day"} 33.333333333333336',
        'sales_rep_touchpoints_pace_ratio{rep_id="anna",team="Zuid",window="day"} 0',
        'sales_rep_touchpoints_target_touchpoints{rep_id="anna",team="Zuid",window="day"} 60',
        'sales_team_rep_ramp_up_target_seconds{team="Zuid",window="fiscal_year"} 129600',
    ]


def every_goal() -> list[Goal]:
    return [Goal(kpi.stem, grain, "k", "month", Fraction(1, 3), Fraction(1)) for kpi in ALL for grain in kpi.grains]


def every_metric() -> list[Sample]:
    """A sample of every KPI with each of its sets of parts at every grain it has."""
    return [
        found
        for kpi in ALL
        for name, where in (("window", "month"), *kpi.other_parts)
        for grain in kpi.grains
        for window, labels in [(where, ()) if name == "window" else ("month", ((name, where),))]
        if (found := sample_of(Slot(kpi.stem, grain, "k", window, "", labels), (3_000_001,) * len(kpi.parts)))
    ]


def test_every_measure_of_quality_has_a_metric() -> None:
    assert QUALITY.keys() == WIDTHS.keys()


@pytest.mark.promtool
def test_promtool_finds_nothing_to_say_about_any_metric() -> None:
    text = page(every_metric(), every_goal(), [ANNA], FRESH)
    assert len({name for name, _ in numbers(text) if name.startswith("sales_rep")}) > 45
    done = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, b"")


@pytest.mark.promtool
def test_promtool_finds_nothing_to_say_about_a_page_of_a_floor() -> None:
    reader = seen().reader()
    text = page(one_a_window(reader.samples(NOW, current=True)), reader.goals(NOW), reader.people(NOW), FRESH)
    done = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, b"")
