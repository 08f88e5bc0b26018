import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from floorpulse.commands import worker as module
from floorpulse.commands.worker import COMMAND
from streams.serving import Listen


def started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *options: str) -> tuple[Any, Listen | None]:
    """The result of the command, and where the worker it starts would listen."""
    listens: list[Listen | None] = []

    async def work(_settings: Any, *, listen: Listen | None, web_port: int | None) -> None:
        assert web_port is None
        listens.append(listen)

    def carried_out(task: Coroutine[Any, Any, None]) -> None:
        asyncio.run(task)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(module, "work", work)
    monkeypatch.setattr(module, "carried_out", carried_out)
    monkeypatch.setattr("floorpulse.logs.configure", lambda: None)
    result = CliRunner().invoke(COMMAND, options)
    return result, listens[0] if listens else None


@pytest.mark.parametrize(
    ("options", "listen"),
    [
        ((), Listen("127.0.0.1", 0)),
        (("--listen", "0.0.0.0:9465"), Listen("0.0.0.0", 9465)),
        (("--listen", "[::1]:9465", "--url", "http://desk:9465/"), Listen("::1", 9465, url="http://desk:9465")),
        (("--url", "https://desk.example/worker-1/"), Listen("127.0.0.1", 0, url="https://desk.example/worker-1")),
        (("--listen", "off"), None),
    ],
)
def test_a_worker_listens_on_this_machine_unless_told_otherwise(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, options: tuple[str, ...], listen: Listen | None
) -> None:
    result, where = started(monkeypatch, tmp_path, *options)

    assert (result.exit_code, where) == (0, listen), result.output


@pytest.mark.parametrize("address", ["9465", "127.0.0.1:", "127.0.0.1:70000", "127.0.0.1:http", ":9465"])
def test_an_address_that_is_none_is_refused_with_an_example(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, address: str
) -> None:
    result, where = started(monkeypatch, tmp_path, "--listen", address)

    assert (result.exit_code, where) == (2, None)
    assert "expected HOST:PORT, such as 127.0.0.1:9465, or off." in result.output


def test_who_asks_must_show_the_token_of_the_api(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FLOORPULSE_API_TOKEN", "0123456789abcdef" * 2)

    assert started(monkeypatch, tmp_path)[1] == Listen("127.0.0.1", 0, token="0123456789abcdef" * 2)


@pytest.mark.parametrize("url", ["desk:9465", "ftp://desk", "https://", "https://me:secret@desk", "https://desk?a=b"])
def test_a_url_that_is_none_or_holds_a_password_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str
) -> None:
    result, where = started(monkeypatch, tmp_path, "--url", url)

    assert (result.exit_code, where) == (2, None)
    assert "expected http://… or https://… without a password" in " ".join(result.output.split())
