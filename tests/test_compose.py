"""docker-compose.yml by Debian's docker-compose: its schema, its own check, and what the whole promises.

Debian's program brings the schema of Compose files and a reader of YAML; neither starts anything.
"""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import click
import pytest
from jsonschema import Draft201909Validator

from floorpulse.cli import cli
from floorpulse.keys import SECTIONS
from floorpulse.settings import load
from tests.abilities import COMPOSE_SCHEMA
from tests.brokers import ROOT

FILE = ROOT / "docker-compose.yml"
ONCE = {"grafana-admin", "playlist", "topics"}
"""Services that do something and end."""
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


def test_docker_compose_accepts_it(services: dict[str, Any]) -> None:
    """Its `config` shows every service, whatever its profile: 1.29 does, and `config --services` too."""
    for options in ([], ["--profile", "demo"]):
        shown = as_json(run("docker-compose", "--file", str(FILE), *options, "config"))

        assert list(shown["services"]) == sorted(services)


def test_the_simulated_floor_alone_waits_for_its_profile(services: dict[str, Any]) -> None:
    assert {name: each["profiles"] for name, each in services.items() if "profiles" in each} == {"floor": ["demo"]}
    assert sorted(set(services) - {"floor"}) == [
        *("alertmanager", "exporter", "grafana", "grafana-admin", "kafka", "playlist", "prometheus", "topics"),
        *("valkey", "worker-1", "worker-2"),
    ]


def test_docker_compose_notices_what_is_wrong(tmp_path: Path) -> None:
    wrong = tmp_path / "docker-compose.yml"
    wrong.write_text(FILE.read_text().replace("restart: unless-stopped", "restarts: unless-stopped"))

    with pytest.raises(AssertionError, match="restarts"):
        run("docker-compose", "--file", str(wrong), "config")


def test_every_image_of_others_has_one_version(services: dict[str, Any]) -> None:
    images = {each["image"] for each in services.values() if "build" not in each}

    assert len(images) == 5
    assert all(re.fullmatch(r"[a-z]+/[a-z]+:v?\d+\.\d+\.\d+(-alpine)?", image) for image in images)


def test_our_image_has_the_version_of_the_package(services: dict[str, Any]) -> None:
    version = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)

    assert version is not None
    assert {each["image"] for each in services.values() if "build" in each} == {f"floorpulse:{version[1]}"}


def test_nothing_listens_beyond_this_machine(services: dict[str, Any]) -> None:
    ports = [port for each in services.values() for port in each.get("ports", ())]

    assert len(ports) == 6
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_everything_comes_back_but_what_is_done_once(services: dict[str, Any]) -> None:
    assert {name: each["restart"] for name, each in services.items()} == {
        name: "no" if name in ONCE else "unless-stopped" for name in services
    }


def test_what_is_waited_for_to_be_done_ends(services: dict[str, Any]) -> None:
    done = {
        name
        for each in services.values()
        for name, waits in each.get("depends_on", {}).items()
        if waits == {"condition": "service_completed_successfully"}
    }

    assert done == ONCE - {"playlist"}


def test_everything_that_stays_says_how_it_is(services: dict[str, Any]) -> None:
    """Ours by the image's own check, which asks HEALTH_URL."""
    for name, each in services.items():
        if name in {*ONCE, "floor"}:
            assert each["healthcheck"] == {"disable": True}
        elif "build" not in each:
            assert each["healthcheck"]["test"][0] == "CMD"
    for name in ("worker-1", "worker-2"):
        port = services[name]["command"][-1].removeprefix("0.0.0.0:")
        assert services[name]["environment"]["HEALTH_URL"] == f"http://127.0.0.1:{port}/healthz"


def test_what_is_waited_for_to_be_well_has_a_check(services: dict[str, Any]) -> None:
    waited_for = {
        name
        for each in services.values()
        for name, waits in each.get("depends_on", {}).items()
        if waits == {"condition": "service_healthy"}
    }

    assert waited_for == {"grafana", "kafka", "prometheus", "valkey"}
    assert all("test" in services[name]["healthcheck"] for name in waited_for)


def test_checks_ask_the_port_that_is_published(services: dict[str, Any]) -> None:
    for name in ("alertmanager", "grafana", "prometheus"):
        (port,) = services[name]["ports"]
        _, outside, inside = port.split(":")
        assert outside == inside
        assert services[name]["healthcheck"]["test"][-1].startswith(f"http://127.0.0.1:{inside}/")


def test_workers_begin_when_the_topics_are_made(services: dict[str, Any]) -> None:
    assert services["topics"]["depends_on"] == {"kafka": {"condition": "service_healthy"}}
    for name in ("worker-1", "worker-2", "exporter", "floor"):
        waits = services[name]["depends_on"]
        assert waits["kafka"] == {"condition": "service_healthy"}
        assert waits["topics"] == {"condition": "service_completed_successfully"}


def test_every_setting_can_be_given_and_no_other(services: dict[str, Any]) -> None:
    for name in ("topics", "worker-1", "worker-2", "exporter", "floor"):
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

    assert (
        mounted
        == set(document["volumes"])
        == {*("alertmanager-data", "grafana-data", "grafana-secrets", "kafka-data", "prometheus-data")}
    )


def test_every_mounted_path_is_there_and_is_not_written_to(document: dict[str, Any]) -> None:
    mounts = [each.split(":") for one in document["services"].values() for each in one.get("volumes", ())]
    paths = [(path, how) for path, _, *how in mounts if path.startswith("./")]

    assert len(paths) == 6
    assert [path for path, _ in paths if not (ROOT / path).is_dir()] == []
    assert {tuple(how) for _, how in paths} == {("ro",)}


def test_prometheus_finds_the_exporter_and_the_alerts(services: dict[str, Any]) -> None:
    (mount,) = [volume for volume in services["prometheus"]["volumes"] if volume.startswith("./")]
    folder, inside, _ = mount.split(":")
    config = services["prometheus"]["command"][0].removeprefix("--config.file=")

    assert config.startswith(f"{inside}/")
    scrape = as_json((ROOT / folder / config.removeprefix(f"{inside}/")).read_text())
    assert scrape["rule_files"] == ["alerts.yml", "rules/*.yml"]
    exporter = [{"targets": [f"exporter:{services['exporter']['command'][-1]}"]}]
    itself = [{"targets": ["127.0.0.1:9090"]}]
    found = [
        (each["metrics_path"], each["static_configs"]) for each in scrape["scrape_configs"] if "static_configs" in each
    ]
    assert found == [
        ("/metrics", exporter),
        ("/metrics/reps", exporter),
        ("/metrics/process", exporter),
        ("/metrics", itself),
    ]


def test_prometheus_finds_every_worker(services: dict[str, Any]) -> None:
    scrape = as_json((ROOT / "prometheus" / "compose.yml").read_text())
    (found,) = [each for one in scrape["scrape_configs"] for each in one.get("dns_sd_configs", ())]
    workers = {name: each["command"] for name, each in services.items() if each.get("command", [""])[0] == "worker"}

    assert set(found["names"]) == set(workers)
    assert {command[-1] for command in workers.values()} == {f"0.0.0.0:{found['port']}"}


def test_prometheus_finds_alertmanager_and_that_its_configuration(services: dict[str, Any]) -> None:
    scrape = as_json((ROOT / "prometheus" / "compose.yml").read_text())
    config = services["alertmanager"]["command"][0].removeprefix("--config.file=")
    (mount,) = [volume for volume in services["alertmanager"]["volumes"] if volume.startswith("./")]
    folder, inside, _ = mount.split(":")

    assert scrape["alerting"] == {"alertmanagers": [{"static_configs": [{"targets": ["alertmanager:9093"]}]}]}
    assert (ROOT / folder / config.removeprefix(f"{inside}/")).is_file()


def test_grafana_finds_prometheus_and_alertmanager(services: dict[str, Any]) -> None:
    sources = as_json((ROOT / "grafana/provisioning/datasources/floorpulse.yml").read_text())["datasources"]

    for name in ("prometheus", "alertmanager"):
        port = services[name]["ports"][0].rpartition(":")[2]
        assert [each["url"] for each in sources if each["type"] == name] == [f"http://{name}:{port}"]


def test_grafana_finds_the_boards_where_they_are_mounted(services: dict[str, Any]) -> None:
    grafana = services["grafana"]
    (provider,) = as_json((ROOT / "grafana/provisioning/dashboards/floorpulse.yml").read_text())["providers"]
    inside = {where: path for path, where, *_ in (each.split(":") for each in grafana["volumes"])}
    folder, _, home = grafana["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"].rpartition("/")

    assert inside[provider["options"]["path"]] == "./grafana/dashboards"
    assert folder == provider["options"]["path"]
    assert (ROOT / "grafana/dashboards" / home).is_file()
    for what in ("datasources", "dashboards"):
        assert inside[f"/etc/grafana/provisioning/{what}"] == f"./grafana/provisioning/{what}"


def test_grafana_lets_boards_refresh_each_second_and_nobody_look_who_has_not_logged_in(
    services: dict[str, Any],
) -> None:
    said = as_json(run("docker-compose", "--file", str(FILE), "config"))["services"]["grafana"]["environment"]

    assert said["GF_DASHBOARDS_MIN_REFRESH_INTERVAL"] == "1s"
    assert (said["GF_AUTH_ANONYMOUS_ENABLED"], said["GF_AUTH_ANONYMOUS_ORG_ROLE"]) == ("false", "Viewer")
    assert said["GF_USERS_ALLOW_SIGN_UP"] == "false"


def test_grafana_is_of_the_version_whose_libraries_drew_the_boards(services: dict[str, Any]) -> None:
    libraries = json.loads((ROOT / "tests/boards/renderer/package.json").read_text())["dependencies"]

    assert services["grafana"]["image"] == f"grafana/grafana:{libraries['@grafana/data']}"


def test_the_login_of_grafana_is_made_once_where_all_look_for_it(services: dict[str, Any], tmp_path: Path) -> None:
    (script,) = services["grafana-admin"]["command"]
    here = script.replace("/secrets", str(tmp_path))
    made = [run("/bin/sh", "-c", here) + (tmp_path / "grafana-admin").read_text() for _ in range(2)]

    assert made[0] == made[1]
    assert re.fullmatch(r"[A-Za-z0-9+/]{24}\n", made[0])
    assert [each.name for each in tmp_path.iterdir()] == ["grafana-admin"]
    assert services["grafana-admin"]["volumes"] == ["grafana-secrets:/secrets"]
    for name, variable in (("grafana", "GF_SECURITY_ADMIN_PASSWORD__FILE"), ("playlist", "GRAFANA_PASSWORD_FILE")):
        assert services[name]["environment"][variable] == "/secrets/grafana-admin"
        assert "grafana-secrets:/secrets:ro" in services[name]["volumes"]


def test_alerts_link_to_the_grafana_that_is_published(services: dict[str, Any]) -> None:
    (port,) = services["grafana"]["ports"]

    assert load(None, {}).alerts.boards_url == f"http://{port.rpartition(':')[0]}"


def test_the_playlist_is_what_the_script_is_given(services: dict[str, Any]) -> None:
    playlist = services["playlist"]
    (mount,) = [each for each in playlist["volumes"] if each.startswith("./")]
    folder, inside, _ = mount.split(":")
    files = [*playlist["entrypoint"][1:], *playlist["command"]]

    assert [ROOT / folder / each.removeprefix(f"{inside}/") for each in files] == [
        ROOT / "deploy/grafana/playlist.py",
        ROOT / "deploy/grafana/playlist.json",
    ]
    port = services["grafana"]["ports"][0].rpartition(":")[2]
    assert playlist["environment"]["GRAFANA_URL"] == f"http://grafana:{port}"


def test_the_settings_of_the_simulated_floor_are_those_of_the_demo() -> None:
    command = ("docker-compose", "--file", str(FILE), "--env-file", "deploy/demo.env", "--profile", "demo", "config")
    services = as_json(run(*command))["services"]
    demo = load(ROOT / "floorpulse/demo/floor.toml", {})
    for name in ("exporter", "floor", "worker-1"):
        given = {key: value for key, value in services[name]["environment"].items() if value is not None}
        found = load(None, given)

        for section in ("definitions", "targets", "privacy", "teams", "calendar", "limits"):
            assert getattr(found, section) == getattr(demo, section), section


def test_commands_are_those_of_the_program(services: dict[str, Any]) -> None:
    """With the options that variables give, as click reads them; nothing is run."""
    shown = as_json(run("docker-compose", "--file", str(FILE), "config", FLOOR_SPEED="60", FLOOR_CLOCK="newest"))
    for name in ("exporter", "floor", "topics", "worker-1", "worker-2"):
        command, *options = shown["services"][name]["command"]
        found = cli.get_command(click.Context(cli), command)
        assert found is not None
        found.make_context(command, options)  # raises what the program would say
    assert shown["services"]["floor"]["command"] == ["play", "--speed", "60", "--seed", "1"]
    assert shown["services"]["exporter"]["command"][:3] == ["exporter", "--clock", "newest"]


def test_it_holds_no_secret() -> None:
    assert (
        re.findall(
            r"passw(?:or)?d(?!_{1,2}FILE:(?: /\S+)?$)|secret:|token(?:_file)?: *\S|_KEY:",
            FILE.read_text(),
            re.IGNORECASE | re.MULTILINE,
        )
        == []
    )
