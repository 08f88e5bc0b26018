"""What an event of each type may say about its subject: the vocabulary of the contract, one Struct per type.

A field that is absent is unchanged (`UNSET`), one that is `None` is cleared. The order of the fields is part of the
stored state (rows keep a field's index): new fields are added at the end, none is ever removed or moved.
"""

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

LARGEST = 2**53 - 1
"""Whole numbers lie between minus LARGEST and LARGEST: what every JSON library reads exactly (RFC 7493)."""

Name = Annotated[str, Meta(min_length=1)]
Text = str | UnsetType | None
Texts = list[str] | UnsetType | None
Flag = bool | UnsetType | None
Instant = Annotated[datetime, Meta(tz=True)]
Time = Instant | UnsetType | None
Day = date | UnsetType | None
Whole = Annotated[int, Meta(ge=-LARGEST, le=LARGEST)] | UnsetType | None
Small = Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)] | UnsetType | None
Number = float | UnsetType | None
Shares = dict[str, float] | UnsetType | None
Ids = dict[str, str] | UnsetType | None
Outcome = Literal["open", "won", "lost"] | UnsetType | None
Direction = Literal["inbound", "outbound"] | UnsetType | None

# Said in the same words wherever they occur.
Deleted = Annotated[Flag, Meta(description="true retracts everything the subject contributed, false restores it")]
MergedInto = Annotated[Text, Meta(description="the subject of its type that this one was folded into; null undoes it")]
Owner = Annotated[Text, Meta(description="the rep who owns it: an id of the roster or of the source system")]
Currency = Annotated[Text, Meta(description="ISO 4217 code of the amount beside it")]
Product = Annotated[Text, Meta(description="what was sold, as text")]
Region = Annotated[Text, Meta(description="where, as text")]


class Data(Struct, frozen=True, gc=False):
    """The facts of one event; every field may be left out."""


class Account(Data, frozen=True, gc=False):
    """A customer or a prospect company."""

    owner_id: Owner = UNSET
    name: Annotated[Text, Meta(description="what people call it")] = UNSET
    size: Annotated[Text, Meta(description="size class, as text")] = UNSET
    region: Region = UNSET
    merged_into: MergedInto = UNSET
    deleted: Deleted = UNSET


class Contact(Data, frozen=True, gc=False):
    """A person who can be called or written to."""

    owner_id: Owner = UNSET
    account_id: Annotated[Text, Meta(description="the account the person belongs to")] = UNSET
    phones: Annotated[Texts, Meta(description="the numbers held from now on, E.164; other texts are kept")] = UNSET
    emails: Annotated[Texts, Meta(description="e-mail addresses")] = UNSET
    created_at: Annotated[Time, Meta(description="when the contact was created")] = UNSET
    merged_into: MergedInto = UNSET
    deleted: Deleted = UNSET


class Lead(Data, frozen=True, gc=False):
    """A chance of business that somebody works on."""

    owner_id: Owner = UNSET
    status: Annotated[
        Literal["new", "working", "qualified", "disqualified", "converted"] | UnsetType | None,
        Meta(description="how far it came"),
    ] = UNSET
    generated_by: Annotated[
        Literal["marketing", "sales"] | UnsetType | None,
        Meta(description="who generated it: marketing (inbound) or sales (outbound)"),
    ] = UNSET
    origin: Annotated[Text, Meta(description="campaign, list, fair, …, as text")] = UNSET
    created_at: Annotated[Time, Meta(description="when the lead was created: the bucket of most lead KPIs")] = UNSET
    contact_id: Annotated[Text, Meta(description="the contact behind it")] = UNSET
    account_id: Annotated[Text, Meta(description="the account behind it")] = UNSET
    referrer_account_id: Annotated[Text, Meta(description="the account that recommended us")] = UNSET
    outcome: Annotated[Outcome, Meta(description="how it ended; a won opportunity wins its lead too")] = UNSET
    closed_at: Annotated[Time, Meta(description="when it was won, lost or disqualified; else the statement's time")] = (
        UNSET
    )
    disqualified_reason: Annotated[Text, Meta(description="why it was disqualified, as text")] = UNSET
    merged_into: MergedInto = UNSET
    deleted: Deleted = UNSET


class Appointment(Data, frozen=True, gc=False):
    """A meeting that one rep set for another, who accepts or rejects it."""

    lead_id: Annotated[Text, Meta(description="the lead it is about")] = UNSET
    set_by: Annotated[Text, Meta(description="the rep who set it")] = UNSET
    handed_to: Annotated[Text, Meta(description="the rep who shall take it")] = UNSET
    set_at: Annotated[Time, Meta(description="when it was set: pending ones age from here")] = UNSET
    verdict: Annotated[
        Literal["pending", "accepted", "rejected"] | UnsetType | None, Meta(description="what the receiver said")
    ] = UNSET
    verdict_at: Annotated[Time, Meta(description="when; else the time of the statement")] = UNSET
    reason: Annotated[Text, Meta(description="why it was rejected, as text")] = UNSET
    deleted: Deleted = UNSET


class Opportunity(Data, frozen=True, gc=False):
    """A deal under negotiation."""

    owner_id: Owner = UNSET
    lead_id: Annotated[Text, Meta(description="the lead it came from")] = UNSET
    account_id: Annotated[Text, Meta(description="the account it is with")] = UNSET
    stage: Annotated[Text, Meta(description="pipeline stage, as text")] = UNSET
    amount_minor: Annotated[Whole, Meta(description="value in the currency's minor unit")] = UNSET
    currency: Currency = UNSET
    term_months: Annotated[Small, Meta(description="over how many months the amount runs")] = UNSET
    created_at: Annotated[Time, Meta(description="when it was opened")] = UNSET
    closed_at: Annotated[Time, Meta(description="when it was won or lost; else the time of the statement")] = UNSET
    outcome: Annotated[Outcome, Meta(description="how it ended")] = UNSET
    product: Product = UNSET
    region: Region = UNSET
    splits: Annotated[Shares, Meta(description="who shares the credit, as {rep: share}; scaled to sum to 1")] = UNSET
    merged_into: MergedInto = UNSET
    deleted: Deleted = UNSET


class Contract(Data, frozen=True, gc=False):
    """A signed contract."""

    account_id: Annotated[Text, Meta(description="the account it is with")] = UNSET
    owner_id: Owner = UNSET
    opportunity_id: Annotated[Text, Meta(description="the won opportunity behind it")] = UNSET
    value_minor: Annotated[Whole, Meta(description="value of the whole term in the currency's minor unit")] = UNSET
    currency: Currency = UNSET
    signed_on: Annotated[Day, Meta(description="when it was signed")] = UNSET
    starts_on: Annotated[Day, Meta(description="its first day")] = UNSET
    ends_on: Annotated[Day, Meta(description="its last day, inclusive")] = UNSET
    term_months: Annotated[Small, Meta(description="its length in months, else counted from the dates")] = UNSET
    cancelled_on: Annotated[Day, Meta(description="the last day after a cancellation, inclusive")] = UNSET
    product: Product = UNSET
    region: Region = UNSET
    deleted: Deleted = UNSET


class Purchase(Data, frozen=True, gc=False):
    """Something an account bought."""

    account_id: Annotated[Text, Meta(description="the account that bought")] = UNSET
    owner_id: Owner = UNSET
    amount_minor: Annotated[Whole, Meta(description="amount in the currency's minor unit; a refund is negative")] = (
        UNSET
    )
    currency: Currency = UNSET
    at: Annotated[Time, Meta(description="when it was bought")] = UNSET
    kind: Annotated[
        Literal["new", "upsell", "cross_sell", "renewal"] | UnsetType | None,
        Meta(description="what sort of sale it was"),
    ] = UNSET
    product: Product = UNSET
    region: Region = UNSET
    deleted: Deleted = UNSET


class Activity(Data, frozen=True, gc=False):
    """A touch that is not a call: a message, a meeting or a visit."""

    rep_id: Annotated[Text, Meta(description="the rep who did it")] = UNSET
    channel: Annotated[
        Literal["email", "inmail", "message", "meeting", "visit"] | UnsetType | None, Meta(description="by what means")
    ] = UNSET
    direction: Annotated[Direction, Meta(description="from us or to us; absent is not outbound")] = UNSET
    at: Annotated[Time, Meta(description="when; else the earliest time of its events")] = UNSET
    contact_id: Annotated[Text, Meta(description="the contact touched")] = UNSET
    lead_id: Annotated[Text, Meta(description="the lead touched")] = UNSET
    automated: Annotated[Flag, Meta(description="sent by a machine: counts for nothing; absent is false")] = UNSET
    replied_at: Annotated[Time, Meta(description="when the other side answered")] = UNSET
    deleted: Deleted = UNSET


class Call(Data, frozen=True, gc=False):
    """One leg of a phone conversation."""

    conversation_id: Annotated[Text, Meta(description="legs that share it are one conversation; else the subject")] = (
        UNSET
    )
    rep_id: Annotated[Text, Meta(description="the rep on this leg; none on an abandoned queue call")] = UNSET
    direction: Annotated[Direction, Meta(description="from us or to us; absent is not outbound")] = UNSET
    phone: Annotated[Text, Meta(description="the outside party's number, E.164; other texts are kept")] = UNSET
    started_at: Annotated[Time, Meta(description="when it began; else the earliest time of its events")] = UNSET
    answered_at: Annotated[Time, Meta(description="when it was picked up")] = UNSET
    ended_at: Annotated[Time, Meta(description="when it was hung up")] = UNSET
    talk_seconds: Annotated[Small, Meta(description="seconds talked; else from answered_at to ended_at")] = UNSET
    disposition: Annotated[
        Literal["answered", "no_answer", "busy", "failed", "voicemail", "abandoned"] | UnsetType | None,
        Meta(description="what became of it"),
    ] = UNSET
    contact_id: Annotated[Text, Meta(description="the contact called; else who held the number")] = UNSET
    lead_id: Annotated[Text, Meta(description="the lead called")] = UNSET
    deleted: Deleted = UNSET


class Rep(Data, frozen=True, gc=False):
    """A person of the sales floor."""

    name: Annotated[Text, Meta(description="what people call the rep")] = UNSET
    team: Annotated[Text, Meta(description="the team from the event's time on")] = UNSET
    manager_id: Annotated[Text, Meta(description="the rep's manager")] = UNSET
    timezone: Annotated[Text, Meta(description="IANA time zone; else the team's, else the organisation's")] = UNSET
    calendar: Annotated[Text, Meta(description="a named calendar of floor.toml")] = UNSET
    first_day: Annotated[Day, Meta(description="first day of employment")] = UNSET
    last_day: Annotated[Day, Meta(description="last day of employment, inclusive")] = UNSET
    emails: Annotated[Texts, Meta(description="e-mail addresses the rep is known by")] = UNSET
    extensions: Annotated[Texts, Meta(description="phone extensions the rep is known by")] = UNSET
    external_ids: Annotated[Ids, Meta(description="ids in other systems, as {system: id}")] = UNSET
    deleted: Annotated[Flag, Meta(description="true: the roster does not know that id; false restores it")] = UNSET


class Absence(Data, frozen=True, gc=False, rename={"from_": "from"}):
    """Days on which a rep does not work."""

    rep_id: Annotated[Text, Meta(description="who is away")] = UNSET
    from_: Annotated[Day, Meta(description="first day away")] = UNSET
    until: Annotated[Day, Meta(description="last day away, inclusive")] = UNSET
    kind: Annotated[Text, Meta(description="holiday, illness, …, as text")] = UNSET
    deleted: Deleted = UNSET


class Target(Data, frozen=True, gc=False):
    """What a rep, a team or everybody is expected to reach; who, of what and since when is said by the subject."""

    value: Annotated[Number, Meta(description="the target, in the unit of the KPI's value")] = UNSET
    until: Annotated[Day, Meta(description="last day it holds, inclusive")] = UNSET


class Heartbeat(Data, frozen=True, gc=False):
    """A source's own account of what it sent, for coverage."""

    since: Annotated[Time, Meta(description="the start of the count")] = UNSET
    known: Annotated[Whole, Meta(description="how many events the source has sent since then")] = UNSET
    gap: Annotated[Whole, Meta(description="how many it knows it could not send")] = UNSET
