"""The files of alerts that lie in the repository: what a floor with default settings has."""

from typing import Final

from floorpulse.alerting.rule import Addresses
from floorpulse.alerting.rulebook import rulebook

MADE_BY: Final = "python -m scripts.generate"
BOARDS: Final = "http://127.0.0.1:3000"


def rules() -> dict[str, str]:
    """Path from the root → text of the rules in `prometheus/`."""
    return {f"prometheus/{path}": text for path, text in rulebook(Addresses(boards=BOARDS), MADE_BY).items()}
