import pytest

from streams.layout import Found, Topic, differences, inputs, missing_or_wrong, plan
from tests.streams.records import settings

SETTINGS = settings(app_id="fp", topic_prefix="x.", partitions=4, replication=3)


def planned() -> dict[str, Topic]:
    return {topic.name: topic for topic in plan(SETTINGS)}


def found(**changes: Found) -> dict[str, Found]:
    """Every topic as it must be, but for what is named by its last part."""
    as_planned = {t.name: Found(t.partitions, t.replication, t.configs) for t in plan(SETTINGS)}
    for name in as_planned:
        for part, other in changes.items():
            if part in name:
                as_planned[name] = other
    return as_planned


def test_every_topic_is_planned_changelogs_too() -> None:
    assert sorted(planned()) == [
        "fp-ledger-changelog",
        "fp-roster-changelog",
        "fp-tally-changelog",
        "x.crm.events",
        "x.hr.events",
        "x.kpi.links.fp",
        "x.kpi.quarantine",
        "x.telephony.events",
    ]
    assert {(topic.partitions, topic.replication) for topic in plan(SETTINGS)} == {(4, 3)}


@pytest.mark.parametrize("name", ["x.crm.events", "x.telephony.events", "x.hr.events", "x.kpi.quarantine"])
def test_inputs_and_quarantine_are_kept_for_ever_and_never_compacted(name: str) -> None:
    configs = planned()[name].configs

    assert (configs["cleanup.policy"], configs["retention.ms"], configs["retention.bytes"]) == ("delete", "-1", "-1")


def test_links_have_their_plain_name_until_a_state_is_built_anew_beside_the_first() -> None:
    assert settings(topic_prefix="x.").topic("kpi.links") == "x.kpi.links"
    assert settings(topic_prefix="x.", app_id="floorpulse-2").topic("kpi.links") == "x.kpi.links.floorpulse-2"


def test_links_are_kept_seven_days() -> None:
    assert planned()["x.kpi.links.fp"].configs["retention.ms"] == "604800000"


def test_events_are_sent_to_three_of_them() -> None:
    assert [topic.name for topic in inputs(SETTINGS)] == ["x.crm.events", "x.telephony.events", "x.hr.events"]


@pytest.mark.parametrize("table", ["ledger", "tally", "roster"])
def test_changelogs_are_compacted(table: str) -> None:
    assert planned()[f"fp-{table}-changelog"].configs["cleanup.policy"] == "compact"


def test_topics_that_are_right_are_no_problem() -> None:
    assert missing_or_wrong(plan(SETTINGS), found()) is None


def test_missing_topics_are_named_with_the_command_that_makes_them() -> None:
    there = found()
    del there["x.hr.events"], there["fp-tally-changelog"]

    assert (
        missing_or_wrong(plan(SETTINGS), there)
        == "missing topics x.hr.events, fp-tally-changelog: run `floorpulse topics`"
    )


def test_a_wrong_number_of_partitions_is_one_line_with_the_remedy() -> None:
    assert missing_or_wrong(plan(SETTINGS), found(hr=Found(2, 3, {}))) == (
        "topic x.hr.events has 2 partitions, the settings say 4: "
        "set [kafka] partitions = 2; to have more, give as many to all inputs and the quarantine with "
        "kafka-topics.sh --alter, then run `floorpulse rebuild`"
    )


@pytest.mark.parametrize(("topic", "policy"), [("crm", "compact"), ("tally", "delete"), ("tally", "compact,delete")])
def test_a_cleanup_that_loses_records_is_refused(topic: str, policy: str) -> None:
    problem = missing_or_wrong(plan(SETTINGS), found(**{topic: Found(4, 3, {"cleanup.policy": policy})}))

    assert problem is not None
    assert f"cleanup.policy={policy}, which loses records" in problem


def test_other_differences_are_said_and_left() -> None:
    topic = planned()["x.kpi.links.fp"]
    there = Found(4, 1, {**topic.configs, "retention.ms": "1000"})

    assert list(differences(topic, there)) == ["replication 1 instead of 3", "retention.ms 1000 instead of 604800000"]
    assert missing_or_wrong(plan(SETTINGS), found(links=there)) is None


def test_a_setting_that_the_broker_does_not_tell_is_no_difference() -> None:
    assert list(differences(planned()["x.kpi.links.fp"], Found(4, 3, {}))) == []
