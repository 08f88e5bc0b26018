import pytest
from click.testing import CliRunner

from floorpulse.commands.play import COMMAND


def test_the_help_says_what_exporters_need_and_what_is_quiet() -> None:
    result = CliRunner().invoke(COMMAND, ["--help"])

    assert result.exit_code == 0
    said = " ".join(result.output.split())
    assert "exporters need `--clock newest`" in said
    assert "works from Monday to Friday by day and is quiet otherwise" in said


@pytest.mark.parametrize("options", [["--speed", "0"], ["--speed", "3601"], ["--seed", "x"]], ids=" ".join)
def test_an_impossible_option_is_refused(options: list[str]) -> None:
    assert CliRunner().invoke(COMMAND, options).exit_code == 2


def test_without_a_broker_it_says_so_in_a_line(unused_tcp_port: int) -> None:
    result = CliRunner().invoke(COMMAND, ["--set", f"kafka.bootstrap_servers=127.0.0.1:{unused_tcp_port}"])

    assert f"no Kafka broker answers at 127.0.0.1:{unused_tcp_port}" in str(result.exception)
