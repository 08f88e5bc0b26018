"""The 32-bit MurmurHash2 of Kafka's clients; a module of its own, so that a compiler finds nothing but integers."""

from __future__ import annotations

from struct import Struct, unpack_from
from typing import Final

SHORT: Final = 32
"""Words of four bytes; a key of fewer, which most are, needs no format of its own."""
_WORDS: Final = tuple(Struct(f"<{words}I").unpack_from for words in range(SHORT))


def murmur2(data: bytes) -> int:
    """The hash of `data`, four bytes at a time; aiokafka's reads them one by one."""
    bits32, factor = 0xFFFFFFFF, 0x5BD1E995
    length = len(data)
    words = length >> 2
    mixed = 0x9747B28C
    mixed ^= length
    for word in _WORDS[words](data) if words < SHORT else unpack_from(f"<{words}I", data):
        word = word * factor & bits32  # noqa: PLW2901  # as the algorithm is written
        word = (word ^ word >> 24) * factor & bits32  # noqa: PLW2901
        mixed = mixed * factor & bits32 ^ word
    if length & 3:
        rest = int.from_bytes(data[4 * words :], "little")
        mixed = (mixed ^ rest) * factor & bits32
    mixed = (mixed ^ mixed >> 13) * factor & bits32
    return mixed ^ mixed >> 15
