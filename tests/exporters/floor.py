"""A small floor that gives every KPI something to say, and the rows a worker would publish of it."""

from collections.abc import Iterable, Iterator

from kpi_state.apply import fingerprint
from kpi_state.definitions import Definitions, ReadSettings, Team
from kpi_state.published import SourceCounts, TopicCounts, encode_row, fingerprint_key, source_key, topic_key
from kpi_state.replay import Replay, replay
from tests.statements import (
    account,
    appointment,
    contact,
    contract,
    lead,
    mailed,
    met,
    opportunity,
    purchase,
    rep,
    spoke,
)

NOW = 1_717_689_585_000_000  # 2024-06-06T15:59:45Z
SETTINGS = ReadSettings(
    definitions=Definitions(organisation_timezone="Europe/Amsterdam"),
    teams={"Delhi": Team(timezone="Asia/Kolkata"), 'Zuid "A"\\': Team()},
)
EVENTS = (
    rep("anna", name="Anna Bos", team='Zuid "A"\\', timezone="Europe/Amsterdam", first_day="2024-05-01"),
    rep("bela", name="Béla", team="Delhi", first_day="2023-02-01"),
    rep("gone", name="Gone", team="Delhi", deleted=True),
    contact("c1", "2024-06-01", phones=["+31201234567"], created_at="2024-06-01"),
    lead(
        "l1", "2024-06-02", owner_id="anna", created_at="2024-06-02", status="qualified", contact_id="c1", origin="fair"
    ),
    lead("l2", "2024-06-03", owner_id="bela", created_at="2024-06-03", generated_by="sales", referrer_account_id="a1"),
    lead("l3", "2024-04-03", created_at="2024-04-03", generated_by="marketing"),
    lead("l4", "2024-06-04", owner_id="nobody-knows", created_at="2024-06-04", outcome="won", closed_at="2024-06-05"),
    lead("l5", "2024-06-04", owner_id="bela", status="disqualified"),
    spoke("k1", "2024-06-06 15:50", "anna", phone="+31201234567", seconds=61),
    spoke(
        "k2",
        "2024-06-06 15:59",
        "bela",
        lead_id="l2",
        seconds=None,
        answered_at="2024-06-06 15:59",
        ended_at="2024-06-06T15:59:31.5Z",
    ),
    mailed("m1", "2024-06-05 22:30", "anna", contact_id="c1"),
    met("m2", "2024-05-20 09:00", "bela", lead_id="l3"),
    appointment(
        "p1",
        "2024-06-03",
        lead_id="l1",
        set_by="anna",
        set_at="2024-06-03",
        verdict="rejected",
        verdict_at="2024-06-04",
        reason="no\nshow",
    ),
    appointment("p2", "2024-06-03", lead_id="l2", set_by="bela", set_at="2024-06-03", verdict="pending"),
    account("a1", "2023-01-01", owner_id="anna"),
    contract(
        "t1",
        "2023-01-01",
        account_id="a1",
        owner_id="anna",
        value_minor=120_001,
        currency="EUR",
        starts_on="2023-01-01",
        ends_on="2024-12-31",
        product="Suite",
        region="Noord",
    ),
    purchase("b1", "2024-03-01", account_id="a2", owner_id="bela", amount_minor=9_900, currency="INR", at="2024-03-01"),
    opportunity(
        "o1",
        "2024-05-06",
        owner_id="anna",
        lead_id="l1",
        account_id="a1",
        amount_minor=50_000,
        currency="EUR",
        outcome="won",
        closed_at="2024-05-06",
        splits={"anna": 0.333333, "bela": 0.666667},
    ),
    b"this is no event",
)


def seen(events: Iterable[bytes] = EVENTS, now: int = NOW, settings: ReadSettings = SETTINGS) -> Replay:
    """What replay makes of the events."""
    return replay(events, now, settings)


def published(of: Replay) -> Iterator[tuple[str, bytes, bytes]]:
    """(table, key, value) of the rows one partition would publish: fingerprint and counters too."""
    yield "tally", fingerprint_key(), encode_row(fingerprint(of.settings.definitions))
    for key, value in of.state.tally.items():
        yield "tally", key, value
    for key, value in of.state.roster.items():
        yield "roster", key, value
    yield "tally", topic_key("crm.events"), encode_row(TopicCounts(read=of.read, quarantined=of.quarantined))
    yield "tally", source_key("/crm"), encode_row(SourceCounts(newest=of.as_of, applied=of.read - of.quarantined))
