"""Files are read whole or said to be unreadable in a line."""

import gzip
import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from floorpulse.errors import UserError
from floorpulse.files import Line, reading

THREE = b'{"a":1}\n\n{"b":2}'


def read(*names: object) -> list[Line]:
    with reading([str(name) for name in names], "reading") as lines:
        return list(lines)


@pytest.fixture
def standard_input(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    receiving, sending = os.pipe()
    os.write(sending, gzip.compress(THREE))
    os.close(sending)
    with os.fdopen(receiving) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        yield


def test_plain_and_gzipped_files_and_standard_input_are_the_same_lines(tmp_path: Path, standard_input: None) -> None:
    plain, packed = tmp_path / "a.jsonl", tmp_path / "a.jsonl.gz"
    plain.write_bytes(THREE)
    packed.write_bytes(gzip.compress(THREE))
    for name in (plain, packed, "-"):
        assert read(name) == [
            Line(str(name), 1, b'{"a":1}\n'),
            Line(str(name), 2, b"\n"),
            Line(str(name), 3, b'{"b":2}'),
        ]


def test_files_are_read_one_after_the_other_and_numbered_each_from_one(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).write_bytes(b"1\n2\n")
    assert [line.number for line in read(tmp_path / "a", tmp_path / "b", tmp_path / "a")] == [1, 2] * 3


def test_a_file_may_be_a_pipe(tmp_path: Path) -> None:
    receiving, sending = os.pipe()
    os.write(sending, THREE)
    os.close(sending)
    assert len(read(f"/dev/fd/{receiving}")) == 3
    os.close(receiving)


def test_an_empty_file_has_no_lines(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    assert read(tmp_path / "a") == []


def test_many_lines_are_all_read(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"1\n" * 5_000))
    assert len(read(tmp_path / "a.gz")) == 5_000


def said(*names: object) -> str:
    with pytest.raises(UserError) as refused:
        read(*names)
    return str(refused.value)


def test_a_missing_file_is_found_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1\n")
    with (
        pytest.raises(UserError, match="nothing: no such file or directory"),
        reading([str(tmp_path / "a"), "nothing"], ""),
    ):
        pytest.fail("reading began")


def test_what_is_no_file_of_events_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert said(tmp_path) == f"{tmp_path}: is a folder, expected a file of events"
    assert said("-", "-") == "-: standard input can be read only once"
    (tmp_path / "a").touch()
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)  # tests may run as root, who may read everything
    assert said(tmp_path / "a") == f"{tmp_path / 'a'}: permission denied"


def test_a_file_that_is_gone_when_its_turn_comes_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    with reading([str(tmp_path / "a")], "") as lines:
        (tmp_path / "a").unlink()
        with pytest.raises(UserError, match="a: no such file or directory"):
            list(lines)


PACKED = gzip.compress(bytes(range(48, 120)) * 3 + b"\n", mtime=0)


@pytest.mark.parametrize("data", [PACKED[:-9], PACKED[:40] + b"\0\0" + PACKED[42:], PACKED + b"x"])
def test_a_damaged_gzip_file_is_one_line_with_the_last_good_one(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(data)
    assert said(path).startswith(f"{path}: damaged or cut off after line ")
    assert said(path).endswith(", expected a whole gzip file")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_sees_a_progress_bar_and_a_pipe_sees_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"1\n" * 5_000)
    terminal, pipe = Terminal(), io.StringIO()
    monkeypatch.setenv("TERM", "xterm")
    for stream in (terminal, pipe):
        monkeypatch.setattr(sys, "stderr", stream)
        read(tmp_path / "a")
    assert "reading" in terminal.getvalue()
    assert "/10.0 kB" in terminal.getvalue()
    assert pipe.getvalue() == ""
