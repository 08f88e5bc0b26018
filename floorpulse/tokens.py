"""The token that who asks exporters or workers must show."""

from __future__ import annotations

from pathlib import Path

from floorpulse.errors import UserError
from floorpulse.keys import SECTIONS
from floorpulse.settings import Api
from floorpulse.toml import toml


def api_token(api: Api) -> str:
    """The token of `[api]`, from the setting or its file; empty where anybody may ask. Raises UserError."""
    if not api.token_file:
        return api.token
    setting = f"[api] token_file = {toml(api.token_file)}"
    try:
        token = Path(api.token_file).read_text("utf-8").strip()
    except OSError as error:
        raise UserError(f"{setting}: {(error.strerror or str(error)).lower()}") from None
    except UnicodeDecodeError:
        token = ""
    check = SECTIONS["api"]["token"].check
    try:
        accepted = str(check.accept(token))
    except ValueError:
        accepted = ""
    if not accepted:
        raise UserError(f"{setting}: expected {check.allowed.removesuffix(', or empty')}")
    return accepted
