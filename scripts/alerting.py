"""The files of alerts that lie in the repository: those of a floor with default settings, and of an example."""

from pathlib import Path
from typing import Final

from floorpulse.alerting.alertmanager import alertmanager
from floorpulse.commands.alerting import files
from floorpulse.settings import Settings, load

MADE_BY: Final = "python -m scripts.generate"
EXAMPLE: Final = Path(__file__).resolve().parents[1] / "alertmanager" / "example" / "floor.toml"


def alerting_files() -> dict[str, str]:
    """Path from the root → text of the rules, Alertmanager's configuration, and that of the example."""
    example = alertmanager(load(EXAMPLE, {}), MADE_BY)
    return files(Settings(), MADE_BY) | {f"alertmanager/example/{path}": text for path, text in example.items()}
