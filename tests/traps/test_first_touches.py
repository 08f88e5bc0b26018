"""#10: whose contact a touch is, who touched it first, and whether it ever became a qualified lead."""

import pytest

from tests.statements import activity, call, contact, lead, mailed, met, opportunity, rep, spoke
from tests.worlds import Board, seen

REPS = [rep("r1"), rep("r2")]
Parts = dict[str, int | float] | None


def first(board: Board, who: str, month: str) -> Parts:
    return board.parts("contact_to_lead", who, "month", month)


def counted(contacts: int, leads: int) -> Parts:
    return {"contacts": contacts, "leads": leads}


# ---- contacts and leads


def test_a_contact_counts_once_for_the_rep_of_its_first_effective_touch() -> None:
    board = seen(
        REPS,
        spoke("c1", "2024-01-10 10:00", "r1", seconds=12, contact_id="C", phone="+491"),
        mailed("m2", "2024-02-10 10:00", "r2", contact_id="C"),
        mailed("m3", "2024-03-10 10:00", "r1", contact_id="C"),
        lead("L", "2024-06-01", contact_id="C", status="qualified"),
    )

    assert first(board, "rep:r2", "2024-02") == counted(1, 1)
    assert board.keys("contact_to_lead", "fiscal_quarter", "FY2024-Q1") == {"rep:r2", "*"}
    assert board.parts("contact_to_lead", "*", "fiscal_quarter", "FY2024-Q1") == counted(1, 1)
    assert board.value("contact_to_lead", "*", "month", "2024-02") == 1


def test_contact_to_lead_rolls_over_30_days() -> None:
    said = [REPS, mailed("m", "2024-12-02 00:00", contact_id="C"), mailed("n", "2024-12-01 23:59", contact_id="D")]

    assert seen(*said).parts("contact_to_lead", "rep:r1", "rolling_30d") == counted(1, 0)


def test_a_touch_received_by_an_inbound_call_is_a_first_touch_too() -> None:
    assert first(
        seen(REPS, spoke("c", "2024-01-10 10:00", contact_id="C", direction="inbound")), "rep:r1", "2024-01"
    ) == counted(1, 0)


def test_a_contact_nobody_touched_counts_nowhere() -> None:
    board = seen(contact("C", "2024-01-05"), lead("L", "2024-01-05", contact_id="C", status="qualified"))

    assert board.keys("contact_to_lead", "fiscal_year", "FY2024") == set()
    assert all(kpi != "contact_to_lead" for kpi, *_ in board.samples)


def test_a_contacts_first_touch_deleted_leaves_the_second() -> None:
    said = [
        REPS,
        mailed("m1", "2024-01-10 10:00", "r1", contact_id="C"),
        mailed("m2", "2024-04-10 10:00", "r2", contact_id="C"),
        activity("m1", "2024-05-01", deleted=True),
    ]

    board = seen(*said)
    assert first(board, "rep:r2", "2024-04") == counted(1, 0)
    assert board.keys("contact_to_lead", "month", "2024-01") == set()

    assert first(seen(*said, activity("m1", "2024-06-01", deleted=False)), "rep:r1", "2024-01") == counted(1, 0)


def test_a_first_touch_found_late_moves_the_contact_back() -> None:
    board = seen(
        REPS,
        mailed("m2", "2024-04-10 10:00", "r2", contact_id="C"),
        mailed("m1", "2024-01-10 10:00", "r1", contact_id="C"),
    )

    assert board.keys("contact_to_lead", "month", "2024-04") == set()
    assert first(board, "rep:r1", "2024-01") == counted(1, 0)


def test_the_first_touch_is_taken_before_the_slot_limit() -> None:
    """Two contacts on one number share a slot; each has its own first touch."""
    board = seen(
        REPS,
        spoke("c1", "2024-01-10 10:00", phone="+491", contact_id="C"),
        spoke("c2", "2024-01-10 10:20", phone="+491", contact_id="D"),
        spoke("c3", "2024-01-10 10:40", phone="+491", contact_id="D"),
    )

    assert first(board, "rep:r1", "2024-01") == counted(2, 0)
    assert board.parts("touchpoints", "rep:r1", "month", "2024-01") == {
        "touchpoints": 1,
        "attempts": 3,
        "talk_seconds": 180,
    }


def test_of_two_touches_at_one_instant_the_smaller_id_is_first() -> None:
    board = seen(
        REPS,
        mailed("m2", "2024-01-10 10:00", "r1", contact_id="C"),
        mailed("m1", "2024-01-10 10:00", "r2", contact_id="C"),
    )

    assert board.keys("contact_to_lead", "month", "2024-01") == {"rep:r2", "*"}


@pytest.mark.parametrize(
    ("statuses", "leads"),
    [
        pytest.param(["new"], 0, id="new"),
        pytest.param(["qualified"], 1, id="qualified"),
        pytest.param(["converted"], 1, id="converted"),
        pytest.param(["qualified", "disqualified"], 1, id="qualified once"),
        pytest.param(["working", "disqualified"], 0, id="disqualified"),
        pytest.param([None], 0, id="no status"),
    ],
)
def test_ever_qualified_means_the_status_was_qualified_or_converted_at_any_time(
    statuses: list[str | None], leads: int
) -> None:
    said = [lead("L", f"2024-02-{n + 10}", status=status) for n, status in enumerate(statuses)]

    board = seen(REPS, mailed("m", "2024-01-10 10:00", contact_id="C"), lead("L", "2024-02-01", contact_id="C"), said)

    assert first(board, "rep:r1", "2024-01") == counted(1, leads)


def test_a_won_lead_is_a_qualified_one_as_long_as_it_is_won() -> None:
    said = [
        REPS,
        mailed("m", "2024-01-10 10:00", contact_id="C"),
        lead("L", "2024-02-01", contact_id="C"),
        opportunity("O", "2024-02-02", lead_id="L", outcome="won"),
    ]

    assert first(seen(*said), "rep:r1", "2024-01") == counted(1, 1)
    assert first(seen(*said, opportunity("O", "2024-02-03", outcome="lost")), "rep:r1", "2024-01") == counted(1, 0)
    assert first(seen(*said, opportunity("O", "2024-02-03", deleted=True)), "rep:r1", "2024-01") == counted(1, 0)


def test_a_contact_with_two_qualified_leads_is_one_lead() -> None:
    board = seen(
        REPS,
        mailed("m", "2024-01-10 10:00", contact_id="C"),
        lead("L", "2024-02-01", contact_id="C", status="qualified"),
        lead("M", "2024-02-01", contact_id="C", status="qualified"),
    )

    assert first(board, "rep:r1", "2024-01") == counted(1, 1)


def test_a_lead_moved_to_another_contact_qualifies_that_one() -> None:
    said = [
        REPS,
        lead("L", "2024-01-05", contact_id="C", status="qualified"),
        mailed("m1", "2024-01-10 10:00", "r1", contact_id="C"),
        mailed("m2", "2024-01-10 10:00", "r2", contact_id="D"),
        lead("L", "2024-02-01", contact_id="D"),
    ]

    board = seen(*said)
    assert first(board, "rep:r1", "2024-01") == counted(1, 0)
    assert first(board, "rep:r2", "2024-01") == counted(1, 1)


def test_a_lead_moved_to_another_contact_takes_its_own_touches_along() -> None:
    said = [
        REPS,
        lead("L", "2024-01-05", contact_id="C", status="qualified"),
        mailed("m", "2024-01-10 10:00", lead_id="L"),
    ]

    board = seen(*said, mailed("n", "2024-02-10 10:00", "r2", contact_id="C"), lead("L", "2024-03-01", contact_id="D"))

    assert first(board, "rep:r1", "2024-01") == counted(1, 1)
    assert first(board, "rep:r2", "2024-02") == counted(1, 0)


def test_a_touch_of_a_lead_is_a_touch_of_the_leads_contact() -> None:
    board = seen(
        REPS,
        lead("L", "2024-01-05", contact_id="C", status="qualified"),
        lead("M", "2024-01-05", contact_id="C"),
        mailed("m1", "2024-02-10 10:00", "r1", contact_id="C"),
        mailed("m2", "2024-01-10 10:00", "r2", lead_id="M"),
    )

    assert first(board, "rep:r2", "2024-01") == counted(1, 1)
    assert board.keys("contact_to_lead", "month", "2024-02") == set()


def test_a_lead_without_a_contact_is_its_own_contact() -> None:
    said = [REPS, lead("L", "2024-01-05", status="qualified"), mailed("m1", "2024-01-10 10:00", lead_id="L")]

    assert first(seen(*said), "rep:r1", "2024-01") == counted(1, 1)
    assert first(seen(*said, lead("L", "2024-02-01", contact_id="C")), "rep:r1", "2024-01") == counted(1, 1)


def test_a_lead_that_only_a_touch_names_is_its_own_contact() -> None:
    assert first(seen(REPS, mailed("m", "2024-01-10 10:00", lead_id="L")), "rep:r1", "2024-01") == counted(1, 0)


def test_a_touch_that_names_a_contact_and_a_lead_of_another_contact_touches_both() -> None:
    board = seen(
        REPS, lead("L", "2024-01-05", contact_id="D"), mailed("m", "2024-01-10 10:00", contact_id="C", lead_id="L")
    )

    assert first(board, "rep:r1", "2024-01") == counted(2, 0)


def test_a_touch_that_names_a_contact_and_its_lead_touches_one_contact() -> None:
    board = seen(
        REPS, lead("L", "2024-01-05", contact_id="C"), mailed("m", "2024-01-10 10:00", contact_id="C", lead_id="L")
    )

    assert first(board, "rep:r1", "2024-01") == counted(1, 0)


def test_a_deleted_contact_counts_nowhere_and_a_deleted_lead_qualifies_nobody() -> None:
    said = [
        REPS,
        mailed("m", "2024-01-10 10:00", contact_id="C"),
        lead("L", "2024-01-05", contact_id="C", status="qualified"),
    ]

    assert first(seen(*said), "*", "2024-01") == counted(1, 1)
    assert first(seen(*said, contact("C", "2024-02-01", deleted=True)), "*", "2024-01") is None
    assert first(seen(*said, lead("L", "2024-02-01", deleted=True)), "*", "2024-01") == counted(1, 0)


def test_a_meeting_ahead_is_no_first_touch_yet() -> None:
    said = [REPS, met("m", "2024-01-05", at="2024-03-01 10:00", contact_id="C")]
    earlier = mailed("n", "2024-02-01 10:00", "r2", contact_id="C")

    assert all(kpi != "contact_to_lead" for kpi, *_ in seen(*said, now="2024-02-15T00:00:00Z").samples)
    assert first(seen(*said), "rep:r1", "2024-03") == counted(1, 0)
    assert first(seen(*said, earlier, now="2024-02-15T00:00:00Z"), "rep:r2", "2024-02") == counted(1, 0)


# ---- numbers


def test_a_number_that_moves_from_one_contact_to_another_keeps_old_calls_with_the_old_one() -> None:
    board = seen(
        REPS,
        spoke("c1", "2024-02-10 10:00", "r1", phone="+49"),
        spoke("c2", "2024-05-10 10:00", "r2", phone="+49"),
        contact("C", "2024-01-20", phones=["+49"]),
        contact("C", "2024-03-01", phones=[]),
        contact("D", "2024-04-01", phones=["+50", "+49"]),
        lead("L", "2024-06-01", contact_id="D", status="qualified"),
    )

    assert first(board, "rep:r1", "2024-02") == counted(1, 0)
    assert first(board, "rep:r2", "2024-05") == counted(1, 1)


def holder(*said: bytes) -> str:
    """Who has the call at 10:00 on 10 February to +49: told by a lead's qualification of one contact at a time."""
    holders = [
        name
        for name in ("C", "D", "E")
        if first(
            seen(
                REPS,
                spoke("c", "2024-02-10 10:00", phone="+49"),
                said,
                lead("L", "2024-06-01", contact_id=name, status="qualified"),
            ),
            "rep:r1",
            "2024-02",
        )
        == counted(1, 1)
    ]
    return "".join(holders) or "nobody"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param([contact("C", "2024-01-01", phones=["+49"])], "C", id="the holder"),
        pytest.param([], "nobody", id="a number nobody ever had"),
        pytest.param([contact("C", "2024-02-10 10:00", phones=["+49"])], "C", id="got it at that instant"),
        pytest.param(
            [contact("C", "2024-01-01", phones=["+49"]), contact("C", "2024-02-10 10:00", phones=[])],
            "nobody",
            id="lost it at that instant",
        ),
        pytest.param(
            [contact("C", "2024-01-01", phones=["+49"]), contact("C", "2024-02-01", phones=None)],
            "nobody",
            id="cleared before",
        ),
        pytest.param(
            [contact("C", "2024-01-01", phones=["+49"]), contact("D", "2024-02-01", phones=["+49"])],
            "D",
            id="of two holders who got it last",
        ),
        pytest.param(
            [contact("D", "2024-01-01", phones=["+49"]), contact("C", "2024-01-01", phones=["+49"])],
            "C",
            id="who got it at one instant: the smallest id",
        ),
        pytest.param(
            [
                contact("C", "2024-01-01", phones=["+49"]),
                contact("D", "2024-01-15", phones=["+49"]),
                contact("C", "2024-02-01", phones=["+49", "+50"]),
            ],
            "D",
            id="saying it again is not getting it again",
        ),
        pytest.param(
            [
                contact("C", "2024-01-01", phones=["+49"]),
                contact("D", "2024-01-15", phones=["+49"]),
                contact("C", "2024-01-20", phones=[]),
                contact("C", "2024-02-01", phones=["+49"]),
            ],
            "C",
            id="losing and getting it is getting it again",
        ),
        pytest.param(
            [contact("D", "2024-03-01", phones=["+49"]), contact("C", "2024-04-01", phones=["+49"])],
            "D",
            id="held by nobody: the next who gets it",
        ),
        pytest.param(
            [contact("E", "2024-03-01", phones=["+49"]), contact("D", "2024-03-01", phones=["+49"])],
            "D",
            id="the next who get it at one instant: the smallest id",
        ),
        pytest.param(
            [
                contact("C", "2024-01-01", phones=["+49"]),
                contact("C", "2024-02-01", phones=[]),
                contact("D", "2024-03-01", phones=["+49"]),
            ],
            "D",
            id="released: the next who gets it",
        ),
        pytest.param(
            [contact("C", "2024-01-01", phones=["+49"]), contact("C", "2024-05-01", deleted=True)],
            "nobody",
            id="a deleted holder",
        ),
        pytest.param(
            [
                contact("C", "2024-01-01", phones=["+49"]),
                contact("D", "2024-01-02", phones=["+49"]),
                contact("D", "2024-05-01", deleted=True),
            ],
            "C",
            id="the holder before a deleted one",
        ),
        pytest.param(
            [contact("C", "2024-01-01", phones=["+49"]), contact("C", "2024-05-01", merged_into="D")],
            "CD",
            id="a merged holder",
        ),
        pytest.param(
            [
                contact("C", "2024-03-01", phones=["+49"], sequence="1"),
                contact("C", "2024-03-01", phones=[], sequence="2"),
                contact("D", "2024-04-01", phones=["+49"]),
            ],
            "D",
            id="who got and lost it at one instant never held it",
        ),
        pytest.param([contact("C", "2024-01-01", phones=["+4", "49", "+490"])], "nobody", id="similar numbers"),
    ],
)
def test_a_call_without_contact_and_lead_belongs_to_the_contact_that_held_its_number(
    said: list[bytes], expected: str
) -> None:
    assert holder(*said) == expected


def test_a_call_that_names_its_contact_does_not_ask_for_the_number() -> None:
    board = seen(
        REPS,
        contact("D", "2024-01-01", phones=["+49"]),
        spoke("c", "2024-02-10 10:00", phone="+49", contact_id="C"),
        lead("L", "2024-06-01", contact_id="D", status="qualified"),
    )

    assert first(board, "*", "2024-02") == counted(1, 0)


def test_a_call_that_names_its_lead_does_not_ask_for_the_number() -> None:
    board = seen(
        REPS,
        contact("D", "2024-01-01", phones=["+49"]),
        spoke("c", "2024-02-10 10:00", phone="+49", lead_id="L"),
        lead("M", "2024-06-01", contact_id="D", status="qualified"),
    )

    assert first(board, "*", "2024-02") == counted(1, 0)


def test_calls_of_one_slot_can_belong_to_two_holders_of_the_number() -> None:
    board = seen(
        REPS,
        contact("C", "2024-01-01", phones=["+49"]),
        contact("D", "2024-02-10 10:30", phones=["+49"]),
        spoke("c1", "2024-02-10 10:10", phone="+49"),
        spoke("c2", "2024-02-10 10:50", phone="+49"),
    )

    assert first(board, "rep:r1", "2024-02") == counted(2, 0)
    assert board.parts("touchpoints", "*", "month", "2024-02") == {"touchpoints": 1, "attempts": 2, "talk_seconds": 120}


def test_a_call_matched_by_number_can_be_named_and_unnamed_again() -> None:
    said = [
        REPS,
        contact("C", "2024-01-01", phones=["+49"]),
        lead("L", "2024-01-01", contact_id="C", status="qualified"),
        spoke("c", "2024-02-10 10:00", phone="+49"),
    ]

    assert first(seen(*said), "*", "2024-02") == counted(1, 1)
    assert first(seen(*said, call("c", "2024-02-11", contact_id="D")), "*", "2024-02") == counted(1, 0)
    named_and_unnamed = [call("c", "2024-02-11", contact_id="D"), call("c", "2024-02-12", contact_id=None)]
    assert first(seen(*said, named_and_unnamed), "*", "2024-02") == counted(1, 1)


def test_a_withheld_number_belongs_to_no_contact() -> None:
    board = seen(REPS, spoke("c", "2024-02-10 10:00", phone="anonymous"), contact("C", "2024-01-01", phones=["+49"]))

    assert board.keys("contact_to_lead", "month", "2024-02") == set()
