from streams.outbox import Outbox, Outgoing


def test_records_leave_by_partition_in_the_order_they_came() -> None:
    outbox = Outbox()
    for topic, partition, value in (("a", 0, b"1"), ("b", 0, b"2"), ("a", 0, b"3"), ("a", 1, b"4")):
        outbox.put(topic, partition, Outgoing(b"k", value))

    assert [(topic, n, [record.value for record in records]) for topic, n, records in outbox.steps()] == [
        ("a", 0, [b"1", b"3"]),
        ("b", 0, [b"2"]),
        ("a", 1, [b"4"]),
    ]
    assert len(outbox) == 4


def test_the_size_of_a_record_counts_key_value_and_headers() -> None:
    assert Outgoing(b"ab", b"cde", (("f", b"gh"),)).size() == 8
    assert Outgoing(None, None).size() == 0
