"""What an organisation may decide: the settings that shape its numbers, with their defaults.

`Definitions` shapes what is stored, so changing it needs a rebuild; everything else is applied when numbers are read
and may change at any time. Settings from files and the environment are checked by `floorpulse.settings`.
"""

from typing import Final, Literal

from msgspec import Struct, field

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: Final[tuple[Weekday, ...]] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""In the order of `date.weekday()`."""

RepLabels = Literal["names", "ids", "pseudonyms", "none"]


class Definitions(Struct, frozen=True):
    """What the write side stores.

    organisation_timezone: IANA zone of plain dates, of spans, and of whom nobody claims.
    talk_seconds: a conversation from this talk time on.
    activity_days: an account without contracts is active this many days after a purchase.
    grace_days: spans at most this many days apart are one.
    distinct_numbers: whether the different numbers that a rep calls a day are counted, which a worker has to work for.
    own_numbers: E.164 numbers, or their beginnings, that belong to the organisation.
    """

    organisation_timezone: str = "UTC"
    talk_seconds: int = 30
    activity_days: int = 365
    grace_days: int = 0
    distinct_numbers: bool = True
    own_numbers: tuple[str, ...] = ()


class Calendar(Struct, frozen=True):
    """Who works when.

    fiscal_year_start_month: 1 to 12.  working_hours: local times `HH:MM-HH:MM`, in order, not overlapping.
    holidays: country codes of the `holidays` library, such as `NL` or `DE-BY`.
    holidays_add, holidays_remove: ISO dates.
    named: calendars that a rep's `calendar` names; each is complete, what it does not say itself is this one's.
    """

    fiscal_year_start_month: int = 1
    working_days: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri")
    working_hours: tuple[str, ...] = ("09:00-12:30", "13:00-17:30")
    holidays: tuple[str, ...] = ()
    holidays_add: tuple[str, ...] = ()
    holidays_remove: tuple[str, ...] = ()
    named: dict[str, "Calendar"] = field(default_factory=dict)


class Limits(Struct, frozen=True):
    """Where counting stops or begins.

    lead_age_days: an open lead older than this many times 86,400 s is over the limit.
    stage_age_days: an open deal that is longer than this many times 86,400 s in its stage is stalled.
    late_seconds: an event is late when it arrives more than this after its time.
    future_seconds: an event dated further ahead of its arrival is quarantined.
    label_values: distinct values that /metrics shows of a label that is free text; the rest are shown as `other`.
    series: series of a page for Prometheus; of more, those with most labels are left out.
    walls: screens that an exporter's wall is shown on at once; more are refused.
    """

    lead_age_days: int = 30
    stage_age_days: int = 14
    late_seconds: int = 3600
    future_seconds: int = 300
    label_values: int = 200
    series: int = 500_000
    walls: int = 200


class Team(Struct, frozen=True):
    """One team.

    timezone: IANA zone of its reps without their own, empty = the organisation's.  manager: `rep:ID` or empty.
    manager_email, floor_email, slack_channel: where alerts about it go; empty = where the organisation's go.
    """

    timezone: str = ""
    manager: str = ""
    manager_email: str = ""
    floor_email: str = ""
    slack_channel: str = ""


class Telephony(Struct, frozen=True):
    """The phone system.  own_numbers: E.164 numbers, or their beginnings, that belong to the organisation."""

    own_numbers: tuple[str, ...] = ()


class Privacy(Struct, frozen=True):
    """What boards may show of people.

    rep_labels: what stands for a rep.  pseudonym_key_file: a file with a secret, needed for pseudonyms.
    team_min_size: with pseudonyms or none, a team of fewer reps is not shown.
    """

    rep_labels: RepLabels = "ids"
    pseudonym_key_file: str = ""
    team_min_size: int = 3


def default_targets() -> dict[str, float]:
    """The targets the source articles name."""
    return {"contact_to_lead": 0.10, "appointment_disqualification": 0.05, "lead_source": 0.60}


class Lookback(Struct, frozen=True):
    """What a baseline is made of.

    weeks: how many weeks it looks back.  min_samples: of fewer days than this there is none.
    """

    weeks: int = 6
    min_samples: int = 3


class ReadSettings(Struct, frozen=True):
    """What the read side needs to turn tallies and roster into samples.

    windows: metric stem → windows beyond the KPI's own.  targets: `stem` or `stem.window` → the organisation's default.
    teams: name → team.
    """

    definitions: Definitions = Definitions()
    calendar: Calendar = field(default_factory=Calendar)
    limits: Limits = Limits()
    windows: dict[str, list[str]] = field(default_factory=dict)
    targets: dict[str, float] = field(default_factory=default_targets)
    baseline: Lookback = Lookback()
    teams: dict[str, Team] = field(default_factory=dict)
    telephony: Telephony = Telephony()
    privacy: Privacy = Privacy()
