import contextlib
import copy
import signal
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewPartitions

from floorpulse.cli import run
from kpi_state.apply import Applier, State
from kpi_state.buckets import Amounts, Cell
from kpi_state.definitions import Definitions
from kpi_state.events import ContractError, decode
from kpi_state.published import INPUTS, QUARANTINE
from streams.failpoints import EXIT_CODE
from tests.streams.floor import Floor, floor
from tests.streams.load import Load, sums


@pytest.fixture
async def stream(kafka: str, tmp_path: Path) -> AsyncIterator[Floor]:
    async with floor(kafka, tmp_path) as made:
        yield made


def named(stream: Floor, app_id: str) -> Floor:
    """The same inputs under another app_id."""
    other = copy.copy(stream)
    other.settings = replace(stream.settings, app_id=app_id)
    return other


def truth(load: Load) -> dict[Cell, Amounts]:
    """The tallies of a load where a conversation takes 45 seconds."""
    state = State()
    applier = Applier(state, Definitions(talk_seconds=45), lambda _subject: 0, 0)
    for record in load.records:
        with contextlib.suppress(ContractError):
            applier.event(decode(record.value))
    applier.finish()
    return sums([state.tally])


async def applied(stream: Floor, load: Load) -> None:
    """Everything sent and applied, and its worker gone."""
    await stream.send(load.records, stray=0.2)
    worker = stream.worker()
    await stream.exact(load)
    worker.signal(signal.SIGTERM)
    await worker.ended()


@pytest.mark.kafka
async def test_with_other_definitions_a_new_state_is_built_beside_the_old_and_goes_on(
    stream: Floor, tmp_path: Path
) -> None:
    load, name = Load(1_500), stream.settings.app_id
    half = len(load.records) // 2
    rest = copy.copy(load)
    load.records, rest.records = load.records[:half], load.records
    await applied(stream, load)
    file = tmp_path / "floor.toml"
    file.write_text("[definitions]\ntalk_seconds = 45\n")

    built = stream.run("rebuild", "--config", str(file), "--write", str(file))

    assert built.returncode == 0, built.stderr
    lines = built.stdout.splitlines()
    assert lines[0].startswith(f"{name}-2: ")
    assert " are what a recount of " in lines[0]
    assert lines[1] == f'{file}: says app_id = "{name}-2" now; start workers and exporters again'
    assert lines[2] == "FLOORPULSE_KAFKA_APP_ID wins over the file: change it there"
    assert lines[3].endswith(
        f"--delete --topic '{name}-ledger-changelog|{name}-tally-changelog|{name}-roster-changelog|"
        f"{name}\\.kpi\\.links\\.{name}'"
    )
    assert file.read_text() == f'[definitions]\ntalk_seconds = 45\n\n[kafka]\napp_id = "{name}-2"\n'
    new = named(stream, f"{name}-2")
    assert sums(list((await new.state()).rows["tally"].values())) == truth(load)
    assert truth(load) != load.truth[0]
    await stream.exact(load, idempotent_only=True)  # the old one is as it was

    new.worker(FLOORPULSE_DEFINITIONS_TALK_SECONDS="45")
    await stream.send(rest.records[half:], seed=2)
    wanted = truth(rest)
    for _ in range(200):
        if sums(list((await new.state()).rows["tally"].values())) == wanted:
            break
    assert sums(list((await new.state()).rows["tally"].values())) == wanted


@pytest.mark.kafka
async def test_a_rebuild_that_crashed_goes_on_under_its_name(stream: Floor) -> None:
    load, name = Load(600), f"{stream.settings.app_id}-again"
    await applied(stream, load)

    crashed = stream.run("rebuild", "--app-id", name, FLOORPULSE_FAILPOINTS="after_commit=1")
    built = stream.run("rebuild", "--app-id", name)
    while "one that crashed counts as running for 6 s" in built.stderr:
        built = stream.run("rebuild", "--app-id", name)

    assert crashed.returncode == EXIT_CODE
    assert built.returncode == 0, built.stderr
    assert f'put app_id = "{name}" under [kafka] in floor.toml, and start' in built.stdout
    assert sums(list((await named(stream, name).state()).rows["tally"].values())) == load.truth[0]


@pytest.mark.kafka
async def test_while_workers_run_it_is_refused_unless_told(stream: Floor) -> None:
    load, name = Load(300), stream.settings.app_id
    stream.worker()
    await stream.send(load.records)
    await stream.exact(load)

    refused, same = stream.run("rebuild"), stream.run("rebuild", "--while-running", "--app-id", name)
    built = stream.run("rebuild", "--while-running")

    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.splitlines() == [
        f"1 workers run as {name} (127.0.0.1): stop them first; one that crashed counts as running for 6 s"
    ]
    assert (same.returncode, same.stderr) == (2, f"--app-id {name}: is the name of the old state, give another\n")
    assert built.returncode == 0, built.stderr
    assert sums(list((await named(stream, f"{name}-2").state()).rows["tally"].values())) == load.truth[0]


@pytest.mark.kafka
async def test_more_partitions_are_given_to_the_topics_and_then_to_a_new_state(stream: Floor) -> None:
    """What lies where the smaller number had put it is forwarded."""
    load, name = Load(600), f"{stream.settings.app_id}-wider"
    await applied(stream, load)
    client = AIOKafkaAdminClient(bootstrap_servers=stream.settings.servers)
    await client.start()
    await client.create_partitions({stream.settings.topic(each): NewPartitions(6) for each in (*INPUTS, QUARANTINE)})
    await client.close()

    refused = stream.run("worker")
    built = stream.run("rebuild", "--app-id", name, FLOORPULSE_KAFKA_PARTITIONS="6")

    assert (refused.returncode, len(refused.stderr.splitlines())) == (2, 1)
    assert built.returncode == 0, built.stderr
    wider = named(stream, name)
    wider.settings = replace(wider.settings, partitions=6)
    assert sums(list((await wider.state()).rows["tally"].values())) == load.truth[0]


def test_a_file_that_cannot_be_changed_is_said_before_anything_is_done(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "floor.toml"
    file.write_text('kafka.app_id = "desk"\n')

    assert run(["rebuild", "--config", str(file), "--write", str(file)]) == 2
    assert capsys.readouterr().err == (
        '[kafka] app_id is written in a way that cannot be changed here: put app_id = "desk" there yourself\n'
    )
