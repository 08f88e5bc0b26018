"""Put a playlist into Grafana, 12 or newer: `python playlist.py playlist.json`. Again: nothing, or what differs.

Grafana provisions boards from files, playlists not; this is its documented way:
https://grafana.com/docs/grafana/v13.2/developer-resources/api-reference/http-api/playlist/
Environment: GRAFANA_URL, GRAFANA_USER, GRAFANA_PASSWORD_FILE. Exit codes: 0 it is there; 2 it is not, a line says why.
"""

# ruff: noqa: INP001 - a script that is mounted alone
import base64
import json
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

TIMEOUT_SECONDS: Final = 10
NOT_FOUND: Final = 404


class Grafana:
    """A Grafana whose login is known."""

    def __init__(self, url: str, user: str, password: str) -> None:
        self._url = url.rstrip("/")
        self._login = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """The answer, JSON; raises urllib.error.HTTPError."""
        request = urllib.request.Request(  # noqa: S310 - the address is the operator's
            self._url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": self._login, "Content-Type": "application/json", "Accept": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
            return json.load(answer)


def put(grafana: Grafana, playlist: Mapping[str, Any]) -> str:
    """Make the playlist, or mend the one of its name; what was done."""
    name, namespace = playlist["metadata"]["name"], playlist["metadata"]["namespace"]
    all_of_them = f"/apis/{playlist['apiVersion']}/namespaces/{namespace}/playlists"
    try:
        there = grafana.ask("GET", f"{all_of_them}/{name}")
    except urllib.error.HTTPError as error:
        if error.code != NOT_FOUND:
            raise
        grafana.ask("POST", all_of_them, playlist)
        return "made"
    if there["spec"] == playlist["spec"]:
        return "there already"
    version = {"resourceVersion": there["metadata"]["resourceVersion"]}  # refused when somebody was faster
    grafana.ask("PUT", f"{all_of_them}/{name}", {**playlist, "metadata": {**playlist["metadata"], **version}})
    return "mended"


def main() -> None:
    """The command."""
    url, user = os.environ["GRAFANA_URL"], os.environ["GRAFANA_USER"]
    password = Path(os.environ["GRAFANA_PASSWORD_FILE"]).read_text("utf-8").strip()
    playlist = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    try:
        done = put(Grafana(url, user, password), playlist)
    except OSError as error:  # an HTTPError is one too
        sys.stderr.write(f"The playlist is not in Grafana at {url}: {error}. Mend that and run this again.\n")
        sys.exit(2)
    sys.stdout.write(f"playlist {playlist['metadata']['name']}: {done}\n")


if __name__ == "__main__":
    main()
