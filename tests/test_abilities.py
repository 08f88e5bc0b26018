from collections.abc import Mapping
from pathlib import Path

import pytest

from tests import abilities
from tests.abilities import Need, everything_required, lacking, report


@pytest.fixture
def needs(monkeypatch: pytest.MonkeyPatch) -> Mapping[str, Need]:
    made = {
        "there": Need("tests on what is there", "nothing", lambda: ""),
        "gone": Need("tests on what is gone", "install it", lambda: "no such thing"),
        "lost": Need("tests on what is lost", "find it", lambda: "no trace"),
    }
    monkeypatch.setattr(abilities, "NEEDS", made)
    monkeypatch.delenv("FLOORPULSE_REQUIRE_ALL", raising=False)
    return made


def test_where_nothing_is_missing_everything_was_run(needs: Mapping[str, Need]) -> None:
    assert lacking("there") == ""
    assert report(["there"]) == ("Everything was run.", 0)


def test_what_could_not_be_run_is_said_in_one_line_with_the_remedy(needs: Mapping[str, Need]) -> None:
    line, code = report(list(needs))

    assert line == (
        "Not run: tests on what is gone (no such thing: install it); tests on what is lost (no trace: find it)."
    )
    assert code == 0


def test_where_everything_is_required_leaving_something_out_is_a_failure(
    needs: Mapping[str, Need], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLOORPULSE_REQUIRE_ALL", "1")

    assert everything_required()
    assert report(["gone"])[1] == 1
    assert report(["there"])[1] == 0


def test_two_markers_that_lack_the_same_are_said_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _tool: None)

    line, _ = report(["kafka", "cluster"])

    assert line.startswith("Not run: tests on Apache Kafka and tests on three Kafka brokers (no java and no mvn: ")


def test_a_compiler_without_the_headers_of_python_compiles_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("shutil.which", lambda tool: f"/usr/bin/{tool}")
    monkeypatch.setattr("sysconfig.get_path", lambda _name: str(tmp_path))

    assert lacking("compiler") == (
        "tests of the compiled core (no Python.h: apt-get install gcc python3-dev, and make)"
    )

    (tmp_path / "Python.h").touch()
    assert lacking("compiler") == ""


@pytest.mark.parametrize(("value", "required"), [("", False), ("0", False), ("1", True), ("yes", True)])
def test_everything_is_required_only_when_said(value: str, required: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLOORPULSE_REQUIRE_ALL", value)

    assert everything_required() is required
