import pytest

from exporters.mirror import Heartbeat, Mirror, OtherDefinitionsError
from kpi_state.apply import Applier, State
from kpi_state.definitions import Definitions
from kpi_state.events import decode
from kpi_state.published import (
    SourceCounts,
    TopicCounts,
    WorkerRow,
    encode_group,
    encode_row,
    encode_sums,
    fingerprint_key,
    named_key,
    position_key,
    quarantined_key,
    source_key,
    topic_key,
    worker_key,
)
from tests.statements import heartbeat

TALLY_KEY = encode_group(("referrals", "rep-1", "Q", 15_000, ()))


class Rows:
    """Remembers what it was given."""

    def __init__(self) -> None:
        self.given: list[tuple[int | str, bytes, bytes | None]] = []
        self._held: set[tuple[int, bytes]] = set()

    def tally(self, partition: int, key: bytes, value: bytes | None) -> int:
        self.given.append((partition, key, value))
        held = len(self._held)
        (self._held.discard if value is None else self._held.add)((partition, key))
        return len(self._held) - held

    def roster(self, key: bytes, value: bytes | None) -> None:
        self.given.append(("roster", key, value))


def test_tally_and_roster_rows_go_to_the_reader_with_their_partition() -> None:
    rows, value = Rows(), encode_sums(1, {4: (1,)})
    mirror = Mirror(rows, "ours")
    mirror.tally(3, TALLY_KEY, value)
    mirror.tally(3, TALLY_KEY, None)
    mirror.roster(5, b"rep/anna", b"row")
    assert rows.given == [(3, TALLY_KEY, value), (3, TALLY_KEY, None), ("roster", b"rep/anna", b"row")]


def test_positions_and_kinds_of_rows_of_a_newer_worker_are_no_tallies() -> None:
    rows = Rows()
    mirror = Mirror(rows, "ours")
    mirror.tally(0, position_key("crm.events"), encode_row(17))
    mirror.tally(0, b'["=something-new","x"]', b"\xff")
    assert rows.given == []
    assert mirror.inputs() == (0, 0)


def test_a_topics_counters_are_the_sum_over_partitions_of_their_last_rows() -> None:
    mirror = Mirror(Rows(), "ours")
    mirror.tally(0, topic_key("crm.events"), encode_row(TopicCounts(read=5, quarantined=1)))
    mirror.tally(0, topic_key("crm.events"), encode_row(TopicCounts(read=7, quarantined=2)))
    mirror.tally(1, topic_key("crm.events"), encode_row(TopicCounts(read=10, forwarded=3, lost=4)))
    mirror.tally(1, topic_key("hr.events"), encode_row(TopicCounts(read=100)))
    assert mirror.topics() == {
        "crm.events": TopicCounts(read=17, quarantined=2, forwarded=3, lost=4),
        "hr.events": TopicCounts(read=100),
    }


def test_records_read_are_those_of_the_input_topics_not_of_the_links() -> None:
    mirror = Mirror(Rows(), "ours")
    mirror.tally(0, topic_key("crm.events"), encode_row(TopicCounts(read=7, quarantined=2)))
    mirror.tally(0, topic_key("kpi.links"), encode_row(TopicCounts(read=1_000)))
    assert mirror.inputs() == (7, 2)


def test_a_sources_counters_add_up_and_its_newest_event_is_the_newest_of_any_partition() -> None:
    mirror = Mirror(Rows(), "ours")
    assert mirror.newest() is None
    mirror.tally(0, source_key("/crm"), encode_row(SourceCounts(newest=90, applied=1, late=1)))
    mirror.tally(1, source_key("/crm"), encode_row(SourceCounts(newest=70, applied=2, unchanged=5)))
    mirror.tally(1, source_key("/pbx"), encode_row(SourceCounts(newest=80, applied=9)))
    assert mirror.sources() == {
        "/crm": SourceCounts(newest=90, applied=3, unchanged=5, late=1),
        "/pbx": SourceCounts(newest=80, applied=9),
    }
    assert mirror.newest() == 90


def test_a_tombstone_takes_a_counter_away() -> None:
    mirror = Mirror(Rows(), "ours")
    for key in (source_key("/crm"), topic_key("crm.events"), fingerprint_key()):
        mirror.tally(0, key, None)
    mirror.tally(0, source_key("/crm"), encode_row(SourceCounts(newest=90)))
    mirror.tally(0, source_key("/crm"), None)
    assert (mirror.sources(), mirror.topics()) == ({}, {})


def test_another_fingerprint_is_refused_with_the_remedy() -> None:
    mirror = Mirror(Rows(), "ours")
    mirror.tally(0, fingerprint_key(), encode_row("ours"))
    with pytest.raises(OtherDefinitionsError, match=r"fingerprint theirs.*give ours.*floorpulse rebuild"):
        mirror.tally(1, fingerprint_key(), encode_row("theirs"))


def test_who_answers_for_a_partition_is_what_its_last_owner_said() -> None:
    mirror = Mirror(Rows(), "ours")
    for partition, url in ((1, "http://one:1"), (0, "http://one:1"), (1, "http://two:2")):
        mirror.tally(partition, worker_key(), encode_row(WorkerRow(url)))
    assert mirror.workers() == {0: "http://one:1", 1: "http://two:2"}

    mirror.tally(1, worker_key(), None)
    mirror.tally(2, worker_key(), None)
    assert mirror.workers() == {0: "http://one:1"}


def test_records_that_were_set_aside_are_added_up_over_partitions() -> None:
    mirror = Mirror(Rows(), "ours")
    mirror.tally(0, quarantined_key(), encode_row({"/crm": {"time": 1, "event": 1}}))
    mirror.tally(1, quarantined_key(), encode_row({"/crm": {"time": 2}, "": {"event": 4}}))
    mirror.tally(1, quarantined_key(), encode_row({"/crm": {"time": 3}, "": {"event": 4}}))

    assert mirror.quarantined() == {("", "event"): 4, ("/crm", "event"): 1, ("/crm", "time"): 4}


def test_positions_are_those_of_the_last_commit() -> None:
    mirror = Mirror(Rows(), "ours")
    for partition, position in ((1, 4), (0, 7), (1, 9)):
        mirror.tally(partition, position_key("crm.events"), encode_row(position))

    assert mirror.positions() == {("crm.events", 0): 7, ("crm.events", 1): 9}


def test_a_heartbeat_is_what_a_source_said_of_itself_last() -> None:
    rows, state = Rows(), State()
    mirror = Mirror(rows, "ours")
    applier = Applier(state, Definitions(), lambda _: 0, 0)
    applier.event(decode(heartbeat("/crm", "2024-01-05", since="2024-01-01", known=5)))
    applier.finish()
    ((key, value),) = state.roster.items()

    mirror.roster(0, key, value)

    since = 1_704_110_400_000_000
    assert mirror.heartbeats() == {"/crm": Heartbeat(since, 5, None)}
    assert rows.given == [("roster", key, value)]
    mirror.roster(0, key, None)
    assert mirror.heartbeats() == {}


def test_the_sources_that_name_an_id_are_those_of_all_partitions() -> None:
    mirror = Mirror(Rows(), "ours")
    for partition, source in ((0, "/crm"), (1, "/crm"), (1, "/pbx")):
        mirror.tally(partition, named_key(source, "r1"), encode_row(1))

    assert set(mirror.namers("r1")) == {"/crm", "/pbx"}
    assert not mirror.namers("r2")


def test_an_id_was_named_last_on_the_newest_day_of_its_rows() -> None:
    mirror = Mirror(Rows(), "ours")
    for measure, rep, tag, group in (
        ("touchpoints", "r1", "Q", 2),
        ("touchpoints", "r1", "Q", 1),
        ("annual_contract_value", "r2", "I", 9),
        ("incomplete", "", "-", 0),
    ):
        mirror.tally(0, encode_group((measure, rep, tag, group, ())), encode_sums(1, {4: (1,)}))
    mirror.tally(0, encode_group(("touchpoints", "r3", "Q", 2, ())), None)

    assert mirror.named() == {"r1": 3 * 86_400_000_000 - 1, "r2": 0}


def test_an_id_whose_last_row_is_gone_is_forgotten() -> None:
    mirror, sums = Mirror(Rows(), "ours"), encode_sums(1, {4: (1,)})
    keys = [encode_group((measure, "r1", "Q", 2, ())) for measure in ("touchpoints", "talk_time")]
    for partition, key, value in ((0, keys[0], sums), (0, keys[0], sums), (1, keys[0], sums), (1, keys[1], sums)):
        mirror.tally(partition, key, value)
    for partition, key in ((0, keys[0]), (0, keys[0]), (1, keys[0])):
        mirror.tally(partition, key, None)
        assert mirror.named() == {"r1": 3 * 86_400_000_000 - 1}

    mirror.tally(1, keys[1], None)
    assert mirror.named() == {}

    mirror.tally(0, encode_group(("touchpoints", "r1", "Q", 0, ())), sums)
    assert mirror.named() == {"r1": 86_400_000_000 - 1}


def test_an_id_whose_newest_rows_are_taken_back_was_named_last_on_the_newest_day_that_is_left() -> None:
    mirror, sums, day = Mirror(Rows(), "ours"), encode_sums(1, {4: (1,)}), 86_400_000_000
    of = {group: encode_group(("touchpoints", "r1", "Q", group, ())) for group in (1, 2, 3)}
    undated = encode_group(("annual_contract_value", "r1", "I", 9, ()))
    for partition, key in ((0, undated), (0, of[3]), (1, of[3]), (0, of[1]), (0, of[2])):
        mirror.tally(partition, key, sums)

    named = []
    for partition, key in ((0, of[3]), (0, of[2]), (1, of[3]), (0, of[1])):
        mirror.tally(partition, key, None)
        named.append(mirror.named()["r1"])

    assert named == [4 * day - 1, 4 * day - 1, 2 * day - 1, 0]
