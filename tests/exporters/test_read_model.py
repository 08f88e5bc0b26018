from fractions import Fraction
from typing import Any

import msgspec
import pytest

from exporters.current import one_a_window
from exporters.kept import Kept
from exporters.kept import place_of as place_of_sample
from exporters.read_model import Command, Model, Picture, Stamp, changes, number, place_of
from kpi_state.read.sample import Exact, Person, Sample
from kpi_state.read.targets import Goal
from tests.exporters.floor import NOW, seen
from tests.exporters.passing import come_and_go
from tests.exporters.pictures import picture

STAMP = Stamp(version=7, as_of=NOW)
EMPTY = Picture({}, {})


def sample(kpi: str = "touchpoints", key: str = "anna", window: str = "day", **more: Any) -> Sample:
    said: dict[str, Any] = {
        "grain": "rep",
        "bucket": "2024-06-06",
        "labels": {},
        "parts": {"touchpoints": 3},
        "value": 3,
    }
    said |= more
    return Sample(kpi=kpi, key=key, window=window, **said)


def of(*samples: Sample) -> Picture:
    return picture(samples, [])


def commands(old: Picture, new: Picture) -> list[Command]:
    return list(changes(old, new, "p:", STAMP))


def entry(grain: str, key: str, kpi: str, window: str, labels: str, text: str) -> Command:
    said = {"grain": grain, "key": key, "kpi": kpi, "window": window, "labels": labels, "number": text}
    said |= {"version": "7", "as_of": "2024-06-06T15:59:45Z"}
    return ("XADD", "p:changes", "MAXLEN", "~", "100000", "*", *(part for pair in said.items() for part in pair))


def test_every_sample_is_a_field_and_every_value_of_a_rep_or_team_a_score() -> None:
    samples = one_a_window(seen().samples(current=True))

    made = picture(samples, [])

    assert sum(len(fields) for fields in made.hashes.values()) == len(samples)
    for each in samples:
        name = "kpis:org" if each.grain == "org" else f"kpis:{each.grain}:{each.key}"
        told = msgspec.json.decode(made.hashes[name][place_of(each)])
        assert told == {"value": each.value, "bucket": each.bucket, "parts": each.parts}
    scores = {(name, member): score for name, board in made.boards.items() for member, score in board.items()}
    assert scores == {
        (f"board:{each.grain}:{place_of(each)}", each.key): each.value
        for each in samples
        if each.grain != "org" and each.value is not None and each.key not in {"unassigned", "unmapped"}
    }


def test_nobody_is_on_a_leaderboard() -> None:
    undivided = sample(
        "lead_win", window="month", labels={"basis": "closed"}, parts={"closed": 0, "won": 1}, value=None
    )
    made = of(sample(key="unassigned"), sample(key="unmapped"), sample(grain="org", key="*"), undivided)

    assert made.boards == {}
    assert made.names() == {"kpis:rep:unassigned", "kpis:rep:unmapped", "kpis:org", "kpis:rep:anna"}


def test_people_are_a_hash_of_who_may_be_shown() -> None:
    made = picture([], [Person("anna", 'Anna "A" Bos', "Noord"), Person("bela", "", "")])

    assert made.hashes == {
        "reps": {"anna": '{"name": "Anna \\"A\\" Bos", "team": "Noord"}', "bela": '{"name": "", "team": ""}'}
    }


def test_a_number_has_the_digits_that_replay_prints() -> None:
    exact = Exact(9_007_199_254_740_993_000_001)
    made = sample(parts={"talk_seconds": exact, "touchpoints": 2**60}, value=0.1 + 0.2, bucket='"')

    assert number(made) == (
        '{"value": 0.30000000000000004, "bucket": "\\"", '
        '"parts": {"talk_seconds": 9007199254740993.000001, "touchpoints": 1152921504606846976}}'
    )
    assert number(sample(value=None, parts={})) == '{"value": null, "bucket": "2024-06-06", "parts": {}}'


@pytest.mark.parametrize(
    ("labels", "place"),
    [
        ({}, "lead_win:month"),
        ({"basis": "closed"}, "lead_win:month:basis=closed"),
        ({"region": "a:b,c=d%\n", "currency": "EUR"}, "lead_win:month:currency=EUR,region=a%3Ab%2Cc%3Dd%25%0A"),
        ({"reason": ""}, "lead_win:month:reason="),
        ({"reason": "Prijs é 100 €"}, "lead_win:month:reason=Prijs é 100 €"),
    ],
)
def test_a_place_can_be_read_whatever_the_labels_are(labels: dict[str, str], place: str) -> None:
    assert place_of(sample("lead_win", window="month", labels=labels)) == place


def test_the_same_picture_again_changes_nothing() -> None:
    made = picture(one_a_window(seen().samples(current=True)), [Person("anna", "Anna", "Noord")])

    assert commands(made, made) == []


def test_a_number_that_comes_is_written_told_and_given_an_end() -> None:
    text = number(sample())

    assert commands(EMPTY, of(sample())) == [
        ("SADD", "p:keys", "board:rep:touchpoints:day"),
        ("SADD", "p:keys", "kpis:rep:anna"),
        ("HSET", "p:kpis:rep:anna", "touchpoints:day", text),
        entry("rep", "anna", "touchpoints", "day", "", text),
        ("ZADD", "p:board:rep:touchpoints:day", "3.0", "anna"),
        ("EXPIRE", "p:board:rep:touchpoints:day", "900"),
        ("EXPIRE", "p:kpis:rep:anna", "900"),
    ]


def test_a_number_that_changes_is_written_where_it_was() -> None:
    new = sample(parts={"touchpoints": 4}, value=4)

    assert commands(of(sample()), of(new)) == [
        ("HSET", "p:kpis:rep:anna", "touchpoints:day", number(new)),
        entry("rep", "anna", "touchpoints", "day", "", number(new)),
        ("ZADD", "p:board:rep:touchpoints:day", "4.0", "anna"),
    ]


def test_what_is_no_longer_current_is_removed_and_told_without_a_number() -> None:
    gone = sample("lead_win", "*", "month", grain="org", labels={"basis": "closed"}, parts={"closed": 3, "won": 1})

    assert commands(of(sample(), gone), of(sample(key="bela"), sample(key="bela", window="week"))) == [
        ("SADD", "p:keys", "board:rep:touchpoints:week"),
        ("SADD", "p:keys", "kpis:rep:bela"),
        ("HDEL", "p:kpis:org", "lead_win:month:basis=closed"),
        entry("org", "*", "lead_win", "month", "basis=closed", ""),
        ("HDEL", "p:kpis:rep:anna", "touchpoints:day"),
        entry("rep", "anna", "touchpoints", "day", "", ""),
        ("HSET", "p:kpis:rep:bela", "touchpoints:day", number(sample())),
        entry("rep", "bela", "touchpoints", "day", "", number(sample())),
        ("HSET", "p:kpis:rep:bela", "touchpoints:week", number(sample())),
        entry("rep", "bela", "touchpoints", "week", "", number(sample())),
        ("ZADD", "p:board:rep:touchpoints:day", "3.0", "bela"),
        ("ZREM", "p:board:rep:touchpoints:day", "anna"),
        ("ZADD", "p:board:rep:touchpoints:week", "3.0", "bela"),
        ("EXPIRE", "p:board:rep:touchpoints:week", "900"),
        ("EXPIRE", "p:kpis:rep:bela", "900"),
        ("SREM", "p:keys", "kpis:org"),
        ("SREM", "p:keys", "kpis:rep:anna"),
    ]


def open_leads(count: int, seconds: int) -> Sample:
    parts = {"open": count, "age_seconds_sum": seconds, "oldest_seconds": seconds, "over_limit": 0}
    return sample("open_lead_age", window="now", bucket="", parts=parts, value=seconds // count)


def test_an_age_that_grew_is_written_but_is_no_news() -> None:
    assert [command[0] for command in commands(of(open_leads(2, 60)), of(open_leads(2, 62)))] == ["HSET", "ZADD"]
    assert [command[0] for command in commands(of(open_leads(2, 60)), of(open_leads(1, 30)))] == ["HSET", "XADD"]


def test_talk_in_a_day_is_news() -> None:
    old, new = (sample(parts={"touchpoints": 3, "talk_seconds": talk}) for talk in (30, 60))

    assert [command[0] for command in commands(of(old), of(new))] == ["HSET", "XADD"]


@pytest.mark.parametrize("text", ["no JSON", "[]", "{}", '{"parts": {"open": "many"}}'])
def test_what_somebody_else_wrote_is_replaced(text: str) -> None:
    found = Picture({"kpis:rep:anna": {"open_lead_age:now": text, "theirs": text}}, of(open_leads(2, 60)).boards)

    assert [command[0] for command in commands(found, of(open_leads(2, 60)))] == ["HSET", "XADD", "HDEL", "XADD"]


def test_a_change_of_names_is_written_but_is_no_change_of_a_number() -> None:
    old, new = picture([], [Person("anna", "Anna", "")]), picture([], [Person("anna", "Ann", ""), Person("b", "B", "")])

    assert [command[:3] for command in commands(old, new)] == [("HSET", "p:reps", "anna"), ("HSET", "p:reps", "b")]
    assert commands(new, old)[-1] == ("HDEL", "p:reps", "b")


def test_a_number_with_a_target_says_how_far_it_is_reached_and_only_that_is_news_which_follows_no_clock() -> None:
    def aimed(target: int, expected: int, points: int = 3) -> Picture:
        goal = Goal("touchpoints", "rep", "anna", "day", Fraction(target), Fraction(expected))
        return picture([sample(parts={"touchpoints": points}, value=points)], [], [goal])

    text = aimed(6, 2).hashes["kpis:rep:anna"]["touchpoints:day"]
    assert msgspec.json.decode(text) == {
        "value": 3,
        "bucket": "2024-06-06",
        "parts": {"touchpoints": 3},
        "target": 6,
        "attainment": 0.5,
        "expected": 2,
        "pace": 1.5,
    }
    assert [command[0] for command in commands(aimed(6, 2), aimed(6, 4))] == ["HSET"]
    assert [command[0] for command in commands(aimed(6, 2), aimed(5, 2))] == ["HSET", "XADD"]
    assert [command[0] for command in commands(aimed(6, 2), aimed(6, 2, points=4))] == ["HSET", "XADD", "ZADD"]


def test_a_model_that_follows_is_one_that_is_made_at_once_and_keeps_what_did_not_change() -> None:
    kept, model = Kept(), Model()
    kept.people.put("anna", Person("anna", "Anna", ""), 1)
    for each in (sample(), sample(key="bela"), sample(key="*", grain="org")):
        kept.samples.put(place_of_sample(each), each, 1)
    before = model.follow(kept, kept.follow(1))

    other = sample(parts={"touchpoints": 9}, value=9)
    kept.samples.put(place_of_sample(other), other, 2)
    kept.samples.drop(place_of_sample(sample(key="*", grain="org")), 2)
    kept.people.drop("anna", 2)
    after = model.follow(kept, kept.follow(2))

    assert before == picture([sample(), sample(key="bela"), sample(key="*", grain="org")], [Person("anna", "Anna", "")])
    assert after == of(other, sample(key="bela"))
    assert after.hashes["kpis:rep:bela"] is before.hashes["kpis:rep:bela"]


def test_a_model_that_nobody_asked_for_long_has_nothing_of_those_who_went_meanwhile() -> None:
    kept, model = Kept(), Model()
    ann, bob = sample(key="ann"), sample(key="bob")
    for each in (ann, bob):
        kept.samples.put(place_of_sample(each), each, 1)
    model.follow(kept, kept.follow(1))
    kept.samples.drop(place_of_sample(ann), 2)

    assert model.follow(kept, come_and_go(kept, kept.follow(2))) == of(bob)
