"""docker-compose.yml by Debian's docker-compose: its schema, its own check, and what the whole promises.

Debian's program brings the schema of Compose files and a reader of YAML; neither starts anything.
"""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft201909Validator

from floorpulse.keys import SECTIONS
from floorpulse.settings import load
from tests.abilities import COMPOSE_SCHEMA
from tests.brokers import ROOT

FILE = ROOT / "docker-compose.yml"
CHOSEN_NAMES = ("windows", "targets", "teams", "calendar.named")

pytestmark = pytest.mark.compose


def run(*command: str, **environment: str) -> str:
    clean = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", **environment}
    done = subprocess.run(command, env=clean, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def as_json(yaml: str) -> Any:
    reader = "import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.argv[1])))"
    return json.loads(run("/usr/bin/python3", "-c", reader, yaml))


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The file as it stands, anchors resolved."""
    found: dict[str, Any] = as_json(FILE.read_text("utf-8"))
    return found


@pytest.fixture(scope="module")
def services(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["services"]
    return found


def variables() -> set[str]:
    """One for each setting."""
    keys = {f"{section}.{key}" for section, keys in SECTIONS.items() for key in keys} | set(CHOSEN_NAMES)
    return {"FLOORPULSE_" + key.replace(".", "_").upper() for key in keys}


def test_it_is_right_by_the_schema_of_compose_files(document: dict[str, Any]) -> None:
    schema = json.loads(COMPOSE_SCHEMA.read_text())

    errors = [f"{error.json_path}: {error.message}" for error in Draft201909Validator(schema).iter_errors(document)]

    assert errors == []


def test_docker_compose_accepts_it() -> None:
    shown = as_json(run("docker-compose", "--file", str(FILE), "config"))

    assert list(shown["services"]) == sorted(
        ["alertmanager", "exporter", "kafka", "prometheus", "topics", "valkey", "worker-1", "worker-2"]
    )


def test_docker_compose_notices_what_is_wrong(tmp_path: Path) -> None:
    wrong = tmp_path / "docker-compose.yml"
    wrong.write_text(FILE.read_text().replace("restart: unless-stopped", "restarts: unless-stopped"))

    with pytest.raises(AssertionError, match="restarts"):
        run("docker-compose", "--file", str(wrong), "config")


def test_every_image_of_others_has_one_version(services: dict[str, Any]) -> None:
    images = {each["image"] for each in services.values() if "build" not in each}

    assert len(images) == 4
    assert all(re.fullmatch(r"[a-z]+/[a-z]+:v?\d+\.\d+\.\d+(-alpine)?", image) for image in images)


def test_our_image_has_the_version_of_the_package(services: dict[str, Any]) -> None:
    version = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)

    assert version is not None
    assert {each["image"] for each in services.values() if "build" in each} == {f"floorpulse:{version[1]}"}


def test_nothing_listens_beyond_this_machine(services: dict[str, Any]) -> None:
    ports = [port for each in services.values() for port in each.get("ports", ())]

    assert len(ports) == 5
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_everything_comes_back_but_the_topics(services: dict[str, Any]) -> None:
    assert {name: each["restart"] for name, each in services.items()} == {
        name: "no" if name == "topics" else "unless-stopped" for name in services
    }


def test_everything_that_stays_says_how_it_is(services: dict[str, Any]) -> None:
    """Ours by the image's own check, which asks HEALTH_URL."""
    for name, each in services.items():
        if name == "topics":
            assert each["healthcheck"] == {"disable": True}
        elif "build" not in each:
            assert each["healthcheck"]["test"][0] == "CMD"
    for name in ("worker-1", "worker-2"):
        port = services[name]["command"][-1]
        assert services[name]["environment"]["HEALTH_URL"] == f"http://127.0.0.1:{port}/"


def test_workers_begin_when_the_topics_are_made(services: dict[str, Any]) -> None:
    assert services["topics"]["depends_on"] == {"kafka": {"condition": "service_healthy"}}
    for name in ("worker-1", "worker-2", "exporter"):
        waits = services[name]["depends_on"]
        assert waits["kafka"] == {"condition": "service_healthy"}
        assert waits["topics"] == {"condition": "service_completed_successfully"}


def test_every_setting_can_be_given_and_no_other(services: dict[str, Any]) -> None:
    for name in ("topics", "worker-1", "worker-2", "exporter"):
        assert {each for each in services[name]["environment"] if each.startswith("FLOORPULSE_")} == variables()


def test_its_settings_are_right_and_name_services(services: dict[str, Any]) -> None:
    given = {name: value for name, value in services["worker-1"]["environment"].items() if value is not None}

    settings = load(None, given)

    assert settings.kafka.bootstrap_servers.partition(":")[0] in services
    assert f"//{settings.kafka.bootstrap_servers}" in services["kafka"]["environment"]["KAFKA_ADVERTISED_LISTENERS"]
    assert settings.kafka.replication == 1
    assert re.sub(r"redis://(.+):.*", r"\1", settings.redis.url) in services


def test_a_setting_of_the_environment_arrives() -> None:
    shown = as_json(run("docker-compose", "--file", str(FILE), "config", FLOORPULSE_KAFKA_APP_ID="floorpulse-2"))

    assert shown["services"]["worker-2"]["environment"]["FLOORPULSE_KAFKA_APP_ID"] == "floorpulse-2"


def test_what_must_stay_has_a_volume(document: dict[str, Any]) -> None:
    mounted = {
        volume.partition(":")[0]
        for each in document["services"].values()
        for volume in each.get("volumes", ())
        if not volume.startswith("./")
    }

    assert mounted == set(document["volumes"]) == {"alertmanager-data", "kafka-data", "prometheus-data"}


def test_prometheus_finds_the_exporter_and_the_alerts(services: dict[str, Any]) -> None:
    (mount,) = [volume for volume in services["prometheus"]["volumes"] if volume.startswith("./")]
    folder, inside, _ = mount.split(":")
    config = services["prometheus"]["command"][0].removeprefix("--config.file=")

    assert config.startswith(f"{inside}/")
    scrape = as_json((ROOT / folder / config.removeprefix(f"{inside}/")).read_text())
    assert scrape["rule_files"] == ["alerts.yml", "rules/*.yml"]
    found = [(each["metrics_path"], each["static_configs"]) for each in scrape["scrape_configs"]]
    address = f"exporter:{services['exporter']['command'][-1]}"
    assert [path for path, _ in found] == ["/metrics", "/metrics/reps", "/metrics/process", "/metrics"]
    assert [where for _, where in found] == [[{"targets": [address]}]] * 3 + [[{"targets": ["127.0.0.1:9090"]}]]


def test_prometheus_finds_alertmanager_and_that_its_configuration(services: dict[str, Any]) -> None:
    scrape = as_json((ROOT / "prometheus" / "compose.yml").read_text())
    config = services["alertmanager"]["command"][0].removeprefix("--config.file=")
    (mount,) = [volume for volume in services["alertmanager"]["volumes"] if volume.startswith("./")]
    folder, inside, _ = mount.split(":")

    assert scrape["alerting"] == {"alertmanagers": [{"static_configs": [{"targets": ["alertmanager:9093"]}]}]}
    assert (ROOT / folder / config.removeprefix(f"{inside}/")).is_file()


def test_it_holds_no_secret() -> None:
    assert (
        re.findall(
            r"passw(?:or)?d(?!_FILE:$)|secret:|token(?:_file)?: *\S|_KEY:",
            FILE.read_text(),
            re.IGNORECASE | re.MULTILINE,
        )
        == []
    )
