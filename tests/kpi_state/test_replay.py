import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_state import replay as module
from kpi_state.definitions import Calendar, Definitions, ReadSettings
from kpi_state.replay import Replay, replay
from tests.extremes import lines
from tests.statements import lead, mailed, rep
from tests.told import at

NOW = at("2024-01-31 12:00")
EARLY = lead("l1", "2024-01-05", owner_id="r1", created_at="2024-01-05")
LATE = lead("l2", "2024-01-31 12:01", created_at="2024-01-05")


def counts(result: Replay) -> tuple[int, int, int]:
    return result.read, result.after_as_of, result.quarantined


def leads(result: Replay) -> object:
    sample = next(s for s in result.samples() if (s.kpi, s.grain, s.window) == ("leads_created", "org", "month"))
    return sample.value


def test_events_after_the_instant_are_counted_and_not_applied() -> None:
    result = replay([EARLY, LATE], NOW, ReadSettings())

    assert counts(result) == (2, 1, 0)
    assert leads(result) == 1


def test_an_event_at_the_very_instant_is_applied() -> None:
    result = replay([EARLY, LATE], at("2024-01-31 12:01"), ReadSettings())

    assert counts(result) == (2, 0, 0)
    assert leads(result) == 2


def test_what_breaks_the_contract_is_quarantined_whatever_its_time() -> None:
    bad = json.dumps({**json.loads(LATE), "type": "crm.unknown.v1"}).encode()

    assert counts(replay([b"{", bad, EARLY], NOW, ReadSettings())) == (3, 0, 2)


def test_repeats_are_read_and_empty_lines_are_not() -> None:
    result = replay([EARLY, b"", b" \r\n", EARLY + b"\n"], NOW, ReadSettings())

    assert counts(result) == (2, 0, 0)
    assert leads(result) == 1


@pytest.mark.parametrize("size", [1, 2, 3])
def test_the_size_of_a_commit_does_not_show(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [rep("r1", team="A"), EARLY, mailed("m1", "2024-01-06", lead_id="l1"), LATE, EARLY]
    whole = replay(lines, NOW, ReadSettings()).document()

    monkeypatch.setattr(module, "COMMIT_EVENTS", size)

    assert replay(lines, NOW, ReadSettings()).document() == whole


def test_lines_may_be_fed_a_file_at_a_time() -> None:
    result = Replay(NOW, ReadSettings())
    result.feed([EARLY])
    result.feed(iter([LATE, b"x"]))

    assert counts(result) == (2 + 1, 1, 1)
    assert leads(result) == 1


def test_definitions_and_calendar_come_from_the_settings() -> None:
    spoke = mailed("m1", "2024-01-05 23:30", contact_id="c1")
    settings = ReadSettings(Definitions(organisation_timezone="Asia/Tokyo"), Calendar(fiscal_year_start_month=2))

    result = replay([spoke, EARLY], NOW, settings)

    buckets = {(sample.kpi, sample.window): sample.bucket for sample in result.samples() if sample.grain == "org"}
    assert buckets["touchpoints", "day"] == "2024-01-06"
    assert buckets["leads_created", "fiscal_year"] == "FY2024"
    assert buckets["leads_created", "fiscal_quarter"] == "FY2024-Q4"


def test_the_document_says_the_instant_what_was_read_and_every_sample() -> None:
    result = replay([EARLY, LATE, b"x"], NOW, ReadSettings())

    printed = json.loads(result.document())

    assert printed["as_of"] == "2024-01-31T12:00:00Z"
    assert printed["input"] == {"read": 3, "after_as_of": 1, "quarantined": 1}
    assert len(printed["samples"]) == len(result.samples())


def test_only_the_windows_of_now_may_be_asked_for() -> None:
    result = replay([lead("l0", "2023-12-05", created_at="2023-12-05"), EARLY], NOW, ReadSettings())

    def months(*, current: bool) -> set[str]:
        return {s.bucket for s in result.samples(current=current) if (s.kpi, s.window) == ("leads_created", "month")}

    assert months(current=False) == {"2023-12", "2024-01"}
    assert months(current=True) == {"2024-01"}


@given(
    st.lists(lines(), min_size=1, max_size=24),
    st.sampled_from((NOW, at("0002-06-01T00:00:00Z"), at("1969-12-31T23:00:00Z"), at("9998-12-31T23:59:59Z"))),
    st.integers(1, 12),
)
def test_no_line_can_stop_a_replay(said: list[bytes], now: int, month: int) -> None:
    settings = ReadSettings(
        Definitions(organisation_timezone="Asia/Kathmandu"), Calendar(fiscal_year_start_month=month)
    )
    result = replay(said, now, settings)

    assert sum(counts(result)[1:]) <= result.read == len(said)
    assert len(json.loads(result.document())["samples"]) == len(result.samples())
    assert len(result.samples(current=True)) <= len(result.samples())


def test_nothing_read_is_a_document_too() -> None:
    assert json.loads(replay([], NOW, ReadSettings()).document()) == {
        "as_of": "2024-01-31T12:00:00Z",
        "input": {"read": 0, "after_as_of": 0, "quarantined": 0},
        "samples": [],
    }
