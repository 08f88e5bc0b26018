"""Every key of `floor.toml`: what it means and what it may be. Defaults are those of the structs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from floorpulse import checks
from floorpulse.checks import Check
from kpi_state.definitions import WEEKDAYS


@dataclass(frozen=True, slots=True)
class Key:
    """What one key may be, and what it means in a few words."""

    check: Check
    meaning: str


_DAYS_OF_A_CENTURY: Final = 36_500
_EMAIL: Final = checks.pattern("e-mail addresses with commas between, or empty", r"(\S+@[^\s@,]+(, *\S+@[^\s@,]+)*)?")
_CHANNEL: Final = checks.pattern("a channel of Slack such as #sales, or empty", r"([#@]\S+)?")
_URL: Final = checks.pattern("http://… or https://… without a password, or empty", r"(https?://[^\s@]+)?")
_FILE: Final = checks.text("the path of a file, or empty")

CALENDAR: Final[Mapping[str, Key]] = {
    "fiscal_year_start_month": Key(checks.whole(1, 12), "a fiscal year is named after the year in which it ends"),
    "working_days": Key(checks.several(checks.choice(*WEEKDAYS), "days: " + ", ".join(WEEKDAYS), some=True), ""),
    "working_hours": Key(checks.hours(), "local time of the rep"),
    "holidays": Key(
        checks.several(checks.country(), "country codes such as NL or DE-BY"),
        'country codes of the `holidays` library, e.g. ["NL"] or ["DE-BY"]',
    ),
    "holidays_add": Key(checks.several(checks.day(), "dates such as 2026-12-24"), "further dates"),
    "holidays_remove": Key(checks.several(checks.day(), "dates such as 2026-12-24"), "dates that are worked after all"),
}
"""Keys of `[calendar]` and of each `[calendar.named.NAME]`."""

TEAM: Final[Mapping[str, Key]] = {
    "timezone": Key(checks.zone(optional=True), "of its reps who have none of their own"),
    "manager": Key(
        checks.pattern("rep:ID, or empty", r"(rep:.+)?"), "who hears of the team; manager_email of one team is for all"
    ),
    "manager_email": Key(_EMAIL, "alerts about the team and, if they are switched on, about its reps"),
    "floor_email": Key(_EMAIL, "alerts about the team, for everybody in it"),
    "slack_channel": Key(_CHANNEL, "likewise"),
}
"""Keys of each `[teams.NAME]`."""

SECTIONS: Final[Mapping[str, Mapping[str, Key]]] = {
    "definitions": {
        "organisation_timezone": Key(checks.zone(), "zone of plain dates, of spans, and of whom nobody claims"),
        "talk_seconds": Key(checks.whole(0, 86_400), "a conversation from this talk time on"),
        "activity_days": Key(
            checks.whole(1, _DAYS_OF_A_CENTURY), "an account without contracts is active this long after a purchase"
        ),
        "grace_days": Key(checks.whole(0, _DAYS_OF_A_CENTURY), "spans at most this far apart are one"),
        "distinct_numbers": Key(
            checks.flag(),
            "count the different numbers a rep calls a day; false saves a fifth of a worker's computing, and "
            "`outbound_calls` has no `numbers` then",
        ),
    },
    "calendar": CALENDAR,
    "limits": {
        "lead_age_days": Key(
            checks.whole(1, _DAYS_OF_A_CENTURY), "an open lead is too old after this many times 24 hours"
        ),
        "stage_age_days": Key(
            checks.whole(1, _DAYS_OF_A_CENTURY), "an open deal is stalled after this many times 24 hours in its stage"
        ),
        "late_seconds": Key(checks.whole(0, 10**9), "an event is late when it arrives more than this after its time"),
        "future_seconds": Key(checks.whole(0, 10**9), "an event dated further ahead than this is quarantined"),
        "label_values": Key(
            checks.whole(1, 10**6),
            'distinct values of each free text (origin, region, …) on /metrics; the rest as "other"',
        ),
        "series": Key(
            checks.whole(1, 10**9), "series of a page for Prometheus; of more, those with most labels are left out"
        ),
        "walls": Key(checks.whole(0, 100_000), "screens that one exporter's wall is shown on at once; more get 503"),
    },
    "windows": {},
    "targets": {},
    "baseline": {
        "weeks": Key(checks.whole(1, 52), "the same weekday of the last so many weeks is what is normal"),
        "min_samples": Key(checks.whole(1, 52), "fewer days on which somebody worked are no baseline"),
    },
    "teams": {},
    "telephony": {
        "own_numbers": Key(
            checks.several(
                checks.pattern("+ and digits", r"\+[1-9][0-9]{0,14}"),
                "numbers such as +31201234567, or their beginnings",
            ),
            "E.164 numbers or prefixes of the organisation, for outbound_calls; changing it needs a rebuild",
        ),
    },
    "privacy": {
        "rep_labels": Key(checks.choice("names", "ids", "pseudonyms", "none"), "names | ids | pseudonyms | none"),
        "pseudonym_key_file": Key(checks.text("the path of a file, or empty"), "a file with a secret, for pseudonyms"),
        "team_min_size": Key(checks.whole(1, 10**6), "with pseudonyms or none, a team of fewer reps is not shown"),
    },
    "kafka": {
        "bootstrap_servers": Key(
            checks.pattern("HOST:PORT, several with commas between", r"[^\s,:]+:\d{1,5}(, *[^\s,:]+:\d{1,5})*"),
            "FLOORPULSE_KAFKA_BOOTSTRAP_SERVERS; likewise every key",
        ),
        "partitions": Key(checks.whole(1, 10_000), "of each input topic; changing it later is a migration"),
        "replication": Key(checks.whole(1, 100), "copies of each topic; at most as many as there are brokers"),
        "app_id": Key(
            checks.pattern("1 to 100 letters, digits, dots, hyphens or underscores", r"[A-Za-z0-9._-]{1,100}"),
            "consumer group, and beginning of changelogs and transactional ids",
        ),
        "topic_prefix": Key(
            checks.pattern("at most 100 letters, digits, dots, hyphens or underscores", r"[A-Za-z0-9._-]{0,100}"),
            "before every topic that is not a changelog",
        ),
        "allow_no_transactions": Key(
            checks.flag(), "start where a crash may lose or double events, as on the broker of the demo"
        ),
    },
    "redis": {
        "url": Key(
            checks.pattern("redis://…, rediss://…, unix://…, or empty", r"(?:(?:redis|rediss|unix)://\S+)?"),
            "empty: no read model",
        ),
        "prefix": Key(
            checks.pattern("1 to 100 characters without spaces", r"[^\s\x00-\x1f]{1,100}"), "before every key"
        ),
    },
    "api": {
        "token": Key(
            checks.pattern("16 to 200 characters of ASCII without spaces, or empty", r"([!-~]{16,200})?"),
            "what who asks exporters or workers must show; empty: anybody may ask",
        ),
        "token_file": Key(checks.text("the path of a file, or empty"), "a file with the token"),
    },
    "alerts": {
        "boards_url": Key(
            checks.pattern("http://… or https://… without a password", r"https?://[^\s@]+"),
            "Grafana, as readers reach it",
        ),
        "docs_url": Key(_URL, "where these pages are published, with the slash at the end: before docs/alerts.md"),
        "drop_begins_ratio": Key(checks.ratio(), "touchpoints over those expected, or usual: below this a drop begins"),
        "drop_ends_ratio": Key(checks.ratio(), "and above this it is over; between them nothing changes"),
        "drop_seconds": Key(checks.whole(0, 86_400), "a drop must last so long before anybody hears of it"),
        "drop_over_seconds": Key(checks.whole(0, 86_400), "and be over so long before it is said to be"),
        "team_touchpoints": Key(checks.whole(1, 10**6), "where fewer are expected of a team, nothing is compared"),
        "rep_touchpoints": Key(checks.whole(1, 10**6), "likewise of a rep"),
        "target_seconds": Key(
            checks.whole(0, 604_800), "a target is missed so long before it is said, and met again likewise"
        ),
        "stale_seconds": Key(
            checks.whole(60, 604_800), "a source is silent after this; then alerts about numbers wait"
        ),
        "retired_sources": Key(
            checks.several(checks.text("the name of a source"), "sources such as /old-crm"),
            "will never speak again; any other that is silent makes alerts about numbers wait",
        ),
        "ops_email": Key(_EMAIL, "alerts about the service"),
        "floor_email": Key(_EMAIL, "alerts about teams that have none of their own"),
        "manager_email": Key(_EMAIL, "likewise, for managers; with reps/reps.yml about reps too"),
        "ops_slack_channel": Key(_CHANNEL, "alerts about the service"),
        "floor_slack_channel": Key(_CHANNEL, "alerts about teams that have none of their own"),
        "smtp_smarthost": Key(
            checks.pattern("HOST:PORT, or empty", r"([^\s:]+:\d{1,5})?"), "the mail server; port 465 or STARTTLS"
        ),
        "smtp_from": Key(_EMAIL, "the sender"),
        "smtp_username": Key(checks.text("one line, or empty"), "empty: the mail server asks for none"),
        "smtp_password_file": Key(_FILE, "on Alertmanager's machine, like every file here"),
        "smtp_tls": Key(checks.flag(), "false: for a mail server on this machine that has none"),
        "slack_url_file": Key(_FILE, "a file with the URL of an incoming webhook of Slack"),
        "msteams_url_file": Key(_FILE, "likewise of Microsoft Teams; needs Alertmanager 0.28"),
        "webhook_url": Key(_URL, "gets every alert at any hour as Alertmanager's JSON"),
        "webhook_token_file": Key(_FILE, "a file with the bearer token it wants"),
        "dead_mans_switch_url": Key(_URL, "gets a message every five minutes, and calls somebody when it does not"),
    },
}
"""section → key → what it may be. In `windows`, `targets`, `teams` and `calendar.named` the person chooses the keys."""
