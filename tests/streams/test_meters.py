from streams.meters import Histogram, Meters


def test_an_observation_is_counted_up_to_the_bound_it_does_not_exceed() -> None:
    seen = Histogram((1, 10))
    for value in (0.5, 1, 2, 10, 11):
        seen.see(value)

    assert seen.counts == [2, 2, 1]
    assert seen.total == 24.5


def test_a_commit_counts_once_in_each_histogram() -> None:
    meters = Meters()
    meters.committed(120, 0.02, 0.2)

    assert [sum(each.counts) for each in (meters.commit_records, meters.apply_seconds, meters.transaction_seconds)] == [
        1,
        1,
        1,
    ]
    assert (meters.commit_records.total, meters.apply_seconds.total, meters.transaction_seconds.total) == (
        120,
        0.02,
        0.2,
    )
