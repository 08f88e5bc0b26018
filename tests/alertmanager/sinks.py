"""Where notifications arrive on loopback: a mailbox, and a webhook that keeps what it was sent."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from email import message_from_bytes, policy
from typing import Any, NamedTuple

from aiohttp import web
from aiohttp.test_utils import TestServer
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Mail(NamedTuple):
    """What a person reads."""

    to: tuple[str, ...]
    subject: str
    text: str


class Mailbox:
    """aiosmtpd's handler: keeps every mail."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=policy.default)
        body = message.get_body(("plain",))
        assert body is not None
        self.mails.append(Mail(tuple(envelope.rcpt_tos), str(message["Subject"]), body.get_content().strip()))
        return "250 OK"


@contextmanager
def mailbox(port: int) -> Iterator[Mailbox]:
    """A mail server at a port of loopback."""
    kept = Mailbox()
    controller = Controller(kept, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield kept
    finally:
        controller.stop()


class Hooks(NamedTuple):
    """Path → the messages posted there."""

    url: str
    posted: dict[str, list[dict[str, Any]]]


@asynccontextmanager
async def hooks() -> AsyncIterator[Hooks]:
    """A server that takes every post."""
    posted: dict[str, list[dict[str, Any]]] = {}

    async def take(request: web.Request) -> web.Response:
        posted.setdefault(request.path, []).append(await request.json())
        return web.Response()

    site = web.Application()
    site.router.add_post("/{name}", take)
    server = TestServer(site)
    await server.start_server()
    try:
        yield Hooks(f"http://127.0.0.1:{server.port}", posted)
    finally:
        await server.close()
