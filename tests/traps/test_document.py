"""What `replay` prints, to the byte."""

import json

from kpi_state.replay import replay
from tests.reference import microseconds
from tests.statements import absence, contract, event, heartbeat, lead, opportunity, rep, spoke, target
from tests.worlds import seen, settings_of


def printed(*lines: bytes, now: str = "2024-12-31T12:00:00Z") -> str:
    return replay(lines, microseconds(now), settings_of()).document().decode()


def test_a_document_says_as_of_what_came_in_and_every_sample() -> None:
    text = printed(lead("L", "2024-01-05", created_at="2023-01-05"), lead("M", "2025-01-01"), b"{}")

    document = json.loads(text)
    assert list(document) == ["as_of", "input", "samples"]
    assert document["as_of"] == "2024-12-31T12:00:00Z"
    assert document["input"] == {"read": 3, "after_as_of": 1, "quarantined": 1}
    assert document["samples"][0] == {
        "kpi": "lead_conversion",
        "grain": "org",
        "key": "*",
        "window": "fiscal_quarter",
        "bucket": "FY2023-Q1",
        "labels": {},
        "parts": {"leads": 1, "converted": 0},
        "value": 0,
    }


def test_keys_and_parts_stand_in_the_order_of_the_kpi_book() -> None:
    text = printed(rep("r1"), spoke("c", "2024-12-31 10:00", phone="+1"))

    assert (
        '{"kpi": "touchpoints", "grain": "rep", "key": "r1", "window": "hour", "bucket": "2024-12-31T10:00+00:00", '
        '"labels": {"channel": "call"}, "parts": {"touchpoints": 1, "attempts": 1, "talk_seconds": 60}, "value": 1}'
    ) in text


def test_samples_are_sorted_by_kpi_grain_key_window_bucket_and_labels() -> None:
    text = printed(
        rep("r2", team="B"),
        rep("r10", team="A"),
        *(lead(f"L{n}", "2024-01-05", created_at=f"2024-0{n}-05", owner_id=f"r{n}") for n in (1, 2, 9)),
        *(lead(f"M{n}", "2024-01-05", created_at="2024-09-05", owner_id="r10", origin=f"o{n}") for n in range(3)),
        contract("K", "2024-01-05", account_id="A", starts_on="2024-01-01", value_minor=1, currency="EUR", product="p"),
        contract("J", "2024-01-05", account_id="A", starts_on="2024-01-01", value_minor=1, currency="CHF", region="q"),
    )

    samples = json.loads(text)["samples"]
    names = [
        (*(s[k] for k in ("kpi", "grain", "key", "window", "bucket")), sorted(s["labels"].items())) for s in samples
    ]
    assert names == sorted(names)
    assert len(names) > 100


def test_whole_numbers_have_no_fraction_and_others_as_many_digits_as_they_need() -> None:
    text = printed(
        rep("r1"),
        opportunity(
            "O", "2024-01-05", outcome="won", amount_minor=100, currency="EUR", splits={"r1": 1, "r2": 1, "r3": 2}
        ),
        opportunity("P", "2024-01-05", owner_id="r1", outcome="won", amount_minor=11, currency="USD", term_months=6),
        spoke(
            "c",
            "2024-06-03 10:00",
            seconds=None,
            answered_at="2024-06-03T10:00:00.25Z",
            ended_at="2024-06-03T10:01:00Z",
        ),
        lead("L", "2024-01-05", created_at="2024-12-31T11:59:59.9Z"),
    )

    assert '"parts": {"contracts": 0.25, "annual_value_minor": 25}, "value": 100}' in text
    assert '"parts": {"contracts": 1, "annual_value_minor": 11}, "value": 11}' in text
    assert '"talk_seconds": 59.75}' in text
    assert '"parts": {"open": 1, "age_seconds_sum": 0.1, "oldest_seconds": 0.1, "over_limit": 0}, "value": 0.1}' in text
    assert ".0," not in text
    assert ".0}" not in text


def test_a_value_that_divides_by_nothing_is_null() -> None:
    text = printed(lead("L", "2024-01-05", created_at="2024-01-05"))

    assert '"parts": {"known": 0, "marketing": 0, "unknown": 1}, "value": null}' in text


def test_nothing_in_is_no_samples_out() -> None:
    assert json.loads(printed()) == {
        "as_of": "2024-12-31T12:00:00Z",
        "input": {"read": 0, "after_as_of": 0, "quarantined": 0},
        "samples": [],
    }


def test_text_of_any_language_is_printed_and_read_again() -> None:
    text = printed(lead("L", "2024-01-05", created_at="2024-01-05", origin='a "fair" — Zürich\\ 東京\n'))

    origins = {sample["labels"].get("origin") for sample in json.loads(text)["samples"]}
    assert 'a "fair" — Zürich\\ 東京\n' in origins


def test_absences_targets_and_heartbeats_are_no_samples() -> None:
    board = seen(
        rep("r1", team="A"),
        absence("a", "2024-01-01", rep_id="r1", from_="2024-01-01", until="2024-02-01", kind="holiday"),
        target("touchpoints/rep:r1/day/2024-01-01", "2024-01-01", value=60),
        heartbeat("/crm", "2024-01-01", since="2024-01-01", known=7),
        event("account", "A", "2024-01-01", name="Acme", size="large", region="north"),
        event("contact", "C", "2024-01-01", phones=["+1"], emails=["c@example.com"], created_at="2024-01-01"),
    )

    assert board.samples == {}
    assert (board.counts.read, board.counts.quarantined) == (6, 0)
