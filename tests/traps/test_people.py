"""Who an id belongs to, in which team, in which zone: resolved when numbers are read."""

import pytest

from kpi_state.replay import replay
from tests.reference import microseconds
from tests.statements import appointment, contract, lead, mailed, rep, spoke
from tests.worlds import Board, seen, settings_of


def called(day: str, by: str = "101", **said: object) -> bytes:
    """A call at ten o'clock of a day, by an id as the telephone system sends it."""
    return spoke(f"c-{day}-{by}", f"{day} 10:00", by, phone="+49", **said)


def who(board: Board, day: str) -> set[str]:
    return board.keys("touchpoints", "day", day) - {"*"}


# ---- identities


def test_an_extension_belongs_to_whoever_has_it_that_day() -> None:
    board = seen(
        rep("r1", extensions=["101"]),
        rep("r2"),
        rep("r1", "2024-03-01", extensions=[]),
        rep("r2", "2024-03-01", extensions=["101"]),
        called("2024-02-01"),
        called("2024-04-01"),
    )

    assert who(board, "2024-02-01") == {"rep:r1"}
    assert who(board, "2024-04-01") == {"rep:r2"}


@pytest.mark.parametrize(
    ("sent", "held"),
    [
        pytest.param("r1", {}, id="a roster id"),
        pytest.param("aircall:7", {"external_ids": {"aircall": "7"}}, id="a system's id"),
        pytest.param("anna@example.com", {"emails": ["Anna@Example.com"]}, id="an e-mail address"),
        pytest.param("ANNA@example.COM", {"emails": ["anna@example.com"]}, id="an e-mail address in capitals"),
        pytest.param("101", {"extensions": ["100", "101"]}, id="an extension"),
    ],
)
def test_an_id_is_a_roster_id_a_systems_id_an_address_or_an_extension(sent: str, held: dict[str, object]) -> None:
    assert who(seen(rep("r1", team="A", **held), called("2024-02-01", sent)), "2024-02-01") == {"rep:r1", "team:A"}


@pytest.mark.parametrize("sent", ["7", "other:7", "aircall:8", "r", "R1", "anna"])
def test_an_id_that_only_resembles_a_known_one_is_unmapped(sent: str) -> None:
    known = rep("r1", external_ids={"aircall": "7"}, emails=["anna@example.com"], extensions=["101"])

    assert who(seen(known, called("2024-02-01", sent)), "2024-02-01") == {"rep:unmapped"}


def test_a_roster_id_comes_before_every_alias() -> None:
    board = seen(
        rep("r1", extensions=["101"], external_ids={"x": "1"}),
        rep("101"),
        rep("x:1"),
        called("2024-02-01"),
        called("2024-02-02", "x:1"),
    )

    assert who(board, "2024-02-01") == {"rep:101"}
    assert who(board, "2024-02-02") == {"rep:x:1"}


def test_before_the_first_claim_an_id_belongs_to_who_claims_it_first() -> None:
    board = seen(
        rep("r1", "2024-05-01", extensions=["101"]),
        rep("r2", "2024-06-01", extensions=["101"]),
        called("2024-02-01"),
        called("2024-05-10"),
        called("2024-06-10"),
    )

    assert who(board, "2024-02-01") == {"rep:r1"}
    assert who(board, "2024-05-10") == {"rep:r1"}
    assert who(board, "2024-06-10") == {"rep:r2"}


def test_of_two_claims_the_later_counts_and_of_two_at_one_moment_the_smallest_id() -> None:
    later = seen(
        rep("r1", "2024-01-02", extensions=["101"]), rep("r2", "2024-01-01", extensions=["101"]), called("2024-02-01")
    )
    same = seen(
        rep("r2", "2024-01-01", extensions=["101"]), rep("r1", "2024-01-01", extensions=["101"]), called("2024-02-01")
    )

    assert who(later, "2024-02-01") == {"rep:r1"}
    assert who(same, "2024-02-01") == {"rep:r1"}


def test_stating_a_claim_again_is_not_a_later_claim() -> None:
    board = seen(
        rep("r1", "2024-01-01", extensions=["101"]),
        rep("r2", "2024-01-02", extensions=["101"]),
        rep("r1", "2024-01-03", extensions=["101", "102"]),
        called("2024-02-01"),
    )

    assert who(board, "2024-02-01") == {"rep:r2"}


def test_an_id_released_belongs_to_the_next_who_claims_it_and_else_to_nobody() -> None:
    said = [
        rep("r1", extensions=["101"]),
        rep("r1", "2024-02-01", extensions=[]),
        called("2024-01-01"),
        called("2024-03-01"),
    ]

    never_again = seen(said)
    assert who(never_again, "2024-01-01") == {"rep:r1"}
    assert who(never_again, "2024-03-01") == {"rep:unmapped"}

    again = seen(said, rep("r2", "2024-04-01", extensions=["101"]))
    assert who(again, "2024-01-01") == {"rep:r1"}
    assert who(again, "2024-03-01") == {"rep:r2"}


def test_the_first_kind_with_a_holder_at_that_moment_decides_and_else_the_first_with_a_later_claim() -> None:
    board = seen(
        rep("r1", "2024-03-01", external_ids={"a": "1"}),
        rep("r2", "2024-01-01", extensions=["a:1"]),
        called("2023-12-01", "a:1"),
        called("2024-02-01", "a:1"),
        called("2024-04-01", "a:1"),
    )

    assert who(board, "2023-12-01") == {"rep:r1"}
    assert who(board, "2024-02-01") == {"rep:r2"}
    assert who(board, "2024-04-01") == {"rep:r1"}


def test_a_holder_of_an_earlier_kind_decides_over_a_later_claim_of_a_later_kind() -> None:
    board = seen(
        rep("r1", "2024-01-01", emails=["x@example.com"]),
        rep("r2", "2024-02-01", extensions=["x@example.com"]),
        called("2024-04-01", "x@example.com"),
    )

    assert who(board, "2024-04-01") == {"rep:r1"}


def test_a_claim_taken_back_at_its_own_instant_was_none() -> None:
    board = seen(
        rep("r1", "2024-03-01", extensions=["101"], sequence="1"),
        rep("r1", "2024-03-01", extensions=[], sequence="2"),
        rep("r2", "2024-04-01", extensions=["101"]),
        called("2024-02-01"),
        called("2024-03-10"),
    )

    assert who(board, "2024-02-01") == {"rep:r2"}
    assert who(board, "2024-03-10") == {"rep:r2"}


def test_an_id_is_resolved_as_of_the_start_of_its_quarter_hour() -> None:
    board = seen(
        rep("r1", extensions=["101"], team="A"),
        rep("r2", team="B"),
        rep("r1", "2024-03-01 10:07", extensions=[]),
        rep("r2", "2024-03-01 10:07", extensions=["101"]),
        spoke("c1", "2024-03-01 10:10", "101", phone="+491"),
        spoke("c2", "2024-03-01 10:15", "101", phone="+492"),
    )

    assert board.parts("touchpoints", "rep:r1", "day", "2024-03-01") == {
        "touchpoints": 1,
        "attempts": 1,
        "talk_seconds": 60,
    }
    assert board.parts("touchpoints", "rep:r2", "day", "2024-03-01") == {
        "touchpoints": 1,
        "attempts": 1,
        "talk_seconds": 60,
    }


def test_a_late_roster_entry_credits_what_was_unmapped() -> None:
    said = called("2024-02-01", "aircall:7")

    assert who(seen(said), "2024-02-01") == {"rep:unmapped"}
    assert who(seen(said, rep("r1", "2024-11-01", external_ids={"aircall": "7"}, team="A")), "2024-02-01") == {
        "rep:r1",
        "team:A",
    }


def test_all_unknown_ids_share_the_key_unmapped_and_belong_to_no_team() -> None:
    board = seen(called("2024-02-01", "x"), called("2024-02-01", "y"), mailed("m", "2024-02-01 10:00", None))

    assert board.parts("touchpoints", "rep:unmapped", "day", "2024-02-01") == {
        "touchpoints": 2,
        "attempts": 2,
        "talk_seconds": 120,
    }
    assert board.keys("touchpoints", "day", "2024-02-01") == {"rep:unmapped", "rep:unassigned", "*"}


def test_unassigned_and_unmapped_use_the_organisations_zone() -> None:
    board = seen(
        lead("L", "2024-01-05", created_at="2024-05-31 22:30"),
        lead("M", "2024-01-05", created_at="2024-05-31 22:30", owner_id="nobody"),
        zone="Europe/Berlin",
    )

    assert board.keys("leads_created", "day", "2024-06-01") == {"rep:unassigned", "rep:unmapped", "*"}


def test_a_deleted_rep_is_not_known_to_the_roster() -> None:
    said = [rep("r1", extensions=["101"], first_day="2024-01-01"), rep("r1", "2024-03-01", deleted=True)]

    board = seen(said, called("2024-04-01"), called("2024-04-02", "r1"))

    assert who(board, "2024-04-01") == {"rep:unmapped"}
    assert who(board, "2024-04-02") == {"rep:unmapped"}
    assert all(kpi not in {"rep_retention", "rep_ramp_up"} for kpi, *_ in board.samples)
    restored = seen(said, rep("r1", "2024-05-01", deleted=False), called("2024-04-01"))
    assert who(restored, "2024-04-01") == {"rep:r1"}


def test_what_the_roster_states_after_now_is_ignored() -> None:
    """It was applied already, as a worker does with what HR sends ahead."""
    lines = [
        rep("r1", extensions=["101"], team="A", timezone="UTC", first_day="2024-01-01"),
        called("2024-02-01"),
        rep("r1", "2024-06-01", extensions=[], team="B", timezone="Asia/Tokyo", last_day="2024-05-31"),
        rep("r2", "2024-01-15", extensions=["102"]),
        rep("r2", "2024-06-01", deleted=True),
        called("2024-02-02", "102"),
    ]
    now = microseconds("2024-03-01T12:00:00Z")

    ahead = replay(lines, microseconds("2024-12-31T12:00:00Z"), settings_of()).reader().samples(now)

    assert ahead == replay(lines, now, settings_of()).samples()
    assert {(sample.grain, sample.key) for sample in ahead} >= {("rep", "r1"), ("team", "A"), ("rep", "r2")}


def test_an_owner_is_who_held_the_id_when_created_for_new_leads_and_now_for_open_ones() -> None:
    board = seen(
        rep("r1", extensions=["101"]),
        rep("r1", "2024-06-01", extensions=[]),
        rep("r2", "2024-06-01", extensions=["101"]),
        lead("L", "2024-01-05", created_at="2024-01-05 10:00", owner_id="101"),
        appointment("a", "2024-01-05", set_by="101", set_at="2024-01-05 10:00"),
        appointment("b", "2024-01-05", set_by="101", verdict="accepted", verdict_at="2024-01-06 10:00"),
    )

    assert board.keys("leads_created", "month", "2024-01") == {"rep:r1", "*"}
    assert board.keys("lead_source", "month", "2024-01") == {"rep:r1", "*"}
    assert board.keys("open_lead_age", "now") == {"rep:r2", "*"}
    assert board.keys("appointment_disqualification", "now") == {"rep:r2", "*"}
    assert board.keys("appointment_disqualification", "month", "2024-01") == {"rep:r1", "*"}


def test_the_owner_of_a_plain_date_is_who_held_the_id_at_midnight_of_the_organisation() -> None:
    handed_over = [
        rep("r1", extensions=["101"]),
        rep("r1", "2024-04-30T22:00:00Z", extensions=[]),
        rep("r2", "2024-04-30T22:00:00Z", extensions=["101"]),
    ]
    signed = contract("K", "2024-01-05", owner_id="101", value_minor=1, currency="EUR", starts_on="2024-05-01")

    assert seen(handed_over, signed, zone="Europe/Berlin").keys("annual_contract_value", "fiscal_year", "FY2024") == {
        "rep:r2",
        "*",
    }
    assert seen(handed_over, signed, zone="Asia/Tokyo").keys("annual_contract_value", "fiscal_year", "FY2024") == {
        "rep:r1",
        "*",
    }


def test_a_customer_belongs_to_who_holds_the_owners_id_now() -> None:
    board = seen(
        rep("r1", extensions=["101"], team="A"),
        rep("r1", "2024-06-01", extensions=[]),
        rep("r2", "2024-06-01", extensions=["101"], team="B"),
        contract(
            "K", "2022-01-05", account_id="A", owner_id="101", value_minor=1, currency="EUR", starts_on="2022-01-01"
        ),
    )

    assert board.keys("customer_retention", "fiscal_year", "FY2023") == {"rep:r2", "team:B", "*"}
    assert board.keys("customer_lifetime_value", "to_date") == {"rep:r2", "team:B", "*"}
    assert board.keys("annual_contract_value", "fiscal_year", "FY2022") == {"rep:r1", "team:A", "*"}


# ---- teams


def test_a_rep_who_changes_team_mid_quarter_leaves_history_with_the_old_team() -> None:
    board = seen(
        rep("r1", team="A", timezone="Europe/Berlin"),
        rep("r1", "2024-05-15T00:00:00+02:00", team="B"),
        spoke("c1", "2024-05-14 21:30", phone="+491"),
        spoke("c2", "2024-05-14 22:00", phone="+491"),
        lead("L", "2024-04-05", created_at="2024-04-05 10:00", owner_id="r1"),
        lead("M", "2024-06-05", created_at="2024-06-05 10:00", owner_id="r1"),
    )

    assert board.keys("touchpoints", "day", "2024-05-14") == {"rep:r1", "team:A", "*"}
    assert board.keys("touchpoints", "day", "2024-05-15") == {"rep:r1", "team:B", "*"}
    for team in ("team:A", "team:B"):
        assert board.parts("leads_created", team, "fiscal_quarter", "FY2024-Q2") == {"leads": 1}
    assert board.parts("leads_created", "rep:r1", "fiscal_quarter", "FY2024-Q2") == {"leads": 2}
    assert board.keys("open_lead_age", "now") == {"rep:r1", "team:B", "*"}


def test_the_team_is_the_one_at_the_start_of_the_quarter_hour() -> None:
    board = seen(
        rep("r1", team="A"),
        rep("r1", "2024-03-01 10:07", team="B"),
        spoke("c1", "2024-03-01 10:14", phone="+491"),
        spoke("c2", "2024-03-01 10:15", phone="+492"),
    )

    assert board.parts("touchpoints", "team:A", "day", "2024-03-01") == {
        "touchpoints": 1,
        "attempts": 1,
        "talk_seconds": 60,
    }
    assert board.parts("touchpoints", "team:B", "day", "2024-03-01") == {
        "touchpoints": 1,
        "attempts": 1,
        "talk_seconds": 60,
    }


def test_before_its_first_statement_a_rep_belonged_to_the_first_team() -> None:
    board = seen(rep("r1", "2024-05-01", team="A"), rep("r1", "2024-06-01", team="B"), called("2024-02-01", "r1"))

    assert who(board, "2024-02-01") == {"rep:r1", "team:A"}


def test_a_rep_without_a_team_has_no_team_sample() -> None:
    board = seen(
        rep("r1"),
        rep("r2", team="A"),
        rep("r2", "2024-01-01", team=None),
        called("2024-02-01", "r1"),
        called("2024-02-01", "r2"),
    )

    assert who(board, "2024-02-01") == {"rep:r1", "rep:r2"}


def test_a_team_is_the_sum_of_its_reps() -> None:
    board = seen(
        rep("r1", team="A"),
        rep("r2", team="A"),
        rep("r3", team="B"),
        [lead(f"L{n}", "2024-01-05", created_at="2024-01-05 10:00", owner_id="r1", outcome="won") for n in range(3)],
        lead("M", "2024-01-05", created_at="2024-01-05 10:00", owner_id="r2"),
        lead("N", "2024-01-05", created_at="2024-01-05 10:00", owner_id="r3"),
    )

    assert board.parts("lead_win", "team:A", "month", "2024-01", basis="cohort") == {"leads": 4, "won": 3}
    assert board.value("lead_win", "team:A", "month", "2024-01", basis="cohort") == 0.75
    assert board.parts("lead_win", "*", "month", "2024-01", basis="cohort") == {"leads": 5, "won": 3}


# ---- zones


@pytest.mark.parametrize(
    ("own", "teams", "hour"),
    [
        pytest.param(
            {"timezone": "Asia/Tokyo", "team": "A"}, {"A": "Europe/Berlin"}, "2024-02-01T19:00+09:00", id="its own"
        ),
        pytest.param({"team": "A"}, {"A": "Europe/Berlin"}, "2024-02-01T11:00+01:00", id="its team's"),
        pytest.param({"team": "B"}, {"A": "Europe/Berlin"}, "2024-02-01T05:00-05:00", id="the organisation's"),
        pytest.param({}, {"A": "Europe/Berlin"}, "2024-02-01T05:00-05:00", id="without a team, the organisation's"),
    ],
)
def test_a_reps_zone_is_its_own_else_its_teams_else_the_organisations(
    own: dict[str, str], teams: dict[str, str], hour: str
) -> None:
    board = seen(rep("r1", **own), called("2024-02-01", "r1"), zone="America/New_York", teams=teams)

    assert board.parts("touchpoints", "rep:r1", "hour", hour) == {"touchpoints": 1, "attempts": 1, "talk_seconds": 60}


def test_a_rep_who_moves_zone_keeps_its_history_where_it_was() -> None:
    board = seen(
        rep("r1", timezone="Europe/Berlin"),
        rep("r1", "2024-03-01 12:00", timezone="Asia/Tokyo"),
        called("2024-02-01", "r1"),
        called("2024-04-01", "r1"),
    )

    assert board.keys("touchpoints", "hour", "2024-02-01T11:00+01:00") == {"rep:r1", "*"}
    assert board.keys("touchpoints", "hour", "2024-04-01T19:00+09:00") == {"rep:r1", "*"}


def test_team_and_organisation_use_the_buckets_of_their_reps() -> None:
    board = seen(
        rep("r1", timezone="Europe/Berlin", team="A"),
        rep("r2", timezone="America/New_York", team="A"),
        spoke("c1", "2024-06-01 23:30", "r1", phone="+491"),
        spoke("c2", "2024-06-01 23:30", "r2", phone="+491"),
    )

    assert board.keys("touchpoints", "day", "2024-06-01") == {"rep:r2", "team:A", "*"}
    assert board.keys("touchpoints", "day", "2024-06-02") == {"rep:r1", "team:A", "*"}
