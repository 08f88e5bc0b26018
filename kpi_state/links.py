"""Links: what one entity says about another.

A source row raises its `rev` whenever its links change and sends the changed ones with it; the target keeps, per
relation and source, the link of the highest rev. Links so converge in any order and repetition. Ordering them by
event time instead diverges (a statement with an older time may arrive later and change what the link says), and so
does merging them field by field. Retracted links stay, with their rev, so that a late repetition cannot bring them
back.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import msgspec

from kpi_state.rows import Inbox, Link

# Relations, by what the source says; short because every link is stored with one.
TOUCH: Final = "t"
"""A touch fills its slot, a call that names nobody its number; a slot tells contacts and leads its earliest touch."""
REACHED: Final = "n"
"""A number's first touch while a contact held it."""
CLAIM: Final = "h"
"""When a contact held a number: [[from, until or None], …] in microseconds."""
LEAD: Final = "l"
"""A lead tells its contact: [ever qualified, its own first touch or None]."""
OPPORTUNITY: Final = "o"
"""An opportunity tells its lead: [outcome, time]."""
ACCEPTED: Final = "a"
"""An accepted appointment tells its lead."""
CONTRACT: Final = "k"
"""A contract tells the opportunity that it names, or its account."""
DEAL: Final = "d"
"""A won opportunity that no contract names tells its account."""
PURCHASE: Final = "p"
"""A purchase tells its account."""
REFERRED: Final = "r"
"""A lead tells the account that referred it: [created_at, first owner]."""
MERGE: Final = "m"
"""A loser tells its winner: {origin: [path, payload]}."""
OWNER: Final = "w"
"""The survivor of merged accounts tells each of them [owner, size, region]."""
CUSTOMER: Final = "c"
"""An opportunity tells its account that it is about it."""
PROFILE: Final = "i"
"""An account tells its opportunities [size, region]."""
FIRST: Final = "f"
"""A contact tells its leads, and the survivor of merged ones each of them, the instant of its first touch."""
DIALLED: Final = "e"
"""An outbound call tells when it was, to the dial that it is one of."""


class Address(msgspec.Struct, frozen=True, gc=False):
    """Where a link goes."""

    kind: str
    subject: str
    relation: str


Links = dict[Address, Any]
"""What an entity says at present."""


class LinkRecord(msgspec.Struct, frozen=True, array_like=True, gc=False, forbid_unknown_fields=True):
    """A record of `kpi.links`."""

    kind: str
    subject: str
    relation: str
    source: str
    rev: int
    value: Any


_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(LinkRecord).decode


def encode_link(record: LinkRecord) -> bytes:
    """The value of a record of `kpi.links`."""
    return _pack(record)


def decode_link(value: bytes) -> LinkRecord:
    """The inverse of `encode_link`; raises msgspec.MsgspecError."""
    return _unpack(value)


def supersedes(old: Link | None, rev: int) -> bool:
    """Whether a link of this rev replaces what the target keeps."""
    return old is None or rev > old[0]


def receive(inbox: Inbox, source: str, rev: int, value: Any) -> bool:
    """Keep a link if it is newer. True when what stands changed; a mere higher rev is kept silently."""
    old = inbox.get(source)
    if not supersedes(old, rev):
        return False
    inbox[source] = (rev, value)
    return bool(value != (None if old is None else old[1]))


def routing_key(kind: str, subject: str) -> str:
    """What decides the partition of an entity: a slot and a dial live with their party, everything else with itself."""
    if kind == "slot":
        return slot_party(subject)
    return dial_number(subject) if kind == "dial" else subject


def slot_subject(rep: str, party: str, channel: str, hour: int) -> str:
    """The id of a slot; `party` begins with a letter that says what it is (n number, c contact, l lead, t the touch
    itself).
    """
    return f"{channel}|{hour}|{len(rep)}|{rep}{party}"


class Slot(NamedTuple):
    """What the id of a slot says."""

    rep: str
    party: str
    channel: str
    hour: int


def parse_slot(subject: str) -> Slot:
    """The inverse of `slot_subject`."""
    channel, hour, length, rest = subject.split("|", 3)
    n = int(length)
    return Slot(rest[:n], rest[n:], channel, int(hour))


def slot_actor(subject: str) -> tuple[str, str]:
    """The rep and the channel of a slot."""
    channel, _, length, rest = subject.split("|", 3)
    return rest[: int(length)], channel


def dial_subject(rep: str, number: str, day: int) -> str:
    """The id of a dial: a rep, a number and a day of UTC (days since 1970)."""
    return f"{day}|{len(rep)}|{rep}{number}"


def dial_rep(subject: str) -> str:
    """The rep of a dial."""
    _, length, rest = subject.split("|", 2)
    return rest[: int(length)]


def dial_number(subject: str) -> str:
    """The number of a dial."""
    _, length, rest = subject.split("|", 2)
    return rest[int(length) :]


def slot_party(subject: str) -> str:
    """The party of a slot without its letter."""
    _, _, length, rest = subject.split("|", 3)
    return rest[int(length) + 1 :]
