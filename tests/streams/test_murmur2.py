import pytest
from aiokafka import partitioner

from streams.murmur2 import murmur2


@pytest.mark.parametrize("length", [*range(50), 127, 128, 129, 1000, 1003])
def test_a_key_of_any_length_is_hashed_as_aiokafka_hashes_it(length: int) -> None:
    for first in (0, 97, 255):
        key = bytes((first + 37 * at) % 256 for at in range(length))
        assert murmur2(key) == int(partitioner.murmur2(key)) & 0xFFFFFFFF
