import signal

from floorpulse.errors import EXIT_INTERRUPTED, EXIT_PIPE, EXIT_USAGE, UserError


def test_exit_codes_are_those_a_shell_expects() -> None:
    assert EXIT_USAGE == 2
    assert EXIT_INTERRUPTED == 128 + signal.SIGINT
    assert EXIT_PIPE == 128 + signal.SIGPIPE


def test_an_error_of_a_user_is_its_text() -> None:
    assert str(UserError("floor.toml: no such file")) == "floor.toml: no such file"
