"""Rules of the house that no linter knows."""

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.abilities import NEEDS

ROOT = Path(__file__).resolve().parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PACKAGES = ("kpi_state", "streams", "exporters", "floorpulse")

# Written in pieces, since this file is searched too.
HOSTS = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("repo1", "maven", "org"),
        ("repo", "maven", "apache", "org"),
        ("npmjs", "org"),
        ("deb", "debian", "org"),
        ("crates", "io"),
        ("golang", "org"),
    )
]
WORDS = [
    "".join(parts)
    for parts in (
        ("clau", "de"),
        ("anth", "ropic"),
        ("open", "ai"),
        ("chat", "gpt"),
        ("language", " model"),
        ("ai", " session"),
        ("ai", "-generated"),
        ("sub", "agent"),
        ("/work", "/"),
        ("tmp/", "brief"),
        ("shared", "/design"),
        ("shared", "/proof"),
        ("shared", "/research"),
    )
]

# Modules without a test file of their own name, and where they are tested instead.
TESTED_ELSEWHERE: dict[str, str] = {
    "floorpulse/__main__.py": "tests/floorpulse/test_cli.py runs it",
    "floorpulse/commands/topics.py": "tests/streams/test_stream.py runs it on a real broker",
    "streams/agents.py": "nothing but Faust calls it: tests/streams/test_stream.py",
}


def tracked_files() -> list[str]:
    """Paths from the root of what is in the repository; without git, of everything that nothing here makes."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        made = re.compile(r"^(\.(?!ci/|editorconfig|git[ai])|var/|build/|dist/|[^/]*\.egg-info/)|__pycache__")
        names = (str(path.relative_to(ROOT)) for path in ROOT.rglob("*") if path.is_file())
        return [name for name in names if not made.search(name)]
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    return [name for name in listing.split("\0") if name and (ROOT / name).is_file()]


def tracked_texts() -> Iterator[tuple[str, str]]:
    for name in tracked_files():
        try:
            yield name, (ROOT / name).read_text("utf-8")
        except UnicodeDecodeError:  # a picture or an archive
            continue


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))


def locked(name: str) -> dict[str, str]:
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    return dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", text, re.MULTILINE))


def test_no_file_names_a_package_registry_or_where_it_was_written() -> None:
    unwanted = re.compile("|".join(rf"(?<![a-z]){re.escape(word)}(?![a-z])" for word in HOSTS + WORDS), re.IGNORECASE)

    found = [f"{name}: {match[0]}" for name, text in tracked_texts() for match in unwanted.finditer(text)]

    assert found == []


def test_every_module_has_a_test_file_of_its_name() -> None:
    modules = [name for name in tracked_files() if name.startswith(PACKAGES) and name.endswith(".py")]
    without = {
        name
        for name in modules
        if not name.endswith("__init__.py")
        and not (ROOT / "tests" / Path(name).with_name(f"test_{Path(name).name}")).is_file()
    }

    assert without == set(TESTED_ELSEWHERE)


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_every_make_command_a_page_names_exists(page: str) -> None:
    named = set(re.findall(r"(?:`|^ *)make ([a-z-]+)", (ROOT / page).read_text(), re.MULTILINE))

    assert named
    assert named <= make_targets()


def test_every_link_to_a_file_leads_to_one() -> None:
    broken = [
        f"{name}: {target}"
        for name, text in tracked_texts()
        if name.endswith(".md")
        for target in re.findall(r"\]\((?!https?://|#)([^)#\s]+)", text)
        if not (ROOT / name).parent.joinpath(target).exists()
    ]

    assert broken == []


@pytest.mark.parametrize("name", ["dev", "demo", "run"])
def test_every_locked_package_has_a_hash(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text()

    unhashed = [entry.split()[0] for entry in re.split(r"\n(?=[a-z])", text)[1:] if "--hash=sha256:" not in entry]

    assert locked(name)
    assert unhashed == []


def test_the_lock_files_agree_on_versions() -> None:
    everything = locked("dev").items()

    assert locked("run").items() < locked("demo").items() < everything


def test_every_dependency_is_locked() -> None:
    project = PYPROJECT["project"]
    asked = [*project["dependencies"], *(line for extra in project["optional-dependencies"].values() for line in extra)]

    missing = {re.split(r"[^a-z0-9-]", line)[0] for line in asked} - set(locked("dev"))

    assert missing == set()


def test_every_module_of_the_core_is_on_the_write_side_or_reads() -> None:
    contract = next(each for each in PYPROJECT["tool"]["importlinter"]["contracts"] if each["id"] == "write-side")
    core = {
        path.stem for path in (ROOT / "kpi_state").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }

    assert core - {"__init__"} == {name.removeprefix("kpi_state.") for name in contract["source_modules"]} - {
        "streams"
    } | {
        "read",
        "replay",
        "explain",
    }


def test_every_marker_says_what_it_needs() -> None:
    assert {line.split(":")[0] for line in PYPROJECT["tool"]["pytest"]["markers"]} == set(NEEDS)


def test_the_wheel_holds_the_packages_and_the_command(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    copy = tmp_path / "source"
    for name in tracked_files():
        if name.startswith((*PACKAGES, "pyproject.toml", "setup.py", "README.md", "LICENSE")):
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_bytes((ROOT / name).read_bytes())

    subprocess.run([*command, "--wheel-dir", str(tmp_path), str(copy)], check=True)

    (wheel,) = tmp_path.glob("*.whl")
    assert wheel.name.endswith("-py3-none-any.whl")  # it is compiled only when asked: tests/scripts/test_compile.py
    names = set(zipfile.ZipFile(wheel).namelist())
    packaged = {name for name in tracked_files() if name.startswith(PACKAGES)}
    (entry_points,) = (name for name in names if name.endswith("entry_points.txt"))
    assert packaged <= names
    assert not any(name.startswith(("tests/", "scripts/")) for name in names)
    assert "floorpulse = floorpulse.cli:main" in zipfile.ZipFile(wheel).read(entry_points).decode()
