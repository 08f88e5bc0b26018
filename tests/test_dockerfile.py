"""The image by its recipe: no image is built in tests, so what can be known without one is."""

import asyncio
import json
import re
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import PurePosixPath

from aiohttp.test_utils import TestServer

from streams.serving import Listen, Site, serving
from tests.exporters.served import Served
from tests.test_house import PACKAGES, ROOT, tracked_files

TEXT = (ROOT / "Dockerfile").read_text("utf-8")
LINES = [
    line for line in re.sub(r"\\\n\s*", "", TEXT).splitlines() if line.strip() and not line.lstrip().startswith("#")
]
INSTRUCTIONS = [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in LINES)]
STARTS = [number for number, (word, _) in enumerate(INSTRUCTIONS) if word == "FROM"]
BUILD, FINAL = INSTRUCTIONS[: STARTS[-1]], INSTRUCTIONS[STARTS[-1] :]


def said(stage: list[tuple[str, str]], word: str) -> list[str]:
    return [rest for each, rest in stage if each == word]


def sources() -> list[str]:
    """What is copied from the tree."""
    copies = [rest.split() for rest in said(INSTRUCTIONS, "COPY") if "--from=" not in rest]
    return [source for *those, _target in copies for source in those]


def reaches_the_builder(path: str) -> bool:
    """As .dockerignore says: the last line that fits a path or a folder above it decides."""
    ways = [str(PurePosixPath(path)), *map(str, PurePosixPath(path).parents)][:-1]
    ignored = False
    for line in (ROOT / ".dockerignore").read_text().split("\n"):
        if line and not line.startswith("#"):
            pattern = line.removeprefix("!").replace("**/", "*")
            if any(fnmatch(way, pattern) for way in ways):
                ignored = not line.startswith("!")
    return not ignored


def test_every_stage_begins_with_an_image_of_one_version() -> None:
    images = [rest.split()[0] for rest in said(INSTRUCTIONS, "FROM")]

    assert len(images) == 2
    assert all(re.fullmatch(r"python:3\.11\.\d+-slim-[a-z]+", image) for image in images)


def test_everything_that_is_copied_is_in_the_repository_and_reaches_the_builder() -> None:
    tracked = tracked_files()

    for source in sources():
        files = [name for name in tracked if name == source or name.startswith(f"{source}/")]
        assert files, source
        assert [name for name in files if not reaches_the_builder(name)] == []


def test_nothing_else_reaches_the_builder() -> None:
    strays = [
        name
        for name in tracked_files()
        if reaches_the_builder(name) and not any(name == each or name.startswith(f"{each}/") for each in sources())
    ]

    assert strays == []
    assert not reaches_the_builder("floor.toml")
    assert not reaches_the_builder(".env")
    assert not reaches_the_builder("streams/__pycache__/app.pyc")


def test_all_packages_are_in_it() -> None:
    assert set(PACKAGES) <= set(sources())


def test_packages_come_from_the_lock_with_their_hashes_as_wheels_or_from_here() -> None:
    installs = re.findall(r"pip (?:install|wheel) ([^&\n]+)", "\n".join(LINES))

    assert len(installs) == 4
    for install in installs:
        assert "--no-index" in install or ("--require-hashes" in install and "--only-binary :all:" in install)


def test_what_builds_the_wheel_is_taken_from_the_lock_of_development_with_its_hashes() -> None:
    (script,) = re.findall(r"sed -n '(.+?)' requirements/dev\.txt", TEXT)
    done = subprocess.run(
        ["sed", "-n", script, str(ROOT / "requirements" / "dev.txt")], stdout=subprocess.PIPE, text=True, check=True
    )

    digest = "    --hash=sha256:[0-9a-f]{64}"
    taken = re.findall(rf"^(\w+)==\S+ \\\n(?:{digest} \\\n)*{digest}$", done.stdout, re.MULTILINE)
    assert taken == ["cython", "setuptools"]
    assert len(re.findall("==", done.stdout)) == len(taken)


def test_the_wheel_is_compiled_where_a_compiler_is_and_stays() -> None:
    builder = " ".join(said(BUILD, "RUN"))
    assert "FLOORPULSE_COMPILE=1 /opt/builder/bin/python -m pip wheel" in builder
    assert "gcc" in builder


def test_the_last_stage_holds_the_environment_and_nothing_that_builds() -> None:
    assert said(FINAL, "COPY") == ["--from=build /opt/floorpulse /opt/floorpulse"]
    (run,) = said(FINAL, "RUN")
    assert re.findall(r"apt-get install .*?recommends (.+?) *&&", run) == ["tzdata"]
    assert "rm -rf /var/lib/apt/lists" in run
    assert "pip" not in run
    assert "pip uninstall --yes pip setuptools" in " ".join(said(BUILD, "RUN"))


def test_it_runs_as_nobody_in_particular() -> None:
    (user,) = said(FINAL, "USER")

    assert re.fullmatch(r"[1-9]\d{4}:[1-9]\d{4}", user)
    assert f"--uid {user.partition(':')[0]}" in " ".join(said(FINAL, "RUN"))


def test_its_health_is_asked_where_the_exporter_answers() -> None:
    (check,) = said(FINAL, "HEALTHCHECK")

    assert "os.environ['HEALTH_URL']" in check
    assert "HEALTH_URL=http://127.0.0.1:9464/healthz" in " ".join(said(FINAL, "ENV"))


async def health(url: str) -> int:
    """The exit code of the image's check when it asks this address."""
    (check,) = said(FINAL, "HEALTHCHECK")
    _python, *arguments = json.loads(check.partition("CMD ")[2])
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, env={"HEALTH_URL": url}, stderr=asyncio.subprocess.DEVNULL
    )
    return await process.wait()


async def test_an_exporter_that_answers_is_well_and_one_that_does_not_is_not() -> None:
    server = TestServer(Served().application())
    await server.start_server()
    url = str(server.make_url("/healthz"))

    assert await health(url) == 0
    assert await health(url.replace("healthz", "nothing")) == 1
    await server.close()
    assert await health(url) == 1


async def test_a_worker_answers_on_the_page_that_compose_asks() -> None:
    """Compose asks for /healthz of `--listen` (tests/test_compose.py); a token guards other pages only."""
    async with serving(Listen("127.0.0.1", 0, token="hush"), Site("hush")) as url:
        assert await health(f"{url}/healthz") == 0
        assert await health(f"{url}/metrics") == 1


def test_it_is_the_command() -> None:
    assert said(FINAL, "ENTRYPOINT") == ['["floorpulse"]']
    assert not any(word in TEXT.lower() for word in ("password", "secret", "token"))
