import gzip
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from floorpulse.cli import run
from tests.brokers import ROOT
from tests.streams.floor import Floor, floor, until

EXAMPLES = ROOT / "docs/examples/events.jsonl"


@pytest.fixture
async def stream(kafka: str, tmp_path: Path) -> AsyncIterator[Floor]:
    async with floor(kafka, tmp_path) as made:
        yield made


async def values(stream: Floor) -> list[bytes]:
    """What the inputs hold, sorted."""
    names = [stream.settings.topic(name) for name in ("crm.events", "telephony.events", "hr.events")]
    found = await stream.records(*names)
    return sorted(
        record.value for partitions in found.values() for records in partitions.values() for record in records
    )


@pytest.mark.kafka
async def test_good_lines_are_sent_bad_ones_listed_and_the_exit_code_says_so(stream: Floor, tmp_path: Path) -> None:
    good = EXAMPLES.read_bytes().splitlines()
    packed = tmp_path / "a.jsonl.gz"
    packed.write_bytes(gzip.compress(b'{"a": 1}\n\n' + EXAMPLES.read_bytes()))

    sent = stream.run("produce", str(packed))
    again = stream.run("produce", str(EXAMPLES))

    assert (sent.returncode, again.returncode) == (1, 0)
    assert sent.stdout.startswith(f"{packed}:1: type: expected one of crm.account.v1, ")
    assert len(sent.stdout.splitlines()) == 1
    assert sent.stderr == (
        "13 events sent: 9 to crm.events, 3 to hr.events, 1 to telephony.events; "
        "1 break the contract and were not sent\n"
    )
    assert again.stdout == ""
    assert await values(stream) == sorted(good * 2)


@pytest.mark.kafka
async def test_raw_sends_what_breaks_the_contract_too(stream: Floor, tmp_path: Path) -> None:
    lines = tmp_path / "a.jsonl"
    lines.write_bytes(b'{"type": "hr.rep.v1", "subject": "x"}\nnothing\n')

    sent = stream.run("produce", "--raw", str(lines))

    assert (sent.returncode, sent.stdout) == (0, "")
    assert sent.stderr == "2 events sent: 1 to crm.events, 1 to hr.events\n"
    assert await values(stream) == [b"nothing", b'{"type": "hr.rep.v1", "subject": "x"}']


async def interrupted(stream: Floor, folder: Path, number: int, *options: str) -> tuple[int, str]:
    """Exit code and words of the command when Ctrl-C comes once inputs hold so many of the examples from a pipe."""
    said = folder / "said"
    with (
        said.open("wb") as err,
        subprocess.Popen(  # noqa: ASYNC220
            [sys.executable, "-m", "floorpulse", "produce", *options, "-"],
            cwd=ROOT,
            env=stream.environment(),
            stdin=subprocess.PIPE,
            stderr=err,
        ) as process,
    ):
        assert process.stdin is not None
        process.stdin.write(EXAMPLES.read_bytes())
        process.stdin.flush()
        for _ in range(1_000):
            if len(await values(stream)) >= number:
                break
        process.send_signal(signal.SIGINT)
        await until(lambda: process.poll() is not None, said.read_text)
    return process.returncode, said.read_text()


@pytest.mark.kafka
async def test_a_pipe_is_sent_as_it_comes_and_ctrl_c_says_how_far_it_came(stream: Floor, tmp_path: Path) -> None:
    code, said = await interrupted(stream, tmp_path, 13)

    assert len(await values(stream)) == 13
    assert code == 130
    assert said.startswith("stopped early: ")


@pytest.mark.kafka
async def test_a_rate_holds_back_what_is_not_due(stream: Floor, tmp_path: Path) -> None:
    code, _ = await interrupted(stream, tmp_path, 1, "--rate", "0.001/s")

    assert await values(stream) == EXAMPLES.read_bytes().splitlines()[:1]
    assert code == 130


@pytest.mark.kafka
async def test_without_its_topics_it_names_the_command_that_makes_them(kafka: str, tmp_path: Path) -> None:
    refused = Floor(kafka, tmp_path).run("produce", str(EXAMPLES))

    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith("missing topics t")
    assert refused.stderr.endswith(": run `floorpulse topics`\n")
    assert len(refused.stderr.splitlines()) == 1


def test_a_file_that_is_not_there_and_a_wrong_rate_are_one_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["produce", str(EXAMPLES), "--rate", "fast"]) == 2
    assert capsys.readouterr().err == (
        "floorpulse produce: Invalid value for '--rate': expected a number a second such as 500 or 500/s, got fast. "
        "See floorpulse produce --help.\n"
    )
