import logging
import os
import signal
from collections.abc import Iterator

import hypothesis
import pytest
import structlog

from tests.abilities import NEEDS, everything_required, lacking
from tests.brokers import cluster, embedded, kafka
from tests.compiled_core import compiled_core
from tests.redis_servers import redis_server

# A shell starts its background jobs with Ctrl-C ignored, and programs inherit that: those under test must heed it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

__all__ = ["cluster", "compiled_core", "embedded", "kafka", "redis_server"]  # what any test may ask for

# `make test` must say the same twice in a row, so it draws the same examples; `make soak` looks for new ones.
# No deadline: a slow machine is not a wrong program.
hypothesis.settings.register_profile("same", derandomize=True, deadline=None, print_blob=True)
hypothesis.settings.register_profile("soak", deadline=None, print_blob=True, max_examples=2_000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    """Commands set up logging for their process; a test that runs one in ours must not change the next test's."""
    root = logging.getLogger()
    loggers = [root, *(each for each in root.manager.loggerDict.values() if isinstance(each, logging.Logger))]
    levels = [(logger, logger.level) for logger in loggers]
    handlers = root.handlers[:]
    yield
    for logger, level in levels:
        logger.setLevel(level)
    root.handlers[:] = handlers
    structlog.reset_defaults()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    reasons = {marker: lacking(marker) for marker in NEEDS}
    for item in items:
        for marker, reason in reasons.items():
            if reason and item.get_closest_marker(marker):
                if everything_required():
                    raise pytest.UsageError(f"{item.nodeid} cannot run here: {reason}")
                item.add_marker(pytest.mark.skip(reason=reason))
