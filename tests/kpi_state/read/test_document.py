import json

import pytest

from kpi_state.read.document import Input, document, instant_text
from kpi_state.read.sample import Exact, Sample
from tests.kpi_state.read.floor import Floor, us

WON = Sample(
    kpi="lead_win",
    grain="rep",
    key="10138",
    window="fiscal_quarter",
    bucket="FY2011-Q4",
    labels={"basis": "cohort"},
    parts={"leads": 11, "won": 9},
    value=9 / 11,
)


def test_the_document_is_exactly_this() -> None:
    touched = Sample(
        "touchpoints", "org", "*", "rolling_1h", "", {}, {"touchpoints": 0, "talk_seconds": Exact(1)}, None
    )

    assert document(us("2011-12-31T23:00:00"), Input(7, 2, 1), [WON, touched]).decode() == (
        '{"as_of": "2011-12-31T23:00:00Z",\n'
        ' "input": {"read": 7, "after_as_of": 2, "quarantined": 1},\n'
        ' "samples": [\n'
        '  {"kpi": "lead_win", "grain": "rep", "key": "10138", "window": "fiscal_quarter", "bucket": "FY2011-Q4", '
        '"labels": {"basis": "cohort"}, "parts": {"leads": 11, "won": 9}, "value": 0.8181818181818182},\n'
        '  {"kpi": "touchpoints", "grain": "org", "key": "*", "window": "rolling_1h", "bucket": "", '
        '"labels": {}, "parts": {"touchpoints": 0, "talk_seconds": 0.000001}, "value": null}]}\n'
    )


def test_a_document_without_samples_is_json_too() -> None:
    printed = document(0, Input(0, 0, 0), [])

    assert json.loads(printed)["samples"] == []
    assert printed.endswith(b'"samples": []}\n')


@pytest.mark.parametrize("text", ['a "quoted" \\ key', "Müller, 東京", "line\nbreak\x00\u2028", "\U0001f600"])
def test_any_text_survives(text: str) -> None:
    sample = Sample("leads_created", "rep", text, "day", "2024-05-14", {"origin": text}, {"leads": 1}, 1)

    (found,) = json.loads(document(0, Input(1, 0, 0), [sample]))["samples"]

    assert (found["key"], found["labels"]) == (text, {"origin": text})


@pytest.mark.parametrize(
    ("time", "text"),
    [
        ("2011-12-31T23:00:00", "2011-12-31T23:00:00Z"),
        ("2012-03-14T15:04:54.681", "2012-03-14T15:04:54.681Z"),
        ("2012-03-14T15:04:50.000001", "2012-03-14T15:04:50.000001Z"),
        ("0001-01-01T00:00:00", "0001-01-01T00:00:00Z"),
    ],
)
def test_an_instant_has_no_more_decimals_than_it_needs(time: str, text: str) -> None:
    assert instant_text(us(time)) == text


def test_samples_are_sorted_by_kpi_grain_key_window_bucket_and_labels() -> None:
    floor = Floor()
    for rep in ("r10", "r9", "R1"):
        floor.rep(rep, team="B")
        for channel in ("call", "email"):
            floor.touch(rep, "2024-05-14T10:00", channel=channel)
            floor.touch(rep, "2024-05-13T10:00", channel=channel)
        floor.count("leads_created", rep, ("Q", 1_900_000, 0), 1, labels=("fair",))

    samples = floor.look("2024-05-14T10:30").samples

    keys = [(s.kpi, s.grain, s.key, s.window, s.bucket, sorted(s.labels.items())) for s in samples]
    assert keys == sorted(keys)
