from structlog.testing import capture_logs

from floorpulse.exposure import warn_of_exposure


def test_only_beyond_this_machine_and_without_a_token_there_is_a_warning() -> None:
    with capture_logs() as said:
        warn_of_exposure("127.0.0.1", "")
        warn_of_exposure("0.0.0.0", "correct-horse-battery")
        assert said == []
        warn_of_exposure("0.0.0.0", "")
    assert said == [
        {
            "event": "anybody_may_ask",
            "log_level": "warning",
            "host": "0.0.0.0",
            "remedy": "set FLOORPULSE_API_TOKEN or [api] token_file",
        }
    ]
