import json

from exporters.api.openapi import openapi
from exporters.api.table import ENDPOINTS
from scripts.openapi_docs import openapi_text


def test_the_file_is_what_is_served() -> None:
    assert json.loads(openapi_text()) == json.loads(json.dumps(openapi(ENDPOINTS)))


def test_lines_are_short_enough_to_compare() -> None:
    assert len(openapi_text().splitlines()) > 500
