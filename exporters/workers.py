"""Ask the workers what their entities contribute: all at once, each for as long as it may take, and none twice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import aiohttp
import msgspec
import structlog

from exporters.loopback import is_loopback
from kpi_state.explain.asking import Ask, Told, decode_told, encode_ask

SECONDS: Final = 2.0
"""A worker that takes longer is not waited for."""
_LINE: Final = 200

log = structlog.get_logger()


class Heard(NamedTuple):
    """What came of asking one worker: what it told, or what the trouble was in one line."""

    url: str
    partitions: tuple[int, ...]
    told: Told | None
    trouble: str = ""


async def ask_workers(
    owners: Mapping[int, str], asking: Callable[[list[int]], Ask], token: str = "", seconds: float = SECONDS
) -> list[Heard]:
    """The answers of the owners of partitions (partition → URL), by URL. `asking` makes the question about some."""
    of: dict[str, list[int]] = {}
    for partition, url in sorted(owners.items()):
        of.setdefault(url, []).append(partition)
    if token:
        for url in of:
            _warn_if_plain(url)
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
    timeout = aiohttp.ClientTimeout(total=seconds)
    async with aiohttp.ClientSession(headers=headers, timeout=timeout) as session:
        asked = [_ask(session, url, tuple(those), encode_ask(asking(those))) for url, those in sorted(of.items())]
        return await asyncio.gather(*asked)


@lru_cache(1 << 10)
def _warn_if_plain(url: str) -> None:
    """Say once of an address that whoever is on the way to it can read the token, and the answer."""
    try:
        there = urlsplit(url)
    except ValueError:
        return  # it cannot be asked either
    if there.scheme == "http" and not is_loopback(there.hostname or ""):
        log.warning("token_in_the_clear", url=url, remedy="put TLS in front of the worker: worker --url https://…")


async def _ask(session: aiohttp.ClientSession, url: str, partitions: tuple[int, ...], question: bytes) -> Heard:
    try:
        async with session.post(f"{url}/explain", data=question, allow_redirects=False) as answer:
            body = await answer.read()
    except TimeoutError:
        return Heard(url, partitions, None, f"it did not answer within {session.timeout.total:g} s")
    except (aiohttp.ClientError, ValueError) as error:  # ValueError: no such thing as that port
        return Heard(url, partitions, None, f"it cannot be reached ({type(error).__name__})")
    if answer.status != 200:
        return Heard(url, partitions, None, f"it answered {answer.status}: {_error_in(body)}")
    try:
        return Heard(url, partitions, decode_told(body))
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return Heard(url, partitions, None, "its answer cannot be read: is it of another version?")


def _error_in(body: bytes) -> str:
    try:
        said = msgspec.json.decode(body, type=dict[str, str]).get("error", "")
    except (msgspec.MsgspecError, UnicodeDecodeError):
        said = ""
    return " ".join(said.split())[:_LINE] or "it does not say why"
