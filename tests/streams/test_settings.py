from streams.settings import StreamSettings

USUAL = StreamSettings("one:9092, two:9092")
OTHER = StreamSettings("one:9092", app_id="second", topic_prefix="test.")


def test_servers_are_told_apart() -> None:
    assert USUAL.servers == ["one:9092", "two:9092"]


def test_inputs_have_the_prefix_and_are_shared_by_all_apps() -> None:
    assert USUAL.topic("crm.events") == "crm.events"
    assert OTHER.topic("crm.events") == "test.crm.events"


def test_the_links_of_another_app_are_its_own() -> None:
    assert USUAL.topic("kpi.links") == "kpi.links"
    assert OTHER.topic("kpi.links") == "test.kpi.links.second"


def test_changelogs_and_transactions_are_named_after_the_app() -> None:
    assert USUAL.changelog("tally") == "floorpulse-tally-changelog"
    assert OTHER.transactional_id(3) == "second-3"
