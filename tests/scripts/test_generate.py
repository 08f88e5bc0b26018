from pathlib import Path

import pytest

from scripts import generate


def test_the_committed_files_are_what_the_code_says() -> None:
    assert generate.differing(generate.ROOT) == [], "run `python -m scripts.generate` and commit the result"


def test_every_schema_in_the_repository_is_generated() -> None:
    there = {str(path.relative_to(generate.ROOT)) for path in (generate.ROOT / "docs/schemas").iterdir()}
    assert there == {path for path in generate.generated() if path.startswith("docs/schemas/")}


def test_check_names_a_file_that_differs_and_the_remedy_and_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert generate.main([], tmp_path) == 0
    (tmp_path / "docs/events.md").write_text("old")
    (tmp_path / "floor.example.toml").unlink()
    capsys.readouterr()
    assert generate.main(["--check"], tmp_path) == 1
    said = capsys.readouterr().err.splitlines()
    assert sorted(line.split()[0] for line in said) == ["docs/events.md", "floor.example.toml"]
    assert all("run `python -m scripts.generate`" in line for line in said)
    assert (tmp_path / "docs/events.md").read_text() == "old"


def test_generating_writes_what_differs_and_then_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    generate.main([], tmp_path)
    assert len(capsys.readouterr().out.splitlines()) == len(generate.generated())
    generate.main([], tmp_path)
    assert capsys.readouterr().out == ""
    assert generate.main(["--check"], tmp_path) == 0
