from collections.abc import Iterator

import pytest

from kpi_state.definitions import Definitions
from kpi_state.events import decode
from kpi_state.explain.corrections import Asked, corrections
from kpi_state.explain.ledger import Ledger
from kpi_state.explain.left_out import SPEAK
from kpi_state.explain.what_if import what_if
from kpi_state.facts import merge
from kpi_state.kpis.registry import BY_STEM, KPIS
from kpi_state.replay import Replay
from kpi_state.rows import Row
from tests.reference import microseconds
from tests.soups.soups import KINDS, soup_of
from tests.statements import activity, appointment, call, contract, lead, opportunity, purchase
from tests.worlds import NOW, settings_of

AS_OF = microseconds(NOW)
ASKED = Asked(Definitions(organisation_timezone="Asia/Kathmandu"), "EUR")
TIME = microseconds("2024-01-05T20:00:00Z")


def reasons(line: bytes, asked: Asked = ASKED) -> dict[str, dict[str, object]]:
    """Reason → the fields that would have to be said."""
    event, row = decode(line), Row()
    merge(row, event)
    return {each.reason: dict(each.fields) for each in corrections(event.kind, row, asked)}


def test_what_was_deleted_or_merged_would_have_to_come_back() -> None:
    line = lead("l1", "2024-01-05", created_at="2024-01-05", deleted=True, merged_into="l2")

    assert reasons(line) == {"deleted": {"deleted": False}, "merged": {"merged_into": None}}


def test_what_was_restored_gives_no_reason() -> None:
    assert reasons(lead("l1", "2024-01-05", created_at="2024-01-05", deleted=False, merged_into=None)) == {}


def test_a_kind_without_reasons_of_its_own_has_the_common_ones() -> None:
    row = Row()
    row.facts["deleted"] = ((1, "", "", ""), True)

    assert [each.reason for each in corrections("account", row, ASKED)] == ["deleted"]


def test_times_that_are_missing_are_taken_from_the_earliest_event() -> None:
    at = "2024-01-05 20:00"

    assert reasons(lead("l1", at)) == {"no_created_at": {"created_at": TIME}}
    assert reasons(appointment("a1", at)) == {"no_set_at": {"set_at": TIME}}
    assert reasons(appointment("a1", at, verdict="accepted")) == {}
    assert reasons(purchase("p1", at, amount_minor=1, currency="EUR")) == {"no_at": {"at": TIME}}


def test_a_missing_start_is_the_day_in_the_organisations_zone() -> None:
    assert reasons(contract("k1", "2024-01-05 20:00", value_minor=1, currency="EUR")) == {
        "no_starts_on": {"starts_on": 738_891}
    }


def test_nothing_is_missing_of_what_nobody_ever_spoke_of() -> None:
    assert [list(corrections(kind, Row(), ASKED)) for kind in ("lead", "account", "contact")] == [[], [], []]
    assert [each.reason for each in corrections("contract", Row(), ASKED)] == ["no_value_minor"]


def test_money_wants_an_amount_and_a_currency_where_a_currency_is_asked_for() -> None:
    whole = contract("k1", "2024-01-05", value_minor=0, currency="EUR", starts_on="2024-01-05")
    bare = contract("k1", "2024-01-05", value_minor=0, starts_on="2024-01-05")

    assert reasons(whole) == {}
    assert reasons(bare) == {"no_currency": {"currency": "EUR"}}
    assert reasons(bare, Asked(Definitions(), "")) == {}
    assert reasons(opportunity("o1", "2024-01-05")) == {"no_amount_minor": {"amount_minor": 0}}


@pytest.mark.parametrize("channel", ["meeting", "visit"])
def test_meetings_and_visits_have_no_direction(channel: str) -> None:
    assert reasons(activity("m1", "2024-01-05", channel=channel)) == {}


def test_a_message_must_be_a_persons_and_outbound() -> None:
    assert reasons(activity("m1", "2024-01-05", channel="email", direction="outbound")) == {}
    assert reasons(activity("m1", "2024-01-05", channel="email", direction="inbound", automated=True)) == {
        "automated": {"automated": False},
        "inbound": {"direction": "outbound"},
    }
    assert reasons(activity("m1", "2024-01-05", channel="email")) == {"no_direction": {"direction": "outbound"}}


def test_a_call_must_have_a_rep_and_be_answered_and_long_enough() -> None:
    answered = {"rep_id": "r1", "disposition": "answered"}
    hours = {"answered_at": "2024-01-05 10:00", "ended_at": "2024-01-05 10:00"}

    assert reasons(call("k1", "2024-01-05", **answered, talk_seconds=30)) == {}
    assert reasons(call("k1", "2024-01-05", disposition="answered", talk_seconds=30)) == {
        "no_rep": {"rep_id": "unassigned"}
    }
    assert reasons(call("k1", "2024-01-05", rep_id="r1", disposition="busy")) == {
        "not_answered": {"disposition": "answered", "talk_seconds": 30}
    }
    assert reasons(call("k1", "2024-01-05", **answered, talk_seconds=29)) == {"short": {"talk_seconds": 30}}
    assert reasons(call("k1", "2024-01-05", **answered)) == {"short": {"talk_seconds": 30}}
    assert reasons(call("k1", "2024-01-05", **answered, **hours)) == {"short": {"talk_seconds": 30}}
    assert reasons(call("k1", "2024-01-05", **answered, answered_at="2024-01-05 10:00")) == {
        "short": {"talk_seconds": 30}
    }


def soups() -> Iterator[Replay]:
    for number in range(6):
        replayed = Replay(AS_OF, settings_of())
        replayed.feed(soup_of(number, tuple(KINDS), 120))
        yield replayed


def test_no_kind_bears_on_a_kpi_that_it_is_not_looked_at_for() -> None:
    bear: set[tuple[str, str]] = set()
    for replayed in soups():
        definitions = replayed.settings.definitions
        ledger = Ledger(replayed.state, definitions)
        for who in ledger.entities():
            for correction in corrections(who.kind, ledger.row(*who), Asked(definitions, "EUR")):
                deltas = what_if(replayed.state, definitions, who, correction.fields, AS_OF + 1)
                bear |= {(cell[0], who.kind) for cell in deltas if cell[0] in BY_STEM}

    assert {(stem, kind) for stem, kind in bear if kind not in SPEAK[stem]} == set()
    assert set(SPEAK) == {kpi.stem for kpi in KPIS if kpi.contribute}
