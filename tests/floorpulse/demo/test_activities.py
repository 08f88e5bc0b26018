from datetime import time

from floorpulse.demo.activities import CHANNELS, activity
from floorpulse.demo.wire import Statement
from tests.floorpulse.demo.books import LIVE, book, with_lead

OF = book()
REP = OF.reps[0]
AT = REP.local(LIVE, time(10, 7))


def many() -> list[list[Statement]]:
    of = book()
    lead = with_lead(of, AT)
    return [list(activity(of, REP, AT, lead)) for _ in range(400)]


def test_every_channel_is_used() -> None:
    assert {statements[0].facts["channel"] for statements in many()} == set(CHANNELS)


def test_meetings_are_planned_ahead_on_a_quarter_of_an_hour_and_sometimes_put_off() -> None:
    meetings = [said for said in many() if said[0].facts["channel"] in {"meeting", "visit"}]

    assert all(str(said[0].facts["at"])[14:19] in {"00:00", "15:00", "30:00", "45:00"} for said in meetings)
    assert all(str(said[0].facts["at"]) > "2026-03-24T10:07" for said in meetings)
    assert any(len(said) == 2 and set(said[1].facts) == {"at"} for said in meetings)


def test_mails_go_out_some_by_themselves_and_some_are_answered() -> None:
    mails = [said for said in many() if said[0].facts["channel"] == "email"]

    assert all(said[0].facts["direction"] == "outbound" for said in mails)
    assert any(said[0].facts.get("automated") for said in mails)
    assert any("replied_at" in said[-1].facts and said[-1].at > AT for said in mails)


def test_an_activity_names_the_contact_or_the_lead_or_nobody() -> None:
    named = {name for said in many() for name in ("contact_id", "lead_id") if name in said[0].facts}
    (unnamed, *_) = activity(book(), REP, AT, None)

    assert named == {"contact_id", "lead_id"}
    assert not {"contact_id", "lead_id"} & set(unnamed.facts)
