import gzip
from pathlib import Path

import pytest

from floorpulse.cli import run

EXAMPLES = Path(__file__).parents[3] / "docs/examples/events.jsonl"


def test_good_files_give_a_summary_and_code_0(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    packed = tmp_path / "a.jsonl.gz"
    packed.write_bytes(gzip.compress(EXAMPLES.read_bytes() + b"\n \n"))
    assert run(["validate", str(EXAMPLES), str(packed)]) == 0
    assert capsys.readouterr() == ("", "26 events read, 0 break the contract\n")


def test_each_bad_line_is_named_with_its_number_field_and_what_was_expected(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    good, *_ = EXAMPLES.read_text().splitlines()
    path = tmp_path / "a.jsonl"
    path.write_text(
        "\n".join(
            (
                good,
                "",
                good.replace('"deleted":false', '"deleted":"no"'),
                good.replace('"deleted"', '"unheard_of"'),
                good[:-9],
                good.replace('"id":"a-1",', ""),
            )
        )
    )
    assert run(["validate", str(path)]) == 1
    assert capsys.readouterr() == (
        (
            f'{path}:3: data.deleted: expected true or false, got "no"\n'
            f"{path}:5: event: expected one JSON object, got malformed JSON at byte 302\n"
            f"{path}:6: id: expected a text that is not empty, got nothing\n"
        ),
        "5 events read, 3 break the contract; 1 unknown fields would be left out\n",
    )
