from kpi_state.apply import State
from streams.commit import commit
from streams.routing import homes
from streams.work import Work
from tests.streams.fakes import Producer
from tests.streams.records import Record, event, settings

HOME = homes(4)
SUBJECT = next(f"lead-{n}" for n in range(100) if HOME(f"lead-{n}") == 2)
ELSEWHERE = next(f"lead-{n}" for n in range(100) if HOME(f"lead-{n}") != 2)


def work() -> Work:
    done = Work(2, State(), settings(), HOME)
    done.take("crm.events", [Record(event(SUBJECT)), Record(event(ELSEWHERE)), Record(b"junk")])
    done.move("crm.events", 3)
    return done


async def test_what_leaves_the_partition_and_its_rows_are_between_begin_and_commit() -> None:
    producer = Producer()

    await commit(producer, settings(), work())

    written = [(topic, partition) for topic, partition, *_ in producer.batches]
    assert producer.calls[0] == "begin"
    assert producer.calls[-1] == "commit"
    assert set(written) == {
        ("crm.events", HOME(ELSEWHERE)),
        ("kpi.quarantine", 2),
        ("floorpulse-ledger-changelog", 2),
        ("floorpulse-tally-changelog", 2),
    }


async def test_rows_are_written_as_they_are_and_what_sums_to_nothing_as_a_tombstone() -> None:
    producer, done = Producer(), work()
    done.tally[b"gone"] = None

    await commit(producer, settings(), done)

    rows = {record.key: record.value for record in producer.records("floorpulse-tally-changelog")}
    assert rows == done.tally
    assert rows[b"gone"] is None
    assert {record.key: record.value for record in producer.records("floorpulse-ledger-changelog")} == done.ledger


async def test_it_says_how_far_each_changelog_that_was_written_is_known() -> None:
    done = work()

    after = await commit(Producer(), settings(), done)

    assert after == {"ledger": 100 + len(done.ledger), "tally": 100 + len(done.tally)}
