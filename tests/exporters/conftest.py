from collections.abc import AsyncIterator

import pytest

from tests.exporters.served import Client, Served


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with Served().client() as client:
        yield client
