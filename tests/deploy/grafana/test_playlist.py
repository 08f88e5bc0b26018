"""The script, against an API that does what Grafana's documentation says; no Grafana was asked."""

import base64
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.brokers import ROOT

FOLDER = ROOT / "deploy" / "grafana"
PLAYLIST = json.loads((FOLDER / "playlist.json").read_text())
PATH = "/apis/playlist.grafana.app/v1/namespaces/default/playlists"


class Api(ThreadingHTTPServer):
    """Playlists by name, with versions; `asked` has every request."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.playlists: dict[str, Any] = {}
        self.asked: list[str] = []
        self.url = f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    """Create: 201. Get: 200 or 404. Update: 409 unless it names the version it is of."""

    server: Api

    def _answer(self, code: int, body: object) -> None:
        text = json.dumps(body).encode()
        self.send_response(code)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def _asked(self) -> tuple[str, Any] | None:
        """Name and body; None, and an answer, where the login is wrong."""
        self.server.asked.append(f"{self.command} {self.path}")
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.headers["Authorization"] != "Basic " + base64.b64encode(b"admin:hush").decode():
            self._answer(401, {"message": "Invalid username or password"})
            return None
        return self.path.removeprefix(PATH).strip("/"), json.loads(body or "null")

    def _keep(self, playlist: Any, version: int, code: int) -> None:
        kept = {**playlist, "metadata": {**playlist["metadata"], "resourceVersion": str(version)}}
        self.server.playlists[playlist["metadata"]["name"]] = kept
        self._answer(code, kept)

    def do_GET(self) -> None:
        if asked := self._asked():
            found = self.server.playlists.get(asked[0])
            self._answer(200 if found else 404, found or {"kind": "Status", "code": 404})

    def do_POST(self) -> None:
        if asked := self._asked():
            self._keep(asked[1], 1, 201)

    def do_PUT(self) -> None:
        if asked := self._asked():
            version = self.server.playlists[asked[0]]["metadata"]["resourceVersion"]
            if asked[1]["metadata"]["resourceVersion"] != version:
                self._answer(409, {"kind": "Status", "code": 409})
            else:
                self._keep(asked[1], int(version) + 1, 200)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def api() -> Iterator[Api]:
    with Api() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def put(url: str, folder: Path, password: str = "hush\n") -> subprocess.CompletedProcess[str]:  # noqa: S107
    (folder / "login").write_text(password)
    return subprocess.run(
        [sys.executable, str(FOLDER / "playlist.py"), str(FOLDER / "playlist.json")],
        env=os.environ | {"GRAFANA_URL": url, "GRAFANA_USER": "admin", "GRAFANA_PASSWORD_FILE": str(folder / "login")},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_the_playlist_is_made_once(api: Api, tmp_path: Path) -> None:
    said = [put(api.url, tmp_path).stdout for _ in range(2)]

    assert said == ["playlist floorpulse: made\n", "playlist floorpulse: there already\n"]
    assert api.asked == [f"GET {PATH}/floorpulse", f"POST {PATH}", f"GET {PATH}/floorpulse"]
    assert api.playlists["floorpulse"]["spec"] == PLAYLIST["spec"]


def test_another_playlist_of_its_name_is_mended(api: Api, tmp_path: Path) -> None:
    metadata = {**PLAYLIST["metadata"], "resourceVersion": "7"}
    api.playlists["floorpulse"] = {**PLAYLIST, "metadata": metadata, "spec": {"title": "old", "items": []}}

    assert put(api.url, tmp_path).stdout == "playlist floorpulse: mended\n"
    assert api.playlists["floorpulse"]["spec"] == PLAYLIST["spec"]
    assert api.playlists["floorpulse"]["metadata"]["resourceVersion"] == "8"


def test_a_wrong_login_is_said_in_a_line_that_does_not_show_it(api: Api, tmp_path: Path) -> None:
    done = put(api.url, tmp_path, "wrong-word")

    assert done.returncode == 2
    assert done.stderr.startswith(f"The playlist is not in Grafana at {api.url}: HTTP Error 401: ")
    assert done.stderr.count("\n") == 1
    assert "wrong-word" not in done.stderr


def test_a_grafana_that_is_not_there_is_said_in_a_line(tmp_path: Path) -> None:
    done = put("http://127.0.0.1:9", tmp_path)

    assert done.returncode == 2
    assert done.stderr.startswith("The playlist is not in Grafana at http://127.0.0.1:9: ")
    assert done.stderr.count("\n") == 1


def test_it_shows_boards_that_there_are() -> None:
    boards = {json.loads(path.read_text())["uid"] for path in (ROOT / "grafana" / "dashboards").glob("*.json")}

    assert {item["type"] for item in PLAYLIST["spec"]["items"]} == {"dashboard_by_uid"}
    assert {item["value"] for item in PLAYLIST["spec"]["items"]} <= boards
