import logging

import pytest

from floorpulse.errors import UserError
from floorpulse.settings import load
from floorpulse.streaming import carried_out, quietly, stream_settings
from streams.errors import StreamError


def test_every_setting_of_the_stream_comes_from_the_settings_of_a_person() -> None:
    overrides = [
        "kafka.bootstrap_servers=a:1,b:2",
        "kafka.app_id=desk",
        "kafka.topic_prefix=x.",
        "kafka.partitions=3",
        "kafka.replication=2",
        "kafka.allow_no_transactions=true",
        "limits.future_seconds=11",
        "limits.late_seconds=22",
        "definitions.talk_seconds=33",
    ]

    made = stream_settings(load(None, {}, overrides), {"FLOORPULSE_FAILPOINTS": "after_commit=0.5"})

    assert (made.servers, made.app_id, made.topic("hr.events")) == (["a:1", "b:2"], "desk", "x.hr.events")
    assert (made.changelog("tally"), made.transactional_id(2)) == ("desk-tally-changelog", "desk-2")
    assert (made.partitions, made.replication, made.allow_no_transactions) == (3, 2, True)
    assert (made.future_seconds, made.late_seconds, made.definitions.talk_seconds) == (11, 22, 33)
    assert made.failpoints.chances == {"after_commit": 0.5}


def test_a_wrong_failpoint_is_an_error_of_the_person_who_set_it() -> None:
    with pytest.raises(UserError, match="FLOORPULSE_FAILPOINTS: unknown failpoint 'here'"):
        stream_settings(load(None, {}), {"FLOORPULSE_FAILPOINTS": "here=1"})


def test_what_a_person_can_put_right_is_said_as_such() -> None:
    async def refused() -> None:
        raise StreamError("do this")

    with pytest.raises(UserError, match=r"^do this$"):
        carried_out(refused())


def test_what_is_carried_out_returns_what_it_found() -> None:
    async def found() -> int:
        return 7

    assert carried_out(found()) == 7


def test_quietly_nothing_is_heard_of_aiokafka_meanwhile(caplog: pytest.LogCaptureFixture) -> None:
    async def speak() -> str:
        logging.getLogger("aiokafka.client").error("meanwhile")
        return "done"

    assert quietly(speak()) == "done"
    logging.getLogger("aiokafka.client").error("after")

    assert [record.message for record in caplog.records] == ["after"]
