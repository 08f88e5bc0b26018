"""Grafana's published libraries, installed once and bundled, and a site that serves the result beside a Prometheus."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tests.brokers import ROOT

SOURCE = Path(__file__).parent / "renderer"
FOLDER = ROOT / "var" / "board-renderer"
INSTALLED = ("package.json", "package-lock.json", ".npmrc")
NO_ICON = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
"""Icons come from a Grafana server; they are in none of the packages."""
TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".json": "application/json"}


def bundled() -> Path:
    """The folder of the bundle; what is installed or bundled already is not done again."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _differs("installed", wanted := _digest(SOURCE / name for name in INSTALLED)):
            for name in INSTALLED:
                shutil.copy(SOURCE / name, FOLDER / name)
            subprocess.run(["npm", "ci", "--no-progress"], cwd=FOLDER, check=True, capture_output=True)
            (FOLDER / "installed").write_text(wanted)
        sources = sorted([*SOURCE.glob("src/*"), SOURCE / "build.mjs", *(SOURCE / name for name in INSTALLED)])
        if _differs("bundled", wanted := _digest(sources)):
            shutil.rmtree(FOLDER / "out", ignore_errors=True)
            subprocess.run(["node", SOURCE / "build.mjs", SOURCE, "out"], cwd=FOLDER, check=True)
            (FOLDER / "bundled").write_text(wanted)
    return FOLDER / "out"


def _digest(files: Iterable[Path]) -> str:
    return hashlib.sha256(b"\0".join(each.read_bytes() for each in files)).hexdigest()


def _differs(what: str, wanted: str) -> bool:
    stamp = FOLDER / what
    return not stamp.is_file() or stamp.read_text() != wanted


class Site(ThreadingHTTPServer):
    """The bundle, the dashboards of a folder, and what is behind them: the address of a Prometheus."""

    def __init__(self, prometheus: str, boards: Path) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.prometheus = prometheus
        self.folders = {"/app/": bundled(), "/boards/": boards}


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Site

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path.startswith("/prometheus/"):
            self._pass_on(None)
        elif path == "/":
            self._file(SOURCE / "index.html")
        elif path.startswith("/public/") or path == "/favicon.ico":
            self._say(200, "image/svg+xml", NO_ICON)
        else:
            self._file(
                next((folder / path.removeprefix(at) for at, folder in self._folders() if path.startswith(at)), None)
            )

    def do_POST(self) -> None:
        self._pass_on(self.rfile.read(int(self.headers["Content-Length"])))

    def _folders(self) -> Iterable[tuple[str, Path]]:
        return self.server.folders.items()

    def _pass_on(self, body: bytes | None) -> None:
        asked = Request(self.server.prometheus + self.path.removeprefix("/prometheus"), body)  # noqa: S310 - loopback
        try:
            with urlopen(asked) as answer:  # noqa: S310 - loopback
                self._say(answer.status, "application/json", answer.read())
        except HTTPError as error:
            self._say(error.code, "application/json", error.read())

    def _file(self, file: Path | None) -> None:
        if file is not None and file.is_file():
            kind = TYPES.get(file.suffix, "application/octet-stream")
            self._say(200, kind, file.read_bytes(), kept=self.path.startswith("/app/"))
        else:
            self.send_error(404)

    def _say(self, status: int, kind: str, body: bytes, *, kept: bool = False) -> None:
        with suppress(ConnectionError):  # a page that was closed meanwhile needs no answer
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "max-age=3600" if kept else "no-store")
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        pass


@contextmanager
def serving(prometheus: str, boards: Path) -> Iterator[str]:
    """A site on a free port; its address."""
    with Site(prometheus, boards) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
