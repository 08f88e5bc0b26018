"""docs/openapi.json: what exporters serve at /api/openapi.json."""

from __future__ import annotations

import json
from typing import Final

from exporters.api.openapi import openapi
from exporters.api.table import ENDPOINTS

PATH: Final = "docs/openapi.json"


def openapi_text() -> str:
    """The text of the file."""
    return json.dumps(openapi(ENDPOINTS), indent=1, ensure_ascii=False) + "\n"
