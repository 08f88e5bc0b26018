"""`floorpulse alerting`: rules for Prometheus and a configuration for Alertmanager, from the settings."""

from __future__ import annotations

from pathlib import Path

import click

from floorpulse.alerting.alertmanager import alertmanager
from floorpulse.alerting.receivers import managers_email
from floorpulse.alerting.rule import Addresses
from floorpulse.alerting.rulebook import rulebook
from floorpulse.alerting.tuning import tuned
from floorpulse.errors import UserError
from floorpulse.options import with_settings
from floorpulse.settings import Settings

MADE_BY = "floorpulse alerting"


@click.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@with_settings
def alerting(settings: Settings, directory: Path) -> None:
    """Write the files of alerts into DIRECTORY: prometheus/ and alertmanager/ below it.

    From [alerts], [teams] and [calendar] of the settings: thresholds, links, addresses, quiet hours. Files that are
    there already are replaced; the path of each that changed is printed. Alerts about single reps are in
    prometheus/reps/reps.yml, which no scrape file loads by itself.

    Exit codes: 0 done; 2 an address has no way to get there, or a file cannot be written.
    """
    for path, text in files(settings).items():
        target = directory / path
        try:
            if not target.exists() or target.read_text("utf-8") != text:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text, "utf-8")
                click.echo(str(target))
        except OSError as error:
            raise UserError(f"{target}: {(error.strerror or str(error)).lower()}: name another directory") from None
    for team in settings.teams:
        if not managers_email(settings, team):
            click.echo(f"[teams.{team}]: no manager_email, so no manager hears of it by mail", err=True)


def files(settings: Settings, made_by: str = MADE_BY) -> dict[str, str]:
    """Path → text of all of them."""
    alerts = settings.alerts
    addresses = Addresses(boards=alerts.boards_url, docs=alerts.docs_url)
    rules = rulebook(addresses, made_by, tuned(alerts), alerts.retired_sources)
    return {f"prometheus/{path}": text for path, text in rules.items()} | {
        f"alertmanager/{path}": text for path, text in alertmanager(settings, made_by).items()
    }


COMMAND = alerting
