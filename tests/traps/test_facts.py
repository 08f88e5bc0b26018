"""What events say about one subject, and which statement wins."""

import json

import pytest

from tests.statements import call, event, lead, opportunity, rep, spoke
from tests.worlds import Board, seen


def owner_of_new_leads(board: Board) -> set[str]:
    return board.keys("leads_created", "fiscal_quarter", "FY2024-Q1") - {"*"}


def counts(board: Board) -> tuple[int, int, int]:
    return board.counts.read, board.counts.after_as_of, board.counts.quarantined


def test_an_absent_field_is_unchanged() -> None:
    board = seen(
        rep("r1"),
        lead("L", "2024-01-05", created_at="2024-01-05 10:00", owner_id="r1", generated_by="marketing"),
        lead("L", "2024-01-06", status="working"),
    )

    assert board.parts("lead_source", "rep:r1", "month", "2024-01") == {"known": 1, "marketing": 1, "unknown": 0}


def test_a_null_field_is_cleared() -> None:
    board = seen(
        rep("r1"),
        lead("L", "2024-01-05", created_at="2024-01-05 10:00", owner_id="r1", generated_by="marketing"),
        lead("L", "2024-01-06", generated_by=None),
    )

    assert board.parts("lead_source", "rep:r1", "month", "2024-01") == {"known": 0, "marketing": 0, "unknown": 1}
    assert board.value("lead_source", "rep:r1", "month", "2024-01") is None


def test_an_update_that_arrives_before_its_create_counts_the_same() -> None:
    board = seen(
        lead("L", "2024-02-01", generated_by="sales"),
        lead("L", "2024-01-05", created_at="2024-01-05 10:00", owner_id="r1", generated_by="marketing"),
        rep("r1"),
    )

    assert board.parts("lead_source", "rep:r1", "fiscal_quarter", "FY2024-Q1") == {
        "known": 1,
        "marketing": 0,
        "unknown": 0,
    }


def test_the_same_webhook_five_times_counts_once() -> None:
    said = [
        lead("L", "2024-01-05", created_at="2024-01-05 10:00", owner_id="r1"),
        spoke("c", "2024-01-05 11:00", phone="+491"),
    ]

    board = seen(rep("r1"), said * 5)

    assert board.parts("leads_created", "*", "month", "2024-01") == {"leads": 1}
    assert board.parts("touchpoints", "*", "day", "2024-01-05") == {"touchpoints": 1, "attempts": 1, "talk_seconds": 60}


def test_times_are_compared_as_instants_whatever_their_offset() -> None:
    board = seen(
        lead("L", "2024-01-05T12:30:00+02:00", created_at="2024-01-05 10:00", origin="earlier"),
        lead("L", "2024-01-05T11:00:00Z", origin="later"),
        lead("L", "2024-01-05T07:00:00-03:59", origin="between"),
    )

    assert board.parts("leads_created", "*", "month", "2024-01", origin="later") == {"leads": 1}


def test_of_one_time_the_larger_sequence_wins_before_source_and_id() -> None:
    board = seen(
        lead("L", "2024-01-05", created_at="2024-01-05 10:00"),
        lead("L", "2024-01-06", origin="second", sequence="0002", source="/a", id="a"),
        lead("L", "2024-01-06", origin="first", sequence="0001", source="/z", id="z"),
        lead("L", "2024-01-06", origin="none", source="/zz", id="zz"),
    )

    assert board.parts("leads_created", "*", "month", "2024-01", origin="second") == {"leads": 1}


def test_of_one_time_and_sequence_the_larger_source_wins_before_the_id() -> None:
    board = seen(
        lead("L", "2024-01-05", created_at="2024-01-05 10:00"),
        lead("L", "2024-01-06", origin="large source", source="/b", id="1"),
        lead("L", "2024-01-06", origin="large id", source="/a", id="9"),
    )

    assert board.parts("leads_created", "*", "month", "2024-01", origin="large source") == {"leads": 1}


def test_finer_digits_than_microseconds_are_cut_before_times_are_compared() -> None:
    board = seen(
        lead("L", "2024-01-05", created_at="2024-01-05 10:00"),
        lead("L", "2024-01-06T10:00:00.0000019Z", origin="a", id="1"),
        lead("L", "2024-01-06T10:00:00.0000011Z", origin="b", id="2"),
    )

    assert board.parts("leads_created", "*", "month", "2024-01", origin="b") == {"leads": 1}


def test_the_same_id_and_time_with_two_contents_is_decided_by_the_larger_canonical_value() -> None:
    board = seen(
        lead("L", "2024-01-05", id="x", created_at="2024-01-05 10:00", origin="apple"),
        lead("L", "2024-01-05", id="x", created_at="2024-01-05 10:00", origin="pear"),
    )

    assert board.parts("leads_created", "*", "month", "2024-01", origin="pear") == {"leads": 1}
    assert board.parts("leads_created", "*", "month", "2024-01", origin="apple") is None


def test_two_contents_of_one_id_are_decided_field_by_field() -> None:
    board = seen(
        lead("L", "2024-01-05", id="x", created_at="2024-01-05 10:00", origin="pear", owner_id="r1"),
        lead("L", "2024-01-05", id="x", created_at="2024-01-05 10:00", origin="apple", owner_id="r2"),
        rep("r1"),
        rep("r2"),
    )

    assert board.parts("leads_created", "rep:r2", "month", "2024-01", origin="pear") == {"leads": 1}


def test_two_instants_of_one_id_are_compared_in_utc_and_not_as_written() -> None:
    board = seen(
        lead("L", "2024-01-05", id="x", created_at="2024-02-01T23:30:00+05:00"),
        lead("L", "2024-01-05", id="x", created_at="2024-02-01T19:00:00Z"),
    )

    assert board.parts("leads_created", "*", "day", "2024-02-01") == {"leads": 1}
    assert board.parts("open_lead_age", "*", "now") == {
        "open": 1,
        "age_seconds_sum": 333 * 86_400 + 17 * 3_600,
        "oldest_seconds": 333 * 86_400 + 17 * 3_600,
        "over_limit": 1,
    }


@pytest.mark.parametrize(
    ("contents", "winner"),
    [
        pytest.param((9, 10), 9, id="numbers are compared as canonical text"),
        pytest.param((500, None), None, id="null is larger than a number"),
        pytest.param((-5, 4), 4, id="a digit is larger than a minus sign"),
    ],
)
def test_two_amounts_of_one_id_are_compared_as_canonical_json(
    contents: tuple[int | None, ...], winner: int | None
) -> None:
    board = seen(
        opportunity("O", "2024-01-05", outcome="won", closed_at="2024-01-05 10:00", currency="EUR"),
        [opportunity("O", "2024-01-06", id="x", amount_minor=amount) for amount in contents],
    )

    parts = board.parts("annual_contract_value", "*", "fiscal_year", "FY2024", currency="EUR")
    assert parts == (None if winner is None else {"contracts": 1, "annual_value_minor": winner})


def test_true_is_larger_than_false_on_a_full_tie() -> None:
    board = seen(
        lead("L", "2024-01-05", created_at="2024-01-05 10:00"),
        lead("L", "2024-01-06", id="x", deleted=True),
        lead("L", "2024-01-06", id="x", deleted=False),
    )

    assert board.parts("leads_created", "*", "month", "2024-01") is None


def test_one_source_and_id_with_another_time_is_another_statement() -> None:
    board = seen(
        lead("L", "2024-01-05", id="x", created_at="2024-01-05 10:00", origin="first"),
        lead("L", "2024-01-06", id="x", origin="second"),
    )

    assert board.parts("leads_created", "*", "month", "2024-01", origin="second") == {"leads": 1}


def test_one_id_of_two_types_is_two_subjects() -> None:
    board = seen(
        lead("1", "2024-01-05", created_at="2024-01-05 10:00"),
        event("contact", "1", "2024-01-06", deleted=True),
    )

    assert board.parts("leads_created", "*", "month", "2024-01") == {"leads": 1}


def test_unknown_fields_change_nothing() -> None:
    board = seen(lead("L", "2024-01-05", created_at="2024-01-05 10:00", shoe_size=46, nested={"a": [1]}))

    assert board.parts("leads_created", "*", "month", "2024-01") == {"leads": 1}


def test_an_event_400_days_late_lands_in_its_own_day() -> None:
    board = seen(rep("r1"), spoke("new", "2024-12-30 10:00", phone="+1"), spoke("late", "2023-11-26 10:00", phone="+2"))

    assert board.parts("touchpoints", "rep:r1", "day", "2023-11-26") == {
        "touchpoints": 1,
        "attempts": 1,
        "talk_seconds": 60,
    }
    assert board.parts("touchpoints", "rep:r1", "day", "2024-12-30") == {
        "touchpoints": 1,
        "attempts": 1,
        "talk_seconds": 60,
    }


def test_an_event_after_as_of_is_counted_and_does_not_count() -> None:
    lines = [
        lead("L", "2024-01-05", created_at="2024-01-05 10:00"),
        lead("M", "2026-01-05", created_at="2024-01-05 10:00"),
    ]

    board = seen(lines)

    assert counts(board) == (2, 1, 0)
    assert board.parts("leads_created", "*", "month", "2024-01") == {"leads": 1}


def test_an_event_exactly_at_as_of_counts() -> None:
    now = "2024-06-01T12:00:00Z"

    assert seen(lead("L", now, created_at="2024-01-05 10:00"), now=now).parts(
        "leads_created", "*", "month", "2024-01"
    ) == {
        "leads": 1,
    }


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(b"not json", id="not JSON"),
        pytest.param(b'{"id":"1","id":"2"}', id="a duplicate key"),
        pytest.param(
            lead("L", "2024-01-05", status="new").replace(b'"status":"new"', b'"status":"new","status":"new"'),
            id="a duplicate field",
        ),
        pytest.param(lead("L", "2024-01-05").replace(b"crm.lead.v1", b"crm.lead.v9"), id="an unknown type"),
        pytest.param(lead("L", "2024-01-05", status="sleeping"), id="an unknown enum value"),
        pytest.param(lead("L", "2024-01-05", owner_id=7), id="a number where a text belongs"),
        pytest.param(opportunity("O", "2024-01-05", amount_minor="7"), id="a text where a number belongs"),
        pytest.param(opportunity("O", "2024-01-05", amount_minor=7.5), id="half a minor unit"),
        pytest.param(lead("L", "2024-01-05", deleted="yes"), id="a text where a truth value belongs"),
        pytest.param(lead("L", "2024-01-05T12:00:00"), id="a time without offset"),
        pytest.param(lead("L", "2024-01-05", created_at="2024-01-05T12:00:00"), id="a fact's time without offset"),
        pytest.param(opportunity("O", "2024-01-05", splits={"r1": -0.5, "r2": 1.5}), id="a share below 0"),
        pytest.param(opportunity("O", "2024-01-05", splits={"r1": 0, "r2": 0}), id="all shares 0"),
        *(
            pytest.param(
                json.dumps({k: v for k, v in json.loads(lead("L", "2024-01-05")).items() if k != missing}).encode(),
                id=f"no {missing}",
            )
            for missing in ("id", "source", "subject", "time")
        ),
    ],
)
def test_what_breaks_the_contract_is_quarantined_whole_and_the_rest_goes_on(line: bytes) -> None:
    lines = [line, lead("M", "2024-01-05", created_at="2024-01-05 10:00")]

    board = seen(lines)

    assert counts(board) == (2, 0, 1)
    assert board.parts("leads_created", "*", "month", "2024-01") == {"leads": 1}


def test_what_is_quarantined_counts_as_quarantined_whatever_its_time() -> None:
    assert counts(seen(lead("L", "2030-01-05", status="sleeping"))) == (1, 0, 1)


def test_empty_lines_are_no_events_and_repeats_are_read_again() -> None:
    said = lead("L", "2024-01-05", created_at="2024-01-05 10:00")

    assert counts(seen(said, b"", said, b"  \n", said)) == (3, 0, 0)


def test_a_phone_that_is_no_number_is_kept_as_opaque_text() -> None:
    board = seen(
        rep("r1"),
        spoke("c1", "2024-01-05 10:00", phone="anonymous"),
        spoke("c2", "2024-01-05 10:05", phone="anonymous"),
    )

    assert board.parts("touchpoints", "rep:r1", "day", "2024-01-05") == {
        "touchpoints": 1,
        "attempts": 2,
        "talk_seconds": 120,
    }


def test_a_leg_without_start_counts_at_the_earliest_time_of_its_events() -> None:
    board = seen(
        rep("r1"),
        call("c", "2024-01-05 09:20", rep_id="r1", direction="outbound"),
        call("c", "2024-01-05 11:00", disposition="answered", talk_seconds=40),
    )

    assert board.parts("touchpoints", "rep:r1", "hour", "2024-01-05T09:00+00:00") == {
        "touchpoints": 1,
        "attempts": 1,
        "talk_seconds": 40,
    }


def test_the_earliest_time_of_a_leg_moves_back_when_an_older_event_arrives_that_says_nothing_else() -> None:
    board = seen(
        rep("r1"),
        call("c", "2024-01-05 11:00", rep_id="r1", direction="outbound", disposition="answered", talk_seconds=40),
        call("c", "2024-01-05 08:00", rep_id="r2"),
    )

    assert board.keys("touchpoints", "day", "2024-01-05") == {"rep:r1", "*"}
    assert board.parts("touchpoints", "*", "hour", "2024-01-05T08:00+00:00") == {
        "touchpoints": 1,
        "attempts": 1,
        "talk_seconds": 40,
    }


def test_an_activity_without_at_counts_at_the_earliest_time_of_its_events() -> None:
    board = seen(
        rep("r1"),
        event("activity", "m", "2024-01-06 09:00", rep_id="r1", channel="email", direction="outbound"),
        event("activity", "m", "2024-01-05 09:00", contact_id="C"),
    )

    assert board.keys("touchpoints", "day", "2024-01-05") == {"rep:r1", "*"}
    assert board.keys("touchpoints", "day", "2024-01-06") == set()


def test_an_at_that_is_cleared_falls_back_to_the_earliest_event() -> None:
    board = seen(
        rep("r1"),
        event(
            "activity",
            "m",
            "2024-01-06 09:00",
            rep_id="r1",
            channel="email",
            direction="outbound",
            at="2024-03-01 10:00",
        ),
        event("activity", "m", "2024-01-07 09:00", at=None),
    )

    assert board.keys("touchpoints", "month", "2024-01") == {"rep:r1", "*"}
    assert board.keys("touchpoints", "month", "2024-03") == set()


def test_a_deleted_subject_contributes_nothing_and_an_undeleted_one_counts_as_before() -> None:
    said = [
        rep("r1"),
        lead("L", "2024-01-05", created_at="2024-01-05 10:00", owner_id="r1"),
        lead("L", "2024-02-01", deleted=True),
        lead("L", "2024-02-03", owner_id="r2"),
    ]

    assert seen(said).parts("leads_created", "*", "month", "2024-01") is None
    assert owner_of_new_leads(seen(said, lead("L", "2024-03-01", deleted=False))) == {"rep:r1"}


def test_deleted_null_restores_too() -> None:
    board = seen(
        lead("L", "2024-01-05", created_at="2024-01-05 10:00"),
        lead("L", "2024-02-01", deleted=True),
        lead("L", "2024-03-01", deleted=None),
    )

    assert board.parts("leads_created", "*", "month", "2024-01") == {"leads": 1}


def test_an_older_undelete_does_not_restore() -> None:
    board = seen(
        lead("L", "2024-02-01", deleted=True),
        lead("L", "2024-01-20", deleted=False),
        lead("L", "2024-01-05", created_at="2024-01-05 10:00"),
    )

    assert board.parts("leads_created", "*", "month", "2024-01") is None
