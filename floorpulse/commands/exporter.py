"""`floorpulse exporter`: follow the published state and serve it."""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import Final

import click
import structlog
from redis.asyncio import Redis

from exporters import clock as clocks
from exporters.ahead import Ahead
from exporters.api.site import application
from exporters.clock import Clock
from exporters.follower import Follower
from exporters.lag import Ends
from exporters.mirror import Mirror, OtherDefinitionsError
from exporters.privacy import Disguise
from exporters.redis_feed import Feed, client
from exporters.server import AddressError, serve
from exporters.together import together
from exporters.view import View
from exporters.wall.wall import Wall
from floorpulse import logs
from floorpulse.errors import UserError
from floorpulse.exposure import warn_of_exposure
from floorpulse.options import INSTANT, with_settings
from floorpulse.pseudonyms import pseudonym_key
from floorpulse.settings import Settings
from floorpulse.streaming import stream_settings
from floorpulse.tokens import api_token
from kpi_state.apply import fingerprint
from kpi_state.published import INPUTS, LINKS
from kpi_state.read.samples import Reader
from streams.garbage import set_aside

DEFAULT_PORT: Final = 9464
EXIT_UNEXPECTED: Final = 3

log = structlog.get_logger()


@click.command()
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen on. Beyond this machine set a token: [api] token_file.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=DEFAULT_PORT,
    show_default=True,
    help="Port to listen on; 0 takes a free one. The first line on standard output says which.",
)
@click.option("--as-of", type=INSTANT, metavar="TIME", help="The instant the numbers are for, fixed. RFC 3339.")
@click.option(
    "--clock",
    type=click.Choice(["wall", "newest"]),
    default="wall",
    show_default=True,
    help="The instant the numbers are for: now, or the time of the newest event, for a floor with its own clock.",
)
@with_settings
@click.pass_context
def exporter(context: click.Context, settings: Settings, host: str, port: int, as_of: int | None, clock: str) -> None:
    """Serve the KPIs: /wall for a screen, /metrics for Prometheus, /api as JSON.

    Follows what the workers of one [kafka] app_id publish, from the beginning, so any number of exporters can run and
    any can be started again. Nothing is served before everything published was read once. It runs until SIGTERM or
    Ctrl-C. Logs go to standard error, one line per happening.

    With [redis] url it keeps a read model there too, whose keys docs/redis.md describes.

    \b
    /wall             a live leaderboard for a screen on the floor; ?team=NAME&top=N&theme=light
    /metrics          teams and the organisation in the windows current now: value and parts, targets, freshness
    /metrics/reps     the same of single reps, and who is who
    /metrics/process  this process
    /api/kpis         the same as the JSON of `replay`; ?all=1 has past buckets too, ?kpi=… and others pick from it
    /api/reps/ID      a rep, and every current KPI with its target and place; /api/teams/NAME likewise
    /api/leaderboard  reps or teams by one KPI; ?kpi=…&window=…
    /api/explain      what a number is made of, told by the workers
    /api/goals        targets, and what of them is expected by now
    /api/freshness    what was seen of every source and topic
    /api/openapi.json all of these, described; docs/api.md has examples
    /healthz /readyz  the process lives; the numbers are whole and current (else 503)

    Exit codes: 0 told to stop; 2 a person has to do something first, the last line says what; 3 something unexpected.
    """  # noqa: D301  # \b is click's
    if as_of is not None and context.get_parameter_source("clock") is not click.core.ParameterSource.DEFAULT:
        raise click.UsageError("--as-of fixes the clock: leave --clock out.")
    logs.configure()
    set_aside()
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # what it would say of brokers the follower says in a line
    disguise = Disguise(settings.privacy, pseudonym_key(settings.privacy))
    token = api_token(settings.api)
    warn_of_exposure(host, token)
    try:
        asyncio.run(_run(settings, disguise, token, _clock(as_of, clock), (host, port)))
    except UserError:
        raise
    except (AddressError, OtherDefinitionsError) as error:
        raise UserError(str(error)) from None
    except Exception:
        log.exception("crashed")
        context.exit(EXIT_UNEXPECTED)


async def _run(settings: Settings, disguise: Disguise, token: str, clock: Clock, address: tuple[str, int]) -> None:
    own = fingerprint(settings.definitions)
    follower = Follower(
        settings.kafka.bootstrap_servers,
        f"{settings.kafka.app_id}-tally-changelog",
        f"{settings.kafka.app_id}-roster-changelog",
        lambda: Mirror(Reader(settings), own),
    )
    view = View(follower, clock, disguise, settings, token)
    follower.prepare = view.prepare
    wall = Wall(view)
    site = application(view, more=wall.routes())
    site.on_shutdown.append(wall.stop)
    view.ends = Ends(settings.kafka.bootstrap_servers, _inputs(settings))
    runs = [follower.run, wall.run, view.ends.run, Ahead(view).run]
    if settings.redis.url:
        redis = _redis(settings.redis.url)
        runs.append(Feed(follower, clock, view.shown, redis, settings.redis.prefix, process=view.process).run)
    follow = partial(together, *runs)
    await serve(site, follow, *address, lambda url: click.echo(f"floorpulse exporter: {url}"))


def _inputs(settings: Settings) -> dict[str, str]:
    """Full name of what the workers apply → its name without prefix."""
    stream = stream_settings(settings, {})
    return {stream.topic(name): name for name in (*INPUTS, LINKS)}


def _redis(url: str) -> Redis:
    try:
        return client(url)
    except ValueError:  # its text may hold the password
        form = "redis://USER:PASSWORD@HOST:PORT/DATABASE or unix:///PATH?db=DATABASE"
        raise UserError(f"[redis] url cannot be read: expected {form}") from None


def _clock(as_of: int | None, name: str) -> Clock:
    if as_of is not None:
        return clocks.fixed(as_of)
    return clocks.newest() if name == "newest" else clocks.wall()


COMMAND = exporter
