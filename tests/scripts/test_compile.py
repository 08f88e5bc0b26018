"""The compiled core is the interpreted one: same tests, same bytes."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scripts.compile import ROOT, compiled

pytestmark = pytest.mark.compiler

DECLARED = sorted(str(path.relative_to(ROOT).with_suffix("")) for path in ROOT.glob("[kse]*/**/*.pxd"))
TESTS = {
    "writing": (
        *sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests" / "kpi_state").glob("test_*.py")),
        "tests/kpi_state/entities",
        "tests/streams/test_work.py",
        "tests/streams/test_routing.py",
        "tests/streams/test_murmur2.py",
    ),
    "stories": ("tests/traps", "tests/soups/test_convergence.py"),
    "reading": (
        "tests/kpi_state/explain",
        "tests/kpi_state/read",
        *(f"tests/exporters/test_{name}.py" for name in ("numbers", "page", "sheet", "shown")),
    ),
}
"""Of whoever calls what is compiled."""


def ran(*arguments: str, path: str) -> str:
    done = subprocess.run(
        (sys.executable, "-P", *arguments),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
        timeout=280,
    )
    assert done.returncode == 0, done.stdout[-6000:]
    return done.stdout


def told(*folders: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(ran("tests/scripts/told_rows.py", path=":".join(map(str, (*folders, ROOT)))))
    return found


def test_every_module_that_declares_its_types_is_compiled_and_no_other(compiled_core: Path) -> None:
    found = compiled_core.glob("[kse]*/**/*.so")
    libraries = {str(path.relative_to(compiled_core)).partition(".")[0] for path in found}
    assert sorted(libraries) == DECLARED
    assert len(DECLARED) > 20


def test_compiled_and_interpreted_write_and_send_the_same_bytes(compiled_core: Path) -> None:
    interpreted, native = told(), told(compiled_core)
    assert (interpreted.pop("interpreted"), native.pop("interpreted")) == (True, False)
    assert native == interpreted
    assert min(native["rows"], native["links"], native["refused"]) > 0


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("kept")

    with pytest.raises(RuntimeError, match="something else"):
        compiled(tmp_path)

    assert (tmp_path / "mine").read_text() == "kept"


def test_nothing_in_the_place_of_a_row_is_an_error_and_no_crash(compiled_core: Path) -> None:
    tried = "from kpi_state.rows import encode_row\ntry: encode_row('lead', None)\nexcept AttributeError: print('no')"
    assert ran("-c", tried, path=str(compiled_core)) == "no\n"


def test_the_command_says_which_one_it_runs(compiled_core: Path) -> None:
    assert "(compiled)" in ran("-m", "floorpulse", "--version", path=str(compiled_core))
    assert "(interpreted)" in ran("-m", "floorpulse", "--version", path=str(ROOT))


@pytest.mark.parametrize("part", TESTS)
def test_the_tests_of_the_core_hold_compiled(compiled_core: Path, part: str) -> None:
    said = ran(
        *("-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", f"pythonpath={compiled_core} .", *TESTS[part]),
        path=str(compiled_core),
    )
    assert " passed" in said
