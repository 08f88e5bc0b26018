from datetime import UTC, datetime

import msgspec

from floorpulse.demo.people import HEAD_OFFICE
from floorpulse.demo.post import Post, Pulse
from floorpulse.demo.wire import HOUR, MINUTE, Heard, Statement, instant

AT = instant(datetime(2026, 3, 24, 9, tzinfo=UTC))
CREATED = Statement(AT, "lead", "lead-1", {"status": "new"})


def carried(count: int) -> list[list[Heard]]:
    post = Post(1, HEAD_OFFICE)
    return [list(post.carry(CREATED, AT)) for _ in range(count)]


def test_a_statement_arrives_once_whole_and_perhaps_again_or_broken() -> None:
    for arrivals in carried(5_000):
        assert sum(not each.again and not each.flaw for each in arrivals) == 1
        assert len({each.value for each in arrivals if not each.flaw}) == 1


def test_most_arrive_within_seconds_and_a_few_much_later() -> None:
    delays = sorted(each.at - AT for arrivals in carried(2_000) for each in arrivals if not each.again)

    assert delays[0] >= 0
    assert delays[len(delays) // 2] < MINUTE
    assert delays[-1] > HOUR


def test_what_was_not_connected_yet_arrives_when_it_is() -> None:
    (first, *_) = Post(1, HEAD_OFFICE).carry(CREATED, AT + HOUR)

    assert first.at >= AT + HOUR
    assert msgspec.json.decode(first.value)["time"] == "2026-03-24T10:00:00.000+01:00"


def test_every_statement_has_an_id_of_its_own() -> None:
    ids = [msgspec.json.decode(arrivals[-1].value)["id"] for arrivals in carried(100)]

    assert len(set(ids)) == 100


def test_a_source_says_each_minute_of_the_show_how_much_it_has_sent() -> None:
    pulse = Pulse(HEAD_OFFICE, AT, live_from=AT)
    events = [Heard(AT + second * MINUTE // 2, "crm.events", b"k", b"{}") for second in range(5)]
    out = [each for event in events for each in pulse.with_beats(event)]
    beats = [msgspec.json.decode(each.value) for each in out if each.value != b"{}"]

    assert [beat["subject"] for beat in beats] == ["/crm", "/telephony", "/hr"] * 3
    assert [beat["data"]["known"] for beat in beats] == [1, 1, 1, 4, 2, 2, 7, 3, 3]
    assert [each.topic for each in out if each.key == b"/telephony"] == ["telephony.events"] * 3
    assert [each.topic for each in out if each.key == b"/hr"] == ["crm.events"] * 3


def test_repeated_and_broken_events_are_not_counted_by_their_source() -> None:
    pulse = Pulse(HEAD_OFFICE, AT, live_from=AT)
    events = [
        Heard(AT, "crm.events", b"k", b"{}"),
        Heard(AT, "crm.events", b"k", b"{}", again=True),
        Heard(AT, "crm.events", b"k", b"{", flaw="broken"),
        Heard(AT + MINUTE, "crm.events", b"k", b"{}"),
    ]
    out = [each for event in events for each in pulse.with_beats(event)]
    known = [msgspec.json.decode(each.value)["data"]["known"] for each in out if each.key == b"/crm"]

    assert known == [1, 3]


def test_the_pulse_of_the_history_is_hourly() -> None:
    pulse = Pulse(HEAD_OFFICE, AT, live_from=AT + 100 * HOUR)
    events = [Heard(AT + number * MINUTE, "crm.events", b"k", b"{}") for number in range(180)]

    assert sum(each.key == b"/crm" for event in events for each in pulse.with_beats(event)) == 3


def test_a_source_is_heard_through_a_quiet_night_of_the_show() -> None:
    pulse = Pulse(HEAD_OFFICE, AT, live_from=AT + HOUR)
    events = [Heard(at, "crm.events", b"k", b"{}") for at in (AT, AT + HOUR + MINUTE // 2, AT + 10 * HOUR)]
    out = [each for event in events for each in pulse.with_beats(event)]
    beats = [each.at for each in out if each.key == b"/telephony"]

    assert beats == [AT, *range(AT + HOUR, AT + 10 * HOUR + 1, MINUTE)]
    assert [each.at for each in out] == sorted(each.at for each in out)
