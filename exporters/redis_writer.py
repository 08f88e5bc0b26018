"""Write pictures of the read model to Redis: by one writer at a time, never an older one over a newer one.

    pen       who writes, `TOKEN:ROUND`; free when its holder did not write for PEN_SECONDS
    version   hash: what the newest picture was made of, changelog partition → position, and `as_of` in microseconds
    now       hash: `as_of`, `version`, and `source:NAME` → time of its newest event

Pen and version are compared in the step that writes, by one script. The round says whether this writer's last step is
the last one Redis knows: it is not after FLUSHALL, a restart from an older copy or a lost answer, and then all keys are
read again. So the difference that is written is always one to what is there.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Iterator, Mapping, Sequence
from typing import Final, Literal, NamedTuple, TypeVar, cast

from redis.asyncio import Redis

from exporters.read_model import KEYS_SECONDS, Command, Picture, Stamp, changes
from kpi_state.read.document import instant_text

PEN_SECONDS: Final = 30
"""After this long without a step of its holder another writer takes over."""
VERSION_SECONDS: Final = 60
"""After this long without a step of anybody an older version is accepted: the changelogs were made anew."""
STREAM_SECONDS: Final = 7 * 86_400
"""The stream is gone after this long without a writer."""
STEP_COMMANDS: Final = 1_000
"""So many are applied or asked for at once: Redis serves others every few milliseconds."""

Outcome = Literal["written", "other", "behind", "lost"]
"""Written; or refused: another writer has the pen, Redis holds a newer picture, it is not as this writer left it."""

_STEP: Final = """
local token, round, next_round = ARGV[1], ARGV[2], ARGV[3]
local holder = redis.call('GET', KEYS[1])
if holder and string.sub(holder, 1, #token + 1) ~= token .. ':' then return 'other' end
local given = cjson.decode(ARGV[6])
local known = redis.call('HGETALL', KEYS[2])
for i = 1, #known, 2 do
  local position = given[known[i]]
  if not position or tonumber(position) < tonumber(known[i + 1]) then return 'behind' end
end
if round ~= '' and holder ~= token .. ':' .. round then return 'lost' end
redis.call('SET', KEYS[1], token .. ':' .. next_round, 'EX', ARGV[4])
for name, position in pairs(given) do redis.call('HSET', KEYS[2], name, position) end
redis.call('EXPIRE', KEYS[2], ARGV[5])
for _, command in ipairs(cjson.decode(ARGV[7])) do redis.call(unpack(command)) end
return 'written'
"""
"""KEYS: pen, version. ARGV: token, round or nothing to take the pen, next round, seconds of both, version, commands."""


class Version(NamedTuple):
    """What a picture was made of.

    Newer is what has no smaller number: of two followers of the same changelogs neither may be, then the later writer
    waits until it has followed as far as the other in every partition. `as_of` is in microseconds.
    """

    positions: Mapping[str, int]
    as_of: int

    def stamp(self) -> Stamp:
        """One number that grows with the positions."""
        return Stamp(sum(self.positions.values()), self.as_of)


class Writer:
    """Keeps the keys that begin with `prefix` equal to the pictures it is given; `token` is unique among writers."""

    def __init__(self, redis: Redis, prefix: str, token: str) -> None:
        self._redis, self._prefix, self._token = redis, prefix, token
        self._step = redis.register_script(_STEP)
        self._round = 0
        self._known: Picture | None = None
        """What Redis holds as long as this writer has the pen; None where that is not known."""
        self.commands = 0
        """Of the last picture, those that changed something."""

    def forget(self) -> None:
        """Read all keys again before the next picture is written."""
        self._known = None

    async def has_turn(self) -> bool:
        """Whether no other writer has the pen."""
        holder = await cast("Awaitable[str | None]", self._redis.get(f"{self._prefix}pen"))
        return holder is None or holder.startswith(f"{self._token}:")

    async def write(self, new: Picture, version: Version, newest: Mapping[str, int]) -> Outcome:
        """Make Redis hold a picture; `newest` has the time of the newest event of each source, in microseconds.

        Raises what the client raises; what of the picture was written is not known then.
        """
        self.commands = 0
        known, self._known = self._known, None
        if known is not None and (outcome := await self._write(known, new, version, newest)) != "lost":
            return outcome
        if (outcome := await self._apply((), version, taking=True)) != "written":
            return outcome
        known = await self._read(new.names())
        await self._keep_alive(known.names() & new.names())
        return await self._write(known, new, version, newest)

    async def _write(self, known: Picture, new: Picture, version: Version, newest: Mapping[str, int]) -> Outcome:
        """Write the difference step by step, and last what says how new it is."""
        stamp = version.stamp()
        commands = await asyncio.to_thread(lambda: list(changes(known, new, self._prefix, stamp)))
        self.commands = len(commands)
        for step in (*_several(commands), list(self._state(stamp, newest))):
            if (outcome := await self._apply(step, version)) != "written":
                return outcome
        self._known = new
        return "written"

    def _state(self, stamp: Stamp, newest: Mapping[str, int]) -> Iterator[Command]:
        now = f"{self._prefix}now"
        yield "DEL", now
        yield "HSET", now, "as_of", instant_text(stamp.as_of), "version", str(stamp.version)
        for source, time in newest.items():
            yield "HSET", now, f"source:{source}", instant_text(time)
        yield "EXPIRE", now, str(KEYS_SECONDS)
        yield "EXPIRE", f"{self._prefix}keys", str(KEYS_SECONDS)
        yield "EXPIRE", f"{self._prefix}changes", str(STREAM_SECONDS)

    async def _apply(self, commands: Sequence[Command], version: Version, *, taking: bool = False) -> Outcome:
        """One step: compare pen and version, and apply all commands or none."""
        before, self._round = self._round, self._round + 1
        positions = {**version.positions, "as_of": version.as_of}
        answer = await self._step(
            keys=[f"{self._prefix}pen", f"{self._prefix}version"],
            args=[
                self._token,
                "" if taking else before,
                self._round,
                PEN_SECONDS,
                VERSION_SECONDS,
                json.dumps({name: str(position) for name, position in positions.items()}),
                json.dumps(commands),
            ],
        )
        return cast("Outcome", answer)

    async def _read(self, names: set[str]) -> Picture:
        """What Redis holds of these keys and of those it says to hold."""
        listed = await cast("Awaitable[set[str]]", self._redis.smembers(f"{self._prefix}keys"))
        hashes: dict[str, dict[str, str]] = {}
        boards: dict[str, dict[str, float]] = {}
        for some in _several(sorted(names | listed)):
            async with self._redis.pipeline(transaction=False) as pipeline:
                for name in some:
                    if name.startswith("board:"):
                        pipeline.zrange(self._prefix + name, 0, -1, withscores=True)
                    else:
                        pipeline.hgetall(self._prefix + name)
                for name, held in zip(some, await pipeline.execute(), strict=True):
                    if held and name.startswith("board:"):
                        boards[name] = {member: float(score) for member, score in held}
                    elif held:
                        hashes[name] = held
        return Picture(hashes, boards)

    async def _keep_alive(self, names: set[str]) -> None:
        """Put off the end of what is still current."""
        for some in _several(sorted(names)):
            async with self._redis.pipeline(transaction=False) as pipeline:
                for name in some:
                    pipeline.expire(self._prefix + name, KEYS_SECONDS)
                await pipeline.execute()


Each = TypeVar("Each")


def _several(all_of_them: Sequence[Each]) -> Iterator[Sequence[Each]]:
    """As many at a time as Redis gets at once."""
    for begin in range(0, len(all_of_them), STEP_COMMANDS):
        yield all_of_them[begin : begin + STEP_COMMANDS]
