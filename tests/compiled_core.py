"""The core compiled for tests: fixture `compiled_core`, built once in a session, for whoever asks first."""

from pathlib import Path

import pytest

from scripts.compile import compiled


@pytest.fixture(scope="session")
def compiled_core(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder to run it from; to be read, not written."""
    return compiled(tmp_path_factory.mktemp("compiled") / "core")
