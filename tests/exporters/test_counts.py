import pytest

from exporters import counts
from exporters.counts import Unmapped, count_lines, coverage
from exporters.exposition import Family
from exporters.lag import Ends
from exporters.mirror import Heartbeat, Mirror
from kpi_state.apply import fingerprint
from kpi_state.events import decode
from kpi_state.published import SourceCounts, encode_row, named_key, position_key, quarantined_key, source_key
from kpi_state.read.samples import Reader
from tests.exporters.served import Served
from tests.reference import microseconds
from tests.statements import heartbeat, rep, spoke
from tests.worlds import World, settings_of

NOW = microseconds("2024-01-10T12:00:00Z")


def mirror_of(*lines: bytes) -> Mirror[Reader]:
    """What an exporter knows of some events."""
    settings = settings_of()
    world = World(2, settings.definitions).run([decode(line) for line in lines])
    mirror = Mirror(Reader(settings), fingerprint(settings.definitions))
    for partition, state in enumerate(world.states):
        for key, value in state.tally.items():
            mirror.tally(partition, key, value)
        for key, value in state.roster.items():
            mirror.roster(partition, key, value)
    return mirror


def lines_of(mirror: Mirror[Reader]) -> list[str]:
    lag = {("crm.events", 1): 5, ("crm.events", 0): 0}
    made = count_lines(mirror, lag, Unmapped().ids(mirror, NOW))
    assert all(isinstance(family, Family) for family in made)
    return b"".join(made.values()).decode().splitlines()


def test_what_was_read_of_a_source_is_what_was_applied_and_what_was_not() -> None:
    mirror = mirror_of()
    counted = SourceCounts(newest=9, applied=5, unchanged=3, heartbeats=2, forwarded=4, oldest=1)
    mirror.tally(0, source_key("/crm"), encode_row(counted))
    mirror.tally(1, quarantined_key(), encode_row({"/crm": {"time": 1, "data.status": 2}, "": {"event": 7}}))
    mirror.tally(0, quarantined_key(), encode_row({"/pbx": {"event": 1}, "/crm": {"time": 1}}))

    lines = lines_of(mirror)

    for line in (
        'sales_source_read_total{source="/crm"} 14',
        'sales_source_heartbeats_total{source="/crm"} 2',
        'sales_source_forwarded_total{source="/crm"} 4',
        'sales_source_read_total{source="/pbx"} 1',
        'sales_source_quarantined_total{reason="event"} 7',
        'sales_source_quarantined_total{source="/crm",reason="data.status"} 2',
        'sales_source_quarantined_total{source="/crm",reason="time"} 2',
        'sales_source_quarantined_total{source="/pbx",reason="event"} 1',
        'sales_consumer_lag_records{topic="crm.events",partition="0"} 0',
        'sales_consumer_lag_records{topic="crm.events",partition="1"} 5',
        "sales_unmapped_ids 0",
    ):
        assert line in lines
    assert not any(line.startswith('sales_source_read_total{source=""') for line in lines)


def test_a_source_that_says_how_much_it_sent_is_covered_by_what_came() -> None:
    mirror = mirror_of(
        heartbeat("/crm", "2024-01-10", since="2024-01-01", known=90, gap=10), heartbeat("/pbx", "2024-01-10")
    )
    mirror.tally(0, source_key("/crm"), encode_row(SourceCounts(applied=70, unchanged=5, oldest=NOW)))

    lines = lines_of(mirror)

    assert 'sales_source_known_events{source="/crm"} 100' in lines
    assert 'sales_source_gap_events{source="/crm"} 10' in lines
    assert 'sales_source_coverage_ratio{source="/crm"} 0.75' in lines
    assert not [line for line in lines if "_known_" in line and "/pbx" in line]


@pytest.mark.parametrize(
    ("said", "counted", "ratio"),
    [
        (Heartbeat(None, 10, None), SourceCounts(applied=9, oldest=5), 0.9),
        (Heartbeat(5, 10, 0), SourceCounts(applied=9, oldest=5), 0.9),
        (Heartbeat(6, 10, 0), SourceCounts(applied=9, oldest=5), None),
        (Heartbeat(6, 10, 0), SourceCounts(), 0.0),
        (Heartbeat(5, 0, 0), SourceCounts(applied=9, oldest=5), None),
        (Heartbeat(5, None, 3), SourceCounts(applied=3, oldest=5), 1.0),
    ],
)
def test_coverage_is_said_only_of_the_same_events(said: Heartbeat, counted: SourceCounts, ratio: float | None) -> None:
    assert coverage(said, counted) == ratio


def test_an_id_is_unmapped_if_nobody_held_it_when_it_was_named_last() -> None:
    mirror = mirror_of(
        rep("r1", extensions=["101"]),
        rep("r1", "2024-01-08", extensions=[]),
        spoke("k1", "2024-01-05 10:00", "101", contact_id="c1"),
        spoke("k2", "2024-01-05 10:00", "r1", contact_id="c2"),
        spoke("k3", "2024-01-05 10:00", "stranger", contact_id="c3"),
        spoke("k4", "2024-01-05 10:00", None, contact_id="c4"),
    )
    assert Unmapped().ids(mirror, NOW) == {"stranger"}

    later = mirror_of(
        rep("r1", extensions=["101"]),
        rep("r1", "2024-01-08", extensions=[]),
        spoke("k1", "2024-01-09 10:00", "101", contact_id="c1"),
    )
    assert Unmapped().ids(later, NOW) == {"101"}


def test_unmapped_ids_are_counted_again_when_another_is_named_or_time_has_passed() -> None:
    mirror = mirror_of(spoke("k3", "2024-01-05 10:00", "stranger", contact_id="c3"))
    unmapped = Unmapped()
    assert unmapped.ids(mirror, NOW) == {"stranger"}

    known = mirror_of(rep("stranger"), spoke("k3", "2024-01-05 10:00", "stranger", contact_id="c3"))
    assert unmapped.ids(known, NOW + 1) == {"stranger"}
    assert unmapped.ids(known, NOW + counts.HOLDS_MICROSECONDS) == set()
    assert unmapped.ids(mirror, NOW) == {"stranger"}
    assert unmapped.ids(mirror_of(), NOW + 1) == set()


def test_an_unmapped_id_counts_for_every_source_that_names_it_and_once_in_all() -> None:
    mirror = mirror_of(
        rep("r1"),
        spoke("k1", "2024-01-05 10:00", "r1", contact_id="c1"),
        spoke("k2", "2024-01-05 10:00", "stranger", contact_id="c2"),
        spoke("k3", "2024-01-05 10:00", "other", contact_id="c3"),
    )
    for partition, source, raw in ((0, "/crm", "stranger"), (1, "/crm", "stranger"), (0, "/pbx", "stranger")):
        mirror.tally(partition, named_key(source, raw), encode_row(1))
    mirror.tally(0, named_key("/pbx", "other"), encode_row(1))
    mirror.tally(0, named_key("/crm", "r1"), encode_row(1))
    for source in ("/crm", "/pbx", "/erp"):
        mirror.tally(0, source_key(source), encode_row(SourceCounts(applied=1)))

    assert [line for line in lines_of(mirror) if "unmapped" in line] == [
        'sales_source_unmapped_ids{source="/crm"} 1',
        'sales_source_unmapped_ids{source="/erp"} 0',
        'sales_source_unmapped_ids{source="/pbx"} 2',
        "sales_unmapped_ids 2",
    ]


async def test_the_page_of_prometheus_has_them() -> None:
    served = Served()
    served.follower.state.tally(0, position_key("crm.events"), encode_row(4))
    served.view.ends = Ends("nowhere:1", {})
    served.view.ends._ends = {("crm.events", 0): 9, ("hr.events", 0): 2}

    async with served.client() as client:
        page = (await (await client.get("/metrics")).text()).splitlines()

    assert 'sales_consumer_lag_records{topic="crm.events",partition="0"} 5' in page
    assert 'sales_consumer_lag_records{topic="hr.events",partition="0"} 2' in page
    assert any(line.startswith("sales_unmapped_ids ") for line in page)
    assert any(line.startswith("sales_source_read_total{source=") for line in page)
