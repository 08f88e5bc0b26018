"""The OpenAPI document of the endpoints, made from their records: nothing in it is written twice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from importlib.metadata import version
from typing import Any, Final

import msgspec

from exporters.api.endpoint import Endpoint

PATH: Final = "/api/openapi.json"
_SCHEMAS: Final = "#/components/schemas/{name}"
_ABOUT: Final = (
    "KPIs of reps, teams and the organisation. Every answer under /api has a strong ETag, headers say how fresh "
    "it is: Floorpulse-Freshness (time of the newest event of each source) and Floorpulse-Age-Seconds. Times "
    "are RFC 3339 in UTC. Numbers keep all their digits, also beyond 64 bits."
)
_OF_ALL: Final = {
    400: "A parameter that means nothing here; the line says what is allowed.",
    500: "A fault of the exporter.",
}
_OF_NUMBERS: Final = {503: "Not everything published was read yet, so there are no numbers."}
_UNAUTHORIZED: Final = {401: "The exporter has a token, and it was not shown."}


class Error(msgspec.Struct, frozen=True):
    """What is wrong, in one line."""

    error: str


def openapi(endpoints: Sequence[Endpoint]) -> dict[str, Any]:
    """The document."""
    _, schemas = msgspec.json.schema_components([Error, *(each.answer for each in endpoints)], ref_template=_SCHEMAS)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "floorpulse",
            "version": version("floorpulse"),
            "description": _ABOUT,
            "license": {"name": "Apache 2.0", "identifier": "Apache-2.0"},
        },
        "paths": {each.path: {"get": _operation(each)} for each in endpoints},
        "components": {"schemas": schemas, "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    }


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    operation: dict[str, Any] = {"operationId": endpoint.name, "summary": endpoint.says}
    if parameters := list(_parameters(endpoint)):
        operation["parameters"] = parameters
    errors = {**_OF_ALL, **(_OF_NUMBERS | _UNAUTHORIZED if endpoint.numbers else {}), **endpoint.errors}
    responses = {200: _response("The answer.", endpoint.answer)}
    if endpoint.numbers:
        responses[304] = {"description": "What If-None-Match names is still right."}
    for status, says in errors.items():
        responses[status] = _response(says, Error)
    for status in endpoint.also:
        responses[status] = _response(HTTPStatus(status).phrase, endpoint.answer)
    operation["responses"] = {str(status): responses[status] for status in sorted(responses)}
    # An empty requirement beside it: there need not be a token.
    operation["security"] = [{"token": []}, {}] if endpoint.numbers else []
    return operation


def _response(says: str, body: type[msgspec.Struct]) -> dict[str, Any]:
    schema = {"$ref": _SCHEMAS.format(name=body.__name__)}
    return {"description": says, "content": {"application/json": {"schema": schema}}}


def _parameters(endpoint: Endpoint) -> Iterator[dict[str, Any]]:
    """Of the path, then of the query."""
    form = msgspec.json.schema(endpoint.asked)["$defs"][endpoint.asked.__name__]
    in_path = re.findall(r"{(\w+)}", endpoint.path)
    for name, schema in form["properties"].items():
        said = {key: value for key, value in schema.items() if key != "description"}
        if isinstance(said.get("default"), tuple):
            said["default"] = list(said["default"])
        described = {"description": schema["description"]} if "description" in schema else {}
        where = "path" if name in in_path else "query"
        yield {"name": name, "in": where, "required": name in form["required"], **described, "schema": said}
