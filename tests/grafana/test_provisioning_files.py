"""The provisioning files by a schema written from Grafana's documentation and its reader; no Grafana read them.

Documentation: https://grafana.com/docs/grafana/v13.2/administration/provisioning/ ("Data sources", "Dashboards").
Reader: grafana/grafana, pkg/services/provisioning/{datasources,dashboards}/types.go (upsertDataSourceFromConfigV1,
DashboardProviderConfigs). The reader passes over keys it does not know, so a mistyped one would do nothing in silence:
here none is allowed. jsonData is the plugin's; of the two that are used, what its documentation lists.
"""

from collections.abc import Callable
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from tests.brokers import ROOT

FOLDER = ROOT / "grafana" / "provisioning"
TEXT, FLAG, WHOLE = {"type": "string", "minLength": 1}, {"type": "boolean"}, {"type": "integer", "minimum": 0}


def table(required: tuple[str, ...], **properties: Any) -> dict[str, Any]:
    """An object that has these and no other keys."""
    return {
        "type": "object",
        "required": list(required),
        "properties": properties,
        "additionalProperties": False,
    }


PROMETHEUS = table(
    (),
    httpMethod={"enum": ["POST", "GET"]},
    timeInterval={"type": "string", "pattern": r"^\d+(ms|s|m)$"},
    queryTimeout=TEXT,
    prometheusType={"enum": ["Prometheus", "Cortex", "Mimir", "Thanos"]},
    prometheusVersion=TEXT,
    manageAlerts=FLAG,
    allowAsRecordingRulesTarget=FLAG,
    cacheLevel={"enum": ["Low", "Medium", "High", "None"]},
    disableRecordingRules=FLAG,
    disableMetricsLookup=FLAG,
    incrementalQuerying=FLAG,
    customQueryParameters=TEXT,
    exemplarTraceIdDestinations={"type": "array"},
)
ALERTMANAGER = table(
    ("implementation",),
    implementation={"enum": ["mimir", "cortex", "prometheus"]},
    handleGrafanaManagedAlerts=FLAG,
)
SOURCE = table(
    ("name", "type", "access", "url"),
    orgId=WHOLE,
    orgName=TEXT,
    version=WHOLE,
    name=TEXT,
    type={"enum": ["prometheus", "alertmanager"]},
    access={"enum": ["proxy", "direct"]},
    url={"type": "string", "pattern": "^https?://[a-z0-9.-]+:[0-9]+$"},
    user=TEXT,
    database=TEXT,
    basicAuth=FLAG,
    basicAuthUser=TEXT,
    withCredentials=FLAG,
    isDefault=FLAG,
    correlations={"type": "array"},
    jsonData={"type": "object"},
    secureJsonData={"type": "object", "additionalProperties": TEXT},
    editable=FLAG,
    uid={"type": "string", "pattern": "^[A-Za-z0-9_-]{1,40}$"},
) | {
    "allOf": [
        {
            "if": {"properties": {"type": {"const": kind}}},
            "then": {"properties": {"jsonData": form}},
        }
        for kind, form in (("prometheus", PROMETHEUS), ("alertmanager", ALERTMANAGER))
    ]
}
SCHEMAS = {
    "datasources": table(
        ("apiVersion", "datasources"),
        apiVersion={"const": 1},
        prune=FLAG,
        datasources={"type": "array", "minItems": 1, "items": SOURCE},
        deleteDatasources={"type": "array", "items": table(("name",), name=TEXT, orgId=WHOLE, orgName=TEXT)},
    ),
    "dashboards": table(
        ("apiVersion", "providers"),
        apiVersion={"const": 1},
        providers={
            "type": "array",
            "minItems": 1,
            "items": table(
                ("name", "type", "options"),
                name=TEXT,
                orgId=WHOLE,
                folder={"type": "string"},
                folderUid=TEXT,
                type={"const": "file"},
                disableDeletion=FLAG,
                editable=FLAG,
                allowUiUpdates=FLAG,
                updateIntervalSeconds={"type": "integer", "minimum": 1},
                options=table(("path",), path={"type": "string", "pattern": "^/"}, foldersFromFilesStructure=FLAG),
            ),
        },
    ),
}


def read(kind: str) -> Any:
    return yaml.safe_load((FOLDER / kind / "floorpulse.yml").read_text("utf-8"))


def wrong(kind: str, document: Any) -> list[str]:
    return [
        f"{error.json_path}: {error.message}" for error in Draft202012Validator(SCHEMAS[kind]).iter_errors(document)
    ]


@pytest.mark.parametrize("kind", SCHEMAS)
def test_the_files_are_as_grafana_reads_them(kind: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[kind])

    assert [path.name for path in (FOLDER / kind).iterdir()] == ["floorpulse.yml"]
    assert wrong(kind, read(kind)) == []


@pytest.mark.parametrize(
    ("kind", "spoil"),
    [
        ("datasources", lambda document: document.update(apiVersion="1")),
        ("datasources", lambda document: document["datasources"][0].update(is_default=True)),
        ("datasources", lambda document: document["datasources"][0].update(uid="of more than one word")),
        ("datasources", lambda document: document["datasources"][0]["jsonData"].update(scrapeInterval="5s")),
        ("datasources", lambda document: document["datasources"][1]["jsonData"].pop("implementation")),
        ("dashboards", lambda document: document["providers"][0]["options"].pop("path")),
        ("dashboards", lambda document: document["providers"][0].update(allowUIUpdates=True)),
    ],
    ids=["version", "key", "uid", "key-of-prometheus", "no-implementation", "no-path", "letter-case"],
)
def test_what_grafana_would_not_read_is_noticed(kind: str, spoil: Callable[[Any], object]) -> None:
    document = read(kind)
    spoil(document)

    assert len(wrong(kind, document)) == 1


def test_there_is_one_default_source_and_boards_that_name_one_name_it() -> None:
    sources = read("datasources")["datasources"]
    (default,) = [each for each in sources if each.get("isDefault")]
    boards = [yaml.safe_load(path.read_text("utf-8")) for path in (ROOT / "grafana" / "dashboards").glob("*.json")]
    variables = [each for board in boards for each in board["templating"]["list"] if each["type"] == "datasource"]

    assert default["type"] == "prometheus"
    assert len(variables) == len(boards) == 7
    assert {each["query"] for each in variables} == {default["type"]}
    # With none named Grafana takes the default one.
    assert {each["current"].get("value", default["uid"]) for each in variables} == {default["uid"]}


def test_only_the_kinds_that_are_checked_are_there() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(SCHEMAS)
