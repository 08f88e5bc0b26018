"""`floorpulse worker`: apply the events of Kafka, exactly once."""

from __future__ import annotations

import os
import re
from typing import Any, Final, cast

import click

from floorpulse import logs
from floorpulse.exposure import warn_of_exposure
from floorpulse.options import with_settings
from floorpulse.settings import Settings
from floorpulse.streaming import carried_out, stream_settings
from floorpulse.tokens import api_token
from streams.process import work
from streams.serving import Listen

DEFAULT_LISTEN: Final = "127.0.0.1:0"
MAX_PORT: Final = 65_535


class ListenType(click.ParamType):
    """HOST:PORT, or `off` for None."""

    name = "address"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, int] | None:
        """Read it; an IPv6 address may stand in brackets."""
        if not isinstance(value, str):
            return cast("tuple[str, int]", value)
        if value == "off":
            return None
        host, _, port = value.rpartition(":")
        if not host or not port.isdecimal() or int(port) > MAX_PORT:
            self.fail(f"{value!r}: expected HOST:PORT, such as 127.0.0.1:9465, or off.", param, ctx)
        return host.removeprefix("[").removesuffix("]"), int(port)


class UrlType(click.ParamType):
    """What an address is reached by, without the slash at its end."""

    name = "url"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Read it; whoever follows the published state reads it too, so it holds no password."""
        if not re.fullmatch(r"(https?://[^\s/@?#]+(/[^\s@?#]*)?)?", value):
            self.fail(f"{value!r}: expected http://… or https://… without a password.", param, ctx)
        return str(value).rstrip("/")


LISTEN: Final = ListenType()


@click.command()
@click.option(
    "--web-port",
    type=click.IntRange(0, 65_535),
    default=0,
    metavar="PORT",
    help="Port on loopback for Faust's own status page. Default 0: no page.",
)
@click.option(
    "--listen",
    type=LISTEN,
    default=DEFAULT_LISTEN,
    show_default=True,
    metavar="HOST:PORT",
    help="Address for /metrics, /healthz, /readyz and /explain; port 0 takes a free one. `off`: none.",
)
@click.option(
    "--url",
    type=UrlType(),
    default="",
    metavar="URL",
    help="What exporters reach that address by, https://… behind a proxy that speaks TLS. Default: the address; of "
    "0.0.0.0, this machine's name.",
)
@with_settings
def worker(settings: Settings, web_port: int, listen: tuple[str, int] | None, url: str) -> None:
    """Apply the events of the input topics and publish what they come to.

    Run as many as there are cores and partitions, here or on other machines: they share the partitions of one [kafka]
    app_id, and whatever happens to one of them no event is lost or counted twice. It runs until SIGTERM or Ctrl-C,
    then leaves at once. Logs go to standard error, one line per happening. The topics must be there: `floorpulse
    topics` makes them.

    It answers on --listen, for Prometheus and for exporters that ask whose contributions a number is made of; with
    [api] token only to those who show it.

    Exit codes: 0 told to stop; 2 a person has to do something first, the last line says what; 3 something unexpected,
    or a broker in trouble: start it again, nothing is lost.
    """
    logs.configure()
    token = api_token(settings.api)
    where = None if listen is None else Listen(*listen, url=url, token=token)
    if where is not None:
        warn_of_exposure(where.host, token)
    carried_out(work(stream_settings(settings, os.environ), listen=where, web_port=web_port or None))


COMMAND = worker
