import asyncio
import os
import signal
import socket
from collections.abc import Sequence
from pathlib import Path

import pytest
from aiohttp import ClientConnectionError

from exporters.current import one_a_window
from exporters.redis_feed import client
from floorpulse.cli import run
from kpi_state.published import encode_row, fingerprint_key
from tests.exporters.floor import NOW, published, seen
from tests.exporters.process import exporter
from tests.exporters.published import Changelogs
from tests.redis_servers import RedisServer

NOWHERE = "127.0.0.1:1"
AS_OF = "2024-06-06T15:59:45Z"
ZONES = ("--set", "definitions.organisation_timezone=Europe/Amsterdam", "--set", "teams.Delhi.timezone=Asia/Kolkata")


def at(bootstrap: str, app_id: str = "floorpulse") -> dict[str, str]:
    """The environment of an app on a broker."""
    return {**os.environ, "FLOORPULSE_KAFKA_BOOTSTRAP_SERVERS": bootstrap, "FLOORPULSE_KAFKA_APP_ID": app_id}


async def test_it_says_where_it_is_lives_without_kafka_and_stops_when_told(tmp_path: Path) -> None:
    with exporter(tmp_path, at(NOWHERE)) as running:
        assert running.announced == f"floorpulse exporter: {running.url}\n"
        assert (await running.get("/healthz"))[0] == 200
        assert (await running.get("/readyz"))[0] == 503
        status, body = await running.get("/metrics")
        assert (status, b"waiting for Kafka at 127.0.0.1:1" in body) == (503, True)
        status, body = await running.get("/wall")
        assert (status, b"wall/wall.js" in body) == (200, True)
        assert (await running.get("/wall/wall.js"))[0] == 200
        assert (await running.get("/wall/events"))[0] == 503
        running.process.send_signal(signal.SIGTERM)
        code, said = await running.ended()
        assert code == 0
        assert "event=exporter_stops" in said[-1]
        assert all(line.startswith("at=") for line in said)
        with pytest.raises(ClientConnectionError):
            await running.get("/healthz")


async def test_with_a_token_only_who_shows_it_is_answered_and_it_is_not_logged(tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("correct-horse-battery\n")
    with exporter(tmp_path, {**at(NOWHERE), "FLOORPULSE_API_TOKEN_FILE": str(token)}) as running:
        assert (await running.get("/healthz"))[0] == 200
        status, body = await running.get("/api/kpis")
        assert (status, b"Authorization: Bearer TOKEN" in body) == (401, True)
        running.process.send_signal(signal.SIGTERM)
        code, said = await running.ended()
    assert code == 0
    assert not any("correct-horse" in line for line in said)


def test_a_token_that_is_too_short_is_one_line_that_does_not_show_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    token = tmp_path / "token"
    token.write_text("s3cret")
    assert error_of(["--set", f"api.token_file={token}"], capsys) == (
        f'[api] token_file = "{token}": expected 16 to 200 characters of ASCII without spaces'
    )


def error_of(arguments: Sequence[str], capsys: pytest.CaptureFixture[str]) -> str:
    """The line of a command that could not do its work."""
    assert run(["exporter", "--set", f"kafka.bootstrap_servers={NOWHERE}", *arguments]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    return output.err.splitlines()[-1]


def test_a_port_in_use_is_one_line_with_the_remedy(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        wanted = f"port {port} of 127.0.0.1 is in use: give another --port, or 0 for any free one"
        assert error_of(["--port", port], capsys) == wanted


def test_a_fixed_clock_that_follows_is_no_clock(capsys: pytest.CaptureFixture[str]) -> None:
    said = error_of(["--as-of", AS_OF, "--clock", "newest"], capsys)
    assert said == "floorpulse exporter: --as-of fixes the clock: leave --clock out. See floorpulse exporter --help."


def test_a_secret_that_is_not_there_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--set", "privacy.rep_labels=pseudonyms", "--set", "privacy.pseudonym_key_file=/no/such/file"]
    said = error_of(options, capsys)
    assert said == '[privacy] pseudonym_key_file = "/no/such/file": no such file or directory'


@pytest.mark.parametrize("url", ["redis://:s3cret@host:port", "redis://:s3cret@host/0?db=x"])
def test_a_redis_url_that_cannot_be_read_is_one_line_without_its_password(
    url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLOORPULSE_REDIS_URL", url)
    assert error_of(["--port", "0"], capsys) == (
        "[redis] url cannot be read: expected redis://USER:PASSWORD@HOST:PORT/DATABASE or unix:///PATH?db=DATABASE"
    )


async def floor_of(kafka: str) -> Changelogs:
    """The changelogs of the small floor, all its rows published."""
    changelogs = Changelogs(kafka)
    await changelogs.create(tally=2, roster=2)
    await changelogs.publish([(table, 1, key, value) for table, key, value in published(seen())])
    return changelogs


@pytest.mark.kafka
async def test_it_serves_the_bytes_of_replay_from_what_is_published(kafka: str, tmp_path: Path) -> None:
    changelogs = await floor_of(kafka)
    with exporter(tmp_path, at(kafka, changelogs.app_id), "--as-of", AS_OF, *ZONES) as running:
        await running.ready()
        assert (await running.get("/api/kpis?all=1")) == (200, seen().document())
        running.process.send_signal(signal.SIGINT)
        assert (await running.ended())[0] == 0


@pytest.mark.kafka
async def test_it_keeps_a_read_model_in_redis_which_may_come_late_and_go(
    kafka: str, tmp_path: Path, redis_server: RedisServer
) -> None:
    changelogs = await floor_of(kafka)
    environment = {**at(kafka, changelogs.app_id), "FLOORPULSE_REDIS_URL": redis_server.url}
    with exporter(tmp_path, environment, "--as-of", AS_OF, *ZONES) as running:
        await running.ready()
        async with client(redis_server.url) as redis:
            for _ in range(2):
                await redis_server.start()
                while not await redis.exists("floorpulse:now"):
                    await asyncio.sleep(0.02)
                samples = one_a_window(seen().reader().samples(NOW, current=True, supporting=True))
                assert await redis.hlen("floorpulse:kpis:org") == sum(each.grain == "org" for each in samples)
                while b'redis_looks_total{outcome="written"}' not in (await running.get("/metrics/process"))[1]:
                    await asyncio.sleep(0.02)
                redis_server.kill()
        assert (await running.get("/api/kpis?all=1")) == (200, seen().document())
        running.process.send_signal(signal.SIGTERM)
        code, said = await running.ended()
    assert code == 0
    assert any("event=read_model doing=writing" in line for line in said)


@pytest.mark.kafka
async def test_a_clock_can_follow_the_newest_event(kafka: str, tmp_path: Path) -> None:
    changelogs = await floor_of(kafka)
    with exporter(tmp_path, at(kafka, changelogs.app_id), "--clock", "newest", *ZONES) as running:
        await running.ready()
        assert (await running.get("/api/kpis?all=1")) == (200, seen().document())


@pytest.mark.kafka
async def test_state_of_other_definitions_is_refused_in_a_line_with_the_remedy(kafka: str, tmp_path: Path) -> None:
    changelogs = Changelogs(kafka)
    await changelogs.create(tally=1, roster=1)
    with exporter(tmp_path, at(kafka, changelogs.app_id)) as running:
        await running.ready()
        await changelogs.publish([("tally", 0, fingerprint_key(), encode_row("1-0123456789abcdef"))])
        code, said = await running.ended()
    assert code == 2
    assert said[-1].startswith("the published state has fingerprint 1-0123456789abcdef, this exporter's [definitions] ")
    assert said[-1].endswith("or run `floorpulse rebuild`")


@pytest.mark.kafka
async def test_rows_that_cannot_be_read_end_it_loudly(kafka: str, tmp_path: Path) -> None:
    changelogs = Changelogs(kafka)
    await changelogs.create(tally=1, roster=1)
    await changelogs.publish([("tally", 0, fingerprint_key(), b"\xc1")])
    with exporter(tmp_path, at(kafka, changelogs.app_id)) as running:
        code, said = await running.ended()
    assert code == 3
    assert "event=crashed" in said[-1]
