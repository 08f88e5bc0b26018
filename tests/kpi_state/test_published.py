import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_state.buckets import NO_BUCKET, Amounts, Bucket, Cell, day, instant, quarter, span
from kpi_state.published import (
    SourceCounts,
    TopicCounts,
    WorkerRow,
    decode_fingerprint,
    decode_group,
    decode_position,
    decode_quarantined,
    decode_source,
    decode_sums,
    decode_tally,
    decode_topic,
    decode_worker,
    encode_group,
    encode_row,
    encode_sums,
    fingerprint_key,
    is_tally,
    locate,
    name_of,
    named_key,
    named_of,
    position_key,
    quarantined_key,
    source_key,
    topic_key,
    worker_key,
)

MICROS = st.integers(-62_000_000_000_000_000, 253_000_000_000_000_000)
DAYS = st.integers(1, 3_652_059)


@st.composite
def buckets(draw: st.DrawFn) -> Bucket:
    start = draw(DAYS)
    return draw(
        st.sampled_from(
            (
                quarter(draw(MICROS)),
                day(start),
                span(start, None),
                span(start, start + draw(st.integers(1, 4000))),
                instant(draw(MICROS)),
                NO_BUCKET,
            )
        )
    )


cells: st.SearchStrategy[Cell] = st.tuples(
    st.sampled_from(("touchpoints", "incomplete")), st.text(), buckets(), st.lists(st.text(), max_size=3).map(tuple)
)
amounts: st.SearchStrategy[Amounts] = st.tuples(st.integers(), st.integers(-(2**70), 2**70)).filter(any)


@given(cells, amounts)
def test_a_cell_comes_back_from_the_row_that_holds_it(cell: Cell, sums: Amounts) -> None:
    group, place = locate(cell)
    value = encode_sums(2, {place: sums})

    assert value is not None
    assert list(decode_tally(encode_group(group), value)) == [(cell, sums)]


@given(st.dictionaries(st.integers(0, 95), amounts, min_size=1))
def test_the_sums_of_a_row_come_back_from_its_bytes(sums: dict[int, Amounts]) -> None:
    value = encode_sums(2, sums)

    assert value is not None
    assert decode_sums(value) == sums


def test_a_row_of_usual_sums_takes_a_few_bytes() -> None:
    value = encode_sums(3, {36: (1, 0, 0), 37: (0, 1, 60_000_000)})

    assert value is not None
    assert len(value) == 14


@pytest.mark.parametrize("large", [2**63, 2**64, -(2**63) - 1, 10**30])
def test_a_sum_may_grow_beyond_what_64_bits_hold(large: int) -> None:
    value = encode_sums(2, {7: (1, large)})

    assert value is not None
    assert decode_sums(value) == {7: (1, large)}


def test_what_sums_to_nothing_is_a_tombstone() -> None:
    assert encode_sums(2, {}) is None
    assert encode_sums(2, {5: (0, 0)}) is None


def test_only_what_is_not_zero_is_written() -> None:
    assert encode_sums(1, {1: (2,), 5: (0,)}) == encode_sums(1, {1: (2,)})


def test_the_bytes_of_a_row_do_not_depend_on_the_order_of_its_sums() -> None:
    assert encode_sums(1, {1: (2,), 5: (3,)}) == encode_sums(1, {5: (3,), 1: (2,)})


def test_cells_of_one_utc_day_share_a_row() -> None:
    morning, evening, tomorrow = (
        locate(("touchpoints", "r", quarter(at * 3_600_000_000), ("call",))) for at in (9, 23, 24)
    )

    assert morning[0] == evening[0] != tomorrow[0]
    assert morning[1] != evening[1]


def test_the_key_of_a_tally_row_is_readable_json() -> None:
    group, _ = locate(("touchpoints", "rep-7", quarter(19_888 * 86_400_000_000), ("call",)))

    assert encode_group(group) == b'["touchpoints","rep-7","Q",19888,["call"]]'
    assert decode_group(encode_group(group)) == group


@pytest.mark.parametrize(
    ("key", "kind", "name"),
    [
        (position_key("crm.events"), "position", "crm.events"),
        (topic_key("crm.events"), "topic", "crm.events"),
        (source_key('/crm"]'), "source", '/crm"]'),
        (fingerprint_key(), "fingerprint", ""),
        (quarantined_key(), "quarantined", ""),
        (worker_key(), "worker", ""),
        (named_key("/crm", "r1"), "named", "/crm"),
    ],
)
def test_other_rows_are_told_apart_from_tallies_and_say_what_they_are_about(key: bytes, kind: str, name: str) -> None:
    assert not is_tally(key)
    assert name_of(key) == (kind, name)


@given(cells)
def test_no_tally_row_is_taken_for_another(cell: Cell) -> None:
    assert is_tally(encode_group(locate(cell)[0]))


def test_other_rows_come_back_from_their_bytes() -> None:
    topic, source = TopicCounts(1, 2, 3, 4), SourceCounts(5, 6, 7, 8, 9, 10)

    assert decode_topic(encode_row(topic)) == topic
    assert decode_source(encode_row(source)) == source
    assert decode_position(encode_row(2**40)) == 2**40
    assert decode_fingerprint(encode_row("1-ab")) == "1-ab"
    assert decode_quarantined(encode_row({"/crm": {"time": 3}})) == {"/crm": {"time": 3}}
    assert decode_worker(encode_row(WorkerRow("http://a:1"))) == WorkerRow("http://a:1")


def test_what_two_partitions_saw_of_a_source_adds_up_but_its_newest_and_its_oldest_event() -> None:
    one = SourceCounts(newest=9, applied=1, unchanged=2, late=3, oldest=4)
    other = SourceCounts(newest=7, applied=10, heartbeats=5, forwarded=6, oldest=2)
    both = SourceCounts(newest=9, applied=11, unchanged=2, late=3, heartbeats=5, forwarded=6, oldest=2)

    assert one.with_others(other) == other.with_others(one) == both
    assert one.with_others(SourceCounts()) == SourceCounts().with_others(one) == one


def test_counters_written_before_a_new_one_was_added_are_read_with_it_at_zero() -> None:
    assert decode_topic(b"\x92\x05\x01") == TopicCounts(read=5, quarantined=1)


@given(st.text(), st.text())
def test_who_named_whom_is_read_back_and_is_no_tally(source: str, raw: str) -> None:
    key = named_key(source, raw)

    assert named_of(key) == (source, raw)
    assert not is_tally(key)


@pytest.mark.parametrize("key", [source_key("/crm"), topic_key("named"), encode_group(("named", "r1", "-", 0, ()))])
def test_other_rows_name_nobody(key: bytes) -> None:
    assert named_of(key) is None
