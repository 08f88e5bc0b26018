"""The 32-bit MurmurHash2 of Kafka's clients; a module of its own, so that a compiler finds nothing but integers."""

from __future__ import annotations

from struct import unpack_from


def murmur2(data: bytes) -> int:
    """The hash of `data`, four bytes at a time; aiokafka's reads them one by one."""
    words = len(data) // 4
    mixed = 0x9747B28C ^ len(data)
    for word in unpack_from(f"<{words}I", data):
        word = word * 0x5BD1E995 & 0xFFFFFFFF  # noqa: PLW2901  # as the algorithm is written
        word = (word ^ word >> 24) * 0x5BD1E995 & 0xFFFFFFFF  # noqa: PLW2901
        mixed = mixed * 0x5BD1E995 & 0xFFFFFFFF ^ word
    rest = data[4 * words :]
    if rest:
        mixed = (mixed ^ int.from_bytes(rest, "little")) * 0x5BD1E995 & 0xFFFFFFFF
    mixed = (mixed ^ mixed >> 13) * 0x5BD1E995 & 0xFFFFFFFF
    return mixed ^ mixed >> 15
