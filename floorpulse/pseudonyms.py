"""The secret that pseudonyms are made with."""

from __future__ import annotations

from pathlib import Path

from floorpulse.errors import UserError
from floorpulse.toml import toml
from kpi_state.definitions import Privacy


def pseudonym_key(privacy: Privacy) -> bytes:
    """What the file of `[privacy] pseudonym_key_file` holds; empty where no pseudonyms are made. Raises UserError."""
    if privacy.rep_labels != "pseudonyms":
        return b""
    setting = f"[privacy] pseudonym_key_file = {toml(privacy.pseudonym_key_file)}"
    try:
        key = Path(privacy.pseudonym_key_file).read_bytes().strip()
    except OSError as error:
        said = (error.strerror or str(error)).lower()
        raise UserError(f"{setting}: {said}") from None
    if not key:
        raise UserError(f"{setting}: the file is empty, expected a secret")
    return key
