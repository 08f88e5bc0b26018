from zoneinfo import ZoneInfo

import pytest

from kpi_state.definitions import ReadSettings
from kpi_state.events import instant
from kpi_state.published import is_tally
from kpi_state.read.roster import Roster
from kpi_state.read.unmapped import Ids, Suggestion, UnmappedId
from kpi_state.replay import replay
from tests.statements import absence, lead, mailed, rep, spoke

NOW = instant("2024-06-06T12:00:00Z")
ANNA = rep("anna", name="Anna Bos", emails=["a.bos@desk.example"], extensions=["17"], external_ids={"crm": "0055x"})


def ids(*events: bytes, now: int = NOW) -> list[UnmappedId]:
    """What is unmapped after these events."""
    return made(*events, now=now).unmapped(now)


def made(*events: bytes, now: int = NOW) -> Ids:
    result = replay(events, now, ReadSettings())
    state = result.state
    found = Ids(Roster(ZoneInfo("UTC"), {}))
    for key, value in state.roster.items():
        found.roster(key, value)
    for key, value in state.tally.items():
        if is_tally(key):
            found.tally(0, key, value)
    for source, raw in result.named:
        found.named(source, raw)
    return found


def test_ids_that_nobody_holds_come_newest_first_with_what_they_did() -> None:
    found = ids(
        ANNA,
        absence("x1", "2024-01-01", rep_id="anna"),
        spoke("k1", "2024-06-05 10:00", "crm:0055x", seconds=60),
        spoke("k2", "2024-06-05 10:00", "who:1", seconds=60),
        mailed("m1", "2024-06-05 11:00", "who:1", contact_id="c1"),
        mailed("m2", "2024-06-05 12:00", "zoe", contact_id="c2"),
        lead("l1", "2024-06-05", created_at="2024-06-05 12:00"),
        lead("incomplete", "2024-06-05", owner_id="anna"),
    )

    assert [(each.raw, each.touchpoints, each.newest) for each in found] == [
        ("zoe", 1, instant("2024-06-05T12:00:00Z")),
        ("who:1", 2, instant("2024-06-05T11:00:00Z")),
    ]
    assert all(each.contributions >= each.touchpoints for each in found)


def test_an_id_comes_with_all_sources_that_have_named_it() -> None:
    found = ids(
        spoke("k1", "2024-06-05 10:00", "who:1", seconds=60),
        mailed("m1", "2024-06-05 11:00", "who:1", contact_id="c1"),
        mailed("m2", "2024-06-05 12:00", "zoe", contact_id="c2"),
    )

    assert {each.raw: each.sources for each in found} == {"who:1": ("/crm", "/telephony"), "zoe": ("/crm",)}


def test_as_soon_as_the_roster_knows_an_id_it_is_gone() -> None:
    call = spoke("k1", "2024-06-05 10:00", "who:1", seconds=60)

    assert [each.raw for each in ids(call)] == ["who:1"]
    assert ids(call, rep("anna", external_ids={"who": "1"})) == []


def test_what_has_not_begun_and_what_was_taken_back_does_not_count() -> None:
    call = spoke("k1", "2024-06-05 10:00", "who:1", seconds=60)
    early = instant("2024-06-05T09:00:00Z")
    found = made(call)

    assert found.unmapped(early) == []
    for key in {key for _, key in found._rows}:
        found.tally(0, key, None)
    assert found.unmapped(NOW) == []


def test_an_open_lead_counts_for_whom_its_owner_means_now() -> None:
    """Released yesterday: the age is unmapped now, its creation was not."""
    held = rep("anna", "2024-01-01", external_ids={"crm": "1"})
    released = rep("anna", "2024-06-05", external_ids={})
    open_lead = lead("l1", "2024-06-01", owner_id="crm:1", created_at="2024-06-01")

    (found,) = ids(held, released, open_lead)
    assert (found.raw, found.contributions) == ("crm:1", 1)


@pytest.mark.parametrize(
    ("raw", "suggested"),
    [
        ("Anna", Suggestion("anna", "id anna", 1.0)),
        ("bos.anna@other.example", Suggestion("anna", "name Anna Bos", 1.0)),
        ("pbx:17", Suggestion("anna", "extension 17", 1.0)),
        ("other:0055X", Suggestion("anna", "id 0055x", 1.0)),
        ("ANA_BÖS", Suggestion("anna", "name Anna Bos", 0.93)),
        ("a.bos@desk.example.org", Suggestion("anna", "e-mail a.bos@desk.example", 1.0)),
        ("18", None),
        ("zzz-zzz", None),
        (":", None),
    ],
)
def test_an_id_that_resembles_somebody_is_suggested(raw: str, suggested: Suggestion | None) -> None:
    nameless = rep("b", deleted=False)
    (found,) = ids(ANNA, nameless, spoke("k1", "2024-06-05 10:00", raw, seconds=60))

    assert found.suggestion == suggested


def test_a_rep_that_left_the_roster_holds_nothing_any_more() -> None:
    found = made(ANNA, spoke("k1", "2024-06-05 10:00", "crm:0055x", seconds=60))
    assert found.unmapped(NOW) == []

    found.roster(b"rep/anna", None)

    assert [each.raw for each in found.unmapped(NOW)] == ["crm:0055x"]
