"""The units of systemd: what they start exists, they come back, and may do little else."""

import re
import subprocess
from configparser import ConfigParser
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from floorpulse.cli import cli
from floorpulse.commands.worker import LISTEN
from tests.brokers import ROOT

FOLDER = ROOT / "deploy" / "systemd"
COMMANDS = {
    "floorpulse-exporter.service": ["exporter"],
    "floorpulse-topics.service": ["topics"],
    "floorpulse-worker@.service": ["worker", "--listen", "127.0.0.1:%i"],
}
PROGRAM = "/opt/floorpulse/bin/floorpulse"
LATER_KEYS = ("RestartSteps", "RestartMaxDelaySec")  # systemd 254; Debian 12 has 252
MOST_EXPOSED = 20  # tenths, of 10: `systemd-analyze security` calls up to 2.0 OK


class Unit(ConfigParser):
    """A unit file; of keys that repeat the last one."""

    def __init__(self, name: str) -> None:
        super().__init__(strict=False, interpolation=None, delimiters=("=",), comment_prefixes=("#",))
        self.read(FOLDER / name, "utf-8")

    def optionxform(self, optionstr: str) -> str:
        return optionstr  # systemd knows large and small letters


every_unit = pytest.mark.parametrize("name", COMMANDS)


def test_there_are_no_others() -> None:
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(COMMANDS)


@every_unit
def test_a_unit_starts_a_command_that_exists(name: str) -> None:
    program, *arguments = Unit(name)["Service"]["ExecStart"].split()

    assert program == PROGRAM
    assert arguments == COMMANDS[name]
    assert CliRunner().invoke(cli, [*arguments, "--help"]).exit_code == 0


def test_a_worker_listens_on_the_port_that_it_is_named_by_and_prometheus_asks_there() -> None:
    *_, address = COMMANDS["floorpulse-worker@.service"]
    named = re.findall(r"floorpulse-worker@(\d+)", (ROOT / "docs" / "operations.md").read_text("utf-8"))
    listened = [LISTEN.convert(address.replace("%i", port), None, None) for port in named]
    jobs = yaml.safe_load((ROOT / "prometheus" / "prometheus.yml").read_text("utf-8"))["scrape_configs"]
    (asked,) = [job["static_configs"][0]["targets"] for job in jobs if job["job_name"] == "floorpulse-workers"]

    assert len(named) == 2
    assert [f"{where[0]}:{where[1]}" for where in listened if where] == asked


@every_unit
def test_a_unit_comes_back_for_ever_and_waits_longer_each_time(name: str) -> None:
    unit = Unit(name)

    assert unit["Service"]["Restart"] == "on-failure"
    assert int(unit["Service"]["RestartMaxDelaySec"]) > int(unit["Service"]["RestartSec"]) > 0
    assert int(unit["Service"]["RestartSteps"]) > 1
    assert unit["Unit"]["StartLimitIntervalSec"] == "0"
    assert "RestartPreventExitStatus" not in unit["Service"]  # a broker that is not up yet ends a worker with 2


@every_unit
def test_a_unit_has_its_settings_from_one_folder(name: str) -> None:
    service = Unit(name)["Service"]

    assert service["WorkingDirectory"] == f"/etc/{service['ConfigurationDirectory']}"
    assert service["EnvironmentFile"] == f"-{service['WorkingDirectory']}/floorpulse.env"


@every_unit
def test_a_unit_is_nobody_and_writes_nowhere(name: str) -> None:
    service = Unit(name)["Service"]

    assert service["DynamicUser"] == service["NoNewPrivileges"] == service["PrivateTmp"] == "yes"
    assert service["ProtectSystem"] == "strict"
    assert service["CapabilityBoundingSet"] == ""
    assert not {"User", "ReadWritePaths"} & set(service)


@pytest.mark.parametrize("name", ["floorpulse-exporter.service", "floorpulse-worker@.service"])
def test_topics_are_made_first(name: str) -> None:
    unit = Unit(name)

    assert "floorpulse-topics.service" in unit["Unit"]["After"]
    assert "floorpulse-topics.service" in unit["Unit"]["Wants"]


@pytest.fixture
def installed(tmp_path: Path) -> list[str]:
    """The units as they would be installed, one worker among them, with a program that is on this machine."""
    for name in COMMANDS:
        text = (FOLDER / name).read_text("utf-8").replace(PROGRAM, "/bin/true")
        (tmp_path / name.replace("@", "@9465")).write_text(text)
    return sorted(map(str, tmp_path.iterdir()))


@pytest.mark.systemd
def test_systemd_finds_nothing_wrong(installed: list[str]) -> None:
    command = ["systemd-analyze", "verify", "--man=no", *installed]

    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    here = [line for line in done.stderr.splitlines() if Path(installed[0]).parent.name in line]
    assert [line for line in here if not any(f"Unknown key '{key}'" in line for key in LATER_KEYS)] == []
    assert done.returncode == 0, done.stderr


@pytest.mark.systemd
def test_systemd_would_find_something_wrong(installed: list[str]) -> None:
    path = Path(installed[0])
    path.write_text(path.read_text().replace("RestartSec=2", "RestartSec=soon"))

    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(path)], capture_output=True, text=True, timeout=60, check=False
    )

    assert "soon" in done.stderr


@pytest.mark.systemd
def test_systemd_finds_little_that_a_unit_could_harm(installed: list[str]) -> None:
    for path in installed:
        command = ["systemd-analyze", "security", "--no-pager", "--offline=true", f"--threshold={MOST_EXPOSED}", path]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
