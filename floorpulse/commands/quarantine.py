"""`floorpulse quarantine`: what was set aside, why, and how it gets another chance."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any, Final

import click
import msgspec

from floorpulse.errors import UserError
from floorpulse.listing import plain, show
from floorpulse.options import with_settings
from floorpulse.settings import Settings
from floorpulse.streaming import quietly, stream_settings
from kpi_state.events import ContractError
from kpi_state.published import INPUTS
from kpi_state.read.document import instant_text
from streams.quarantine_reader import Place, Quarantined, everything, one
from streams.sender import Sender, sending
from streams.settings import StreamSettings
from streams.work import read_event

NEWEST: Final = 100
_SHOWN: Final = ("Place", "Arrived", "Field", "Expected")


class PlaceType(click.ParamType):
    """The place of a record."""

    name = "place"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Place:
        """Read TOPIC/PARTITION/OFFSET."""
        try:
            return Place.parse(str(value))
        except ValueError:
            return self.fail(f"expected TOPIC/PARTITION/OFFSET such as crm.events/3/17, got {value}.", param, ctx)


PLACE: Final = PlaceType()

by_reason = click.option(
    "--reason", metavar="FIELD", help="Only what broke the contract in this field, such as time or data.currency."
)


@click.group("quarantine")
def group() -> None:
    """List, show or send again what broke the event contract.

    Workers set such records aside, byte for byte, and go on. A record is named by its place, TOPIC/PARTITION/OFFSET:
    where it arrived or where it is in the quarantine.
    """


@group.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line instead of a table.")
@by_reason
@click.option(
    "--limit", type=click.IntRange(min=0), default=NEWEST, show_default=True, help="The newest so many; 0 for all."
)
@with_settings
def list_(settings: Settings, *, as_json: bool, reason: str | None, limit: int) -> None:
    """List what is in the quarantine, newest first: places and reasons, no personal data.

    A summary goes to standard error.

    Exit codes: 0 done; 2 Kafka does not answer or a topic is missing.
    """
    found = quietly(_found(stream_settings(settings, os.environ), reason))
    found.sort(key=lambda each: (-each["arrived_ms"], each["place"]))
    shown = found[: limit or None]
    if as_json:
        for each in shown:
            click.echo(msgspec.json.encode(each))
    else:
        show(_SHOWN, [[each[name.lower()] for name in _SHOWN] for each in shown])
    by_field = ", ".join(f"{n} {field}" for field, n in Counter(each["field"] for each in found).most_common(10))
    left_out = f"; the newest {limit} are shown" if len(shown) < len(found) else ""
    click.echo(f"{len(found)} quarantined{': ' if by_field else ''}{by_field}{left_out}", err=True)


@group.command("show")
@click.argument("place", type=PLACE, metavar="TOPIC/PARTITION/OFFSET")
@with_settings
def show_(settings: Settings, place: Place) -> None:
    """Print the original bytes of a quarantined record, and on standard error why it is there.

    The bytes may be personal data. Put right and saved, they can be sent with `floorpulse produce`.

    Exit codes: 0 done; 1 nothing is quarantined at that place; 2 Kafka does not answer or a topic is missing.
    """
    found = quietly(one(stream_settings(settings, os.environ), place))
    if found is None:
        click.echo(f"{place}: nothing is quarantined there: `floorpulse quarantine list` has the places", err=True)
        raise click.exceptions.Exit(1)
    for name, value in _said(found):
        click.echo(f"{name:<12}{plain(value)}", err=True)
    sys.stdout.buffer.write(found.value)
    if found.value:
        sys.stdout.buffer.write(b"\n")


@group.command()
@click.argument("places", type=PLACE, nargs=-1, metavar="[TOPIC/PARTITION/OFFSET]...")
@by_reason
@click.option("--all", "everyone", is_flag=True, help="Everything that is quarantined.")
@with_settings
@click.pass_context
def resend(
    context: click.Context, settings: Settings, places: tuple[Place, ...], reason: str | None, *, everyone: bool
) -> None:
    """Send quarantined records again to the topic they came from, as they were.

    For what keeps the contract by now: after an upgrade, or when a clock that ran ahead has been overtaken. What still
    breaks it is printed as PLACE: FIELD: expected WHAT and is not sent. The quarantine keeps its records; sending one
    twice changes no KPI.

    Exit codes: 0 everything chosen was sent and acknowledged; 1 something was not sent; 2 Kafka does not answer or a
    topic is missing.
    """
    if sum(map(bool, (places, reason, everyone))) != 1:
        raise click.UsageError("name places, or a --reason, or --all.")
    own = stream_settings(settings, os.environ)
    sent, kept = quietly(_resend(own, _chosen(own, places, reason)))
    click.echo(f"{sent} records sent again, {kept} not", err=True)
    context.exit(1 if kept else 0)


async def _found(settings: StreamSettings, reason: str | None) -> list[dict[str, Any]]:
    """What `list` shows of each record."""
    return [_listed(each) async for each in everything(settings) if _matches(each, reason)]


def _matches(found: Quarantined, reason: str | None) -> bool:
    field = found.why.field
    return reason is None or field in {reason, f"data.{reason}"} or field.startswith((f"{reason}.", f"{reason}["))


def _listed(found: Quarantined) -> dict[str, Any]:
    return {
        "place": str(found.original),
        "quarantined": str(found.place),
        "arrived": instant_text(found.timestamp * 1000),
        "arrived_ms": found.timestamp,
        "field": found.why.field,
        "expected": found.why.expected,
        "bytes": len(found.value) if found.why.bytes_kept else None,
    }


def _said(found: Quarantined) -> Iterator[tuple[str, str]]:
    """What stands beside the bytes."""
    why = found.why
    yield "quarantined", str(found.place)
    yield "original", f"{found.original}, arrived {instant_text(found.timestamp * 1000)}"
    yield "reason", f"{why.field}: expected {why.expected}, got {why.got}"
    yield "key", "none" if found.key is None else found.key.decode(errors="replace")
    for name, value in found.headers:
        yield "header", f"{name}: {(value or b'').decode(errors='replace')}"
    if not why.bytes_kept:
        yield "bytes", f"too many to copy: read {found.original} itself"


async def _chosen(settings: StreamSettings, places: Iterable[Place], reason: str | None) -> AsyncIterator[Quarantined]:
    """The records that were asked for; UserError when a place has none."""
    for place in places:
        found = await one(settings, place)
        if found is None:
            raise UserError(f"{place}: nothing is quarantined there: `floorpulse quarantine list` has the places")
        yield found
    if not places:
        async for each in everything(settings):
            if _matches(each, reason):
                yield each


async def _resend(settings: StreamSettings, chosen: AsyncIterator[Quarantined]) -> tuple[int, int]:
    """(sent, not sent)."""
    kept = 0
    async with sending(settings) as sender:
        async for each in chosen:
            try:
                await _again(sender, settings, each)
            except ContractError as error:
                kept += 1
                click.echo(f"{each.original}: {error.reason}")
        await sender.finish()
        return sender.acknowledged.total(), kept


async def _again(sender: Sender, settings: StreamSettings, found: Quarantined) -> None:
    """Send a record again; raises ContractError when it would only come back."""
    logical = {settings.topic(name): name for name in INPUTS}.get(found.why.topic)
    if logical is None:
        raise ContractError("topic", f"one of {', '.join(map(settings.topic, INPUTS))}", found.why.topic)
    if not found.why.bytes_kept:
        raise ContractError(found.why.field, found.why.expected, found.why.got)
    read_event(found)
    await sender.send(logical, found.again(), None if found.key is not None else found.why.partition)


COMMAND = group
