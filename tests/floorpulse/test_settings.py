"""Settings from file, environment and flags; every mistake is one line that names key, value and what is allowed."""

from pathlib import Path

import pytest
from msgspec import structs

from floorpulse.errors import UserError
from floorpulse.example import example
from floorpulse.keys import SECTIONS
from floorpulse.settings import Alerts, Api, Kafka, Redis, Settings, hidden, load, load_with_origins
from kpi_state.definitions import Calendar, Definitions, Limits, Lookback, Privacy, ReadSettings, Team, Telephony


def file(folder: Path, text: str) -> Path:
    path = folder / "floor.toml"
    path.write_text(text, "utf-8")
    return path


def errors(path: Path | None, environ: dict[str, str] | None = None, *overrides: str) -> list[str]:
    """The lines of the error, without the folder of the file."""
    with pytest.raises(UserError) as refused:
        load(path, environ or {}, overrides)
    return str(refused.value).replace(f"{path.parent}/" if path else "/", "").splitlines()


def test_without_anything_settings_are_the_defaults() -> None:
    assert load(None, {}) == Settings()


def test_the_defaults_are_those_of_the_design() -> None:
    assert Settings() == Settings(
        definitions=Definitions(organisation_timezone="UTC", talk_seconds=30, activity_days=365, grace_days=0),
        calendar=Calendar(
            fiscal_year_start_month=1,
            working_days=("mon", "tue", "wed", "thu", "fri"),
            working_hours=("09:00-12:30", "13:00-17:30"),
        ),
        limits=Limits(lead_age_days=30, late_seconds=3600, future_seconds=300, label_values=200),
        windows={},
        targets={"contact_to_lead": 0.10, "appointment_disqualification": 0.05, "lead_source": 0.60},
        baseline=Lookback(weeks=6, min_samples=3),
        teams={},
        telephony=Telephony(own_numbers=()),
        privacy=Privacy(rep_labels="ids", pseudonym_key_file="", team_min_size=3),
        kafka=Kafka("127.0.0.1:9092", 8, 3, "floorpulse", "", allow_no_transactions=False),
        redis=Redis(url="", prefix="floorpulse:"),
        api=Api(token="", token_file=""),
        alerts=Alerts(boards_url="http://127.0.0.1:3000", smtp_tls=True),
    )
    assert isinstance(Settings(), ReadSettings)


def test_a_file_says_everything(tmp_path: Path) -> None:
    settings = load(
        file(
            tmp_path,
            """
            [definitions]
            organisation_timezone = "Europe/Amsterdam"
            [calendar]
            fiscal_year_start_month = 4
            holidays = ["NL", "DE-BY"]
            holidays_add = [2026-12-24]
            [calendar.named.support]
            working_days = ["sat"]
            [calendar.named."night shift"]
            [windows]
            lead_win = ["rolling_30d"]
            [targets]
            contact_to_lead = 0.2
            lead_win.rolling_30d = 0.3
            "touchpoints.day" = 60
            [teams."North"]
            timezone = "Asia/Kolkata"
            manager = "rep:anna"
            [teams.South]
            [telephony]
            own_numbers = ["+31201"]
            [kafka]
            partitions = 4
            """,
        ),
        {},
    )
    usual = Calendar(fiscal_year_start_month=4, holidays=("NL", "DE-BY"), holidays_add=("2026-12-24",))
    named = {"support": structs.replace(usual, working_days=("sat",)), "night shift": usual}
    assert settings == Settings(
        definitions=Definitions(organisation_timezone="Europe/Amsterdam", own_numbers=("+31201",)),
        calendar=structs.replace(usual, named=named),
        windows={"lead_win": ["rolling_30d"]},
        targets={
            "contact_to_lead": 0.2,
            "appointment_disqualification": 0.05,
            "lead_source": 0.6,
            "lead_win.rolling_30d": 0.3,
            "touchpoints.day": 60.0,
        },
        teams={"North": Team("Asia/Kolkata", "rep:anna"), "South": Team()},
        telephony=Telephony(("+31201",)),
        kafka=Kafka(partitions=4),
    )


@pytest.mark.parametrize(("section", "key"), [(section, key) for section, keys in SECTIONS.items() for key in keys])
def test_every_key_can_be_set_in_the_file_the_environment_and_a_flag(section: str, key: str, tmp_path: Path) -> None:
    text, value = OTHER[section, key]
    written = text if type(value) in {int, float, bool} else f"[{text}]" if isinstance(value, tuple) else f'"{text}"'
    if isinstance(value, tuple):
        written = str(text.split(",")).replace("'", '"')
    ways = [
        load(file(tmp_path, f"[{section}]\n{key} = {written}"), {}),
        load(None, {f"FLOORPULSE_{section}_{key}".upper(): text}),
    ]
    if (section, key) != ("api", "token"):  # a secret
        ways.append(load(None, {}, [f"{section}.{key}={text}"]))
    for settings in ways:
        assert getattr(getattr(settings, section), key) == value


OTHER: dict[tuple[str, str], tuple[str, object]] = {
    ("definitions", "organisation_timezone"): ("Asia/Kolkata", "Asia/Kolkata"),
    ("definitions", "talk_seconds"): ("31", 31),
    ("definitions", "activity_days"): ("31", 31),
    ("definitions", "grace_days"): ("31", 31),
    ("definitions", "distinct_numbers"): ("false", False),
    ("calendar", "fiscal_year_start_month"): ("7", 7),
    ("calendar", "working_days"): ("sun,mon", ("sun", "mon")),
    ("calendar", "working_hours"): ("08:00-09:00,10:00-11:00", ("08:00-09:00", "10:00-11:00")),
    ("calendar", "holidays"): ("NL,BE", ("NL", "BE")),
    ("calendar", "holidays_add"): ("2026-12-24", ("2026-12-24",)),
    ("calendar", "holidays_remove"): ("2026-12-24", ("2026-12-24",)),
    ("limits", "lead_age_days"): ("31", 31),
    ("limits", "stage_age_days"): ("15", 15),
    ("limits", "late_seconds"): ("31", 31),
    ("limits", "future_seconds"): ("31", 31),
    ("limits", "label_values"): ("31", 31),
    ("limits", "series"): ("31", 31),
    ("limits", "walls"): ("31", 31),
    ("baseline", "weeks"): ("31", 31),
    ("baseline", "min_samples"): ("4", 4),
    ("telephony", "own_numbers"): ("+3120,+3130", ("+3120", "+3130")),
    ("privacy", "rep_labels"): ("none", "none"),
    ("privacy", "pseudonym_key_file"): ("key", "key"),
    ("privacy", "team_min_size"): ("31", 31),
    ("kafka", "bootstrap_servers"): ("a:1,b:2", "a:1,b:2"),
    ("kafka", "partitions"): ("31", 31),
    ("kafka", "replication"): ("31", 31),
    ("kafka", "app_id"): ("other", "other"),
    ("kafka", "topic_prefix"): ("test.", "test."),
    ("kafka", "allow_no_transactions"): ("true", True),
    ("redis", "url"): ("redis://localhost", "redis://localhost"),
    ("redis", "prefix"): ("{floor}:", "{floor}:"),
    ("api", "token"): ("correct-horse-battery", "correct-horse-battery"),
    ("api", "token_file"): ("token", "token"),
    ("alerts", "boards_url"): ("https://boards", "https://boards"),
    ("alerts", "docs_url"): ("https://docs/", "https://docs/"),
    ("alerts", "drop_begins_ratio"): ("0.5", 0.5),
    ("alerts", "drop_ends_ratio"): ("0.9", 0.9),
    ("alerts", "drop_seconds"): ("31", 31),
    ("alerts", "drop_over_seconds"): ("31", 31),
    ("alerts", "team_touchpoints"): ("31", 31),
    ("alerts", "rep_touchpoints"): ("31", 31),
    ("alerts", "target_seconds"): ("31", 31),
    ("alerts", "stale_seconds"): ("61", 61),
    ("alerts", "retired_sources"): ("/old", ("/old",)),
    ("alerts", "ops_email"): ("a@b.c", "a@b.c"),
    ("alerts", "floor_email"): ("a@b.c", "a@b.c"),
    ("alerts", "manager_email"): ("a@b.c, d@e.f", "a@b.c, d@e.f"),
    ("alerts", "ops_slack_channel"): ("#a", "#a"),
    ("alerts", "floor_slack_channel"): ("#a", "#a"),
    ("alerts", "smtp_smarthost"): ("mail:25", "mail:25"),
    ("alerts", "smtp_from"): ("a@b.c", "a@b.c"),
    ("alerts", "smtp_username"): ("me", "me"),
    ("alerts", "smtp_password_file"): ("/secret", "/secret"),
    ("alerts", "smtp_tls"): ("false", False),
    ("alerts", "slack_url_file"): ("/secret", "/secret"),
    ("alerts", "msteams_url_file"): ("/secret", "/secret"),
    ("alerts", "webhook_url"): ("https://hook", "https://hook"),
    ("alerts", "webhook_token_file"): ("/secret", "/secret"),
    ("alerts", "dead_mans_switch_url"): ("https://watch", "https://watch"),
}


def test_flags_win_over_the_environment_and_that_over_the_file(tmp_path: Path) -> None:
    path = file(tmp_path, "[kafka]\npartitions = 1\nreplication = 1\napp_id = 'file'")
    environ = {"FLOORPULSE_KAFKA_PARTITIONS": "2", "FLOORPULSE_KAFKA_REPLICATION": "2"}
    loaded = load_with_origins(path, environ, ["kafka.partitions=3"])
    assert (loaded.settings.kafka.partitions, loaded.settings.kafka.replication) == (3, 2)
    assert loaded.origins == {
        ("kafka", "partitions"): "--set kafka.partitions",
        ("kafka", "replication"): "FLOORPULSE_KAFKA_REPLICATION",
        ("kafka", "app_id"): f"{path}: [kafka] app_id",
    }


def test_tables_of_ones_own_keys_can_be_set_without_a_file() -> None:
    environ = {
        "FLOORPULSE_TARGETS_TOUCHPOINTS_DAY": "60",
        "FLOORPULSE_TARGETS_LEAD_WIN": "0.3",
        "FLOORPULSE_WINDOWS_LEAD_WIN": "rolling_30d,week",
        "FLOORPULSE_TEAMS": '{North = {timezone = "UTC"}}',
        "FLOORPULSE_CALENDAR_NAMED": '{support = {working_days = ["sat"]}}',
    }
    flags = [
        "teams.A.B.timezone=Asia/Kolkata",
        "calendar.named.late.working_hours=12:00-20:00",
        "targets.lead_win.week=1",
    ]
    settings = load(None, environ, flags)
    assert settings.targets == {**Settings().targets, "touchpoints.day": 60.0, "lead_win": 0.3, "lead_win.week": 1.0}
    assert settings.windows == {"lead_win": ["rolling_30d", "week"]}
    assert settings.teams == {"North": Team("UTC"), "A.B": Team("Asia/Kolkata")}
    assert settings.calendar.named["support"].working_days == ("sat",)
    assert settings.calendar.named["late"].working_hours == ("12:00-20:00",)


def test_variables_of_others_are_left_alone() -> None:
    assert load(None, {"FLOORPULSE_REQUIRE_ALL": "1", "FLOORPULSE_KAFKA_LIBS": "/x", "PATH": "x"}) == Settings()


def test_the_example_file_is_the_defaults_and_with_its_comments_taken_off_still_right(tmp_path: Path) -> None:
    assert load(file(tmp_path, example()), {}) == Settings()
    lines = [
        line.removeprefix("# ") if "=" in line or line.startswith("# [") else line for line in example().splitlines()
    ]
    settings = load(file(tmp_path, "\n".join(lines[3:])), {})
    assert settings.teams == {"North": Team("Europe/Amsterdam", "rep:anna", "anna@example.com")}
    assert set(settings.calendar.named) == {"support"}
    assert settings.windows == {"lead_win": ["rolling_30d"]}
    assert settings.targets["touchpoints.day"] == 60.0


def test_all_mistakes_are_listed_one_a_line(tmp_path: Path) -> None:
    path = file(
        tmp_path,
        """
        title = "x"
        [calender]
        [kafka]
        partition = 4
        partitions = "8"
        [definitions]
        organisation_timezone = "Europe/Amsterdm"
        talk_seconds = 30.0
        [calendar]
        fiscal_year_start_month = 13
        working_days = ["mon", "sonday"]
        [calendar.named.support]
        working_day = []
        [calendar.named]
        other = 1
        [windows]
        lead_wine = ["month"]
        open_lead_age = ["month"]
        lead_win = "month"
        [targets]
        foo = 1
        touchpoints.week = -1
        lead_win.day = 0.5
        [teams]
        North = 3
        [teams.South]
        zone = "UTC"
        manager = "anna"
        [baseline]
        weeks = 2
        [redis]
        url = "http://user:pass@host"
        [privacy]
        rep_labels = "pseudonyms"
        """,
    )
    environ = {"FLOORPULSE_KAFKA_PARTITION": "1", "FLOORPULSE_LIMITS_LATE_SECONDS": "soon", "FLOORPULSE_TEAMS": "North"}
    flags = ["kafka.partitions=0", "kafka=1", "kafka.x", "redis.url=redis://:secret@host", "nonsense.key=1"]
    assert errors(path, environ, *flags) == MISTAKES.splitlines()


MISTAKES = """\
--set kafka=1: expected SECTION.KEY=VALUE such as kafka.partitions=4
--set kafka.x: expected SECTION.KEY=VALUE such as kafka.partitions=4
floor.toml: [title]: no such section; there are definitions, calendar, limits, windows, targets, baseline, teams, telephony, privacy, kafka, redis, api, alerts
floor.toml: [calender]: no such section; did you mean calendar?
floor.toml: [kafka] partition: no such key; did you mean partitions?
floor.toml: [kafka] partitions = "8": expected a whole number from 1 to 10000
floor.toml: [definitions] organisation_timezone = "Europe/Amsterdm": expected an IANA time zone such as Europe/Amsterdam (did you mean Europe/Amsterdam?)
floor.toml: [definitions] talk_seconds = 30.0: expected a whole number from 0 to 86400
floor.toml: [calendar] fiscal_year_start_month = 13: expected a whole number from 1 to 12
floor.toml: [calendar] working_days = ["mon", "sonday"]: expected a list of days: mon, tue, wed, thu, fri, sat, sun, not empty ('sonday' is not one of mon, tue, wed, thu, fri, sat, sun)
floor.toml: [calendar.named.support] working_day: no such key; did you mean working_days?
floor.toml: [calendar.named] other = 1: expected a table
floor.toml: [windows] lead_wine: no such KPI; did you mean lead_win?
floor.toml: [windows] open_lead_age = ["month"]: expected a list of windows such as month or rolling_30d ('month' is not a window this KPI can have)
floor.toml: [windows] lead_win = "month": expected a list of windows such as month or rolling_30d
floor.toml: [targets] foo: no such KPI; there are annual_contract_value, customer_lifetime_value, customer_lifetime_value_observed, leads_created, open_lead_age, lead_win, rep_retention, rep_ramp_up, referrals, customer_retention, contact_to_lead, appointment_disqualification, lead_source, touchpoints, lead_conversion, deals_won, outbound_calls, pipeline, pipeline_value, revenue_won, speed_to_lead, speed_to_lead_p90, stage_flow, stage_time
floor.toml: [targets] touchpoints.week = -1: expected a number of 0 or more
floor.toml: [teams] North = 3: expected a table
floor.toml: [teams.South] zone: no such key; there are timezone, manager, manager_email, floor_email, slack_channel
floor.toml: [teams.South] manager = "anna": expected rep:ID, or empty
floor.toml: [redis] url = "http://user:***@host": expected redis://…, rediss://…, unix://…, or empty
FLOORPULSE_KAFKA_PARTITION: no such key; did you mean partitions?
FLOORPULSE_LIMITS_LATE_SECONDS = "soon": expected a whole number from 0 to 1000000000
FLOORPULSE_TEAMS = "North": expected a table
--set kafka.partitions = 0: expected a whole number from 1 to 10000
--set redis.url: a secret on the command line can be read by others: use FLOORPULSE_REDIS_URL or a file
--set nonsense.key: no such section; there are definitions, calendar, limits, windows, targets, baseline, teams, telephony, privacy, kafka, redis, api, alerts
floor.toml: [privacy] rep_labels: pseudonyms need [privacy] pseudonym_key_file, a file with a secret
floor.toml: [baseline] weeks: expected min_samples to be at most weeks, which is 2
floor.toml: [targets] lead_win.day: expected one of month, fiscal_quarter, fiscal_year, rolling_90d; [windows] can add others
"""  # noqa: E501  # lines as a person sees them


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (
            b"[kafka\n",
            "floor.toml: not valid TOML: Expected ']' at the end of a table declaration (at line 1, column 7)",
        ),
        (b"[kafka]\napp_id = '\xff'", "floor.toml: not UTF-8 text: save it as UTF-8"),
        (None, "floor.toml: no such file or directory: name a file with --config"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line(content: bytes | None, line: str, tmp_path: Path) -> None:
    path = tmp_path / "floor.toml"
    if content is not None:
        path.write_bytes(content)
    assert errors(path) == [line]


def test_a_long_value_is_cut_in_an_error() -> None:
    (line,) = errors(None, {"FLOORPULSE_KAFKA_PARTITIONS": "9" * 1000})
    assert len(line) < 160


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("redis://localhost", "redis://localhost"),
        ("redis://:secret@host/0", "redis://:***@host/0"),
        ("rediss://user:se@cr:et@host", "rediss://user:***@host"),
        ("unix:///run/redis.sock?password=secret&db=1", "unix:///run/redis.sock?password=***&db=1"),
    ],
)
def test_a_password_is_never_shown(url: str, shown: str) -> None:
    assert hidden(("redis", "url"), url) == shown
    assert hidden(("kafka", "app_id"), url) == url


def test_a_token_is_never_shown() -> None:
    assert hidden(("api", "token"), "correct-horse-battery") == "***"
    assert hidden(("api", "token"), "") == ""
    assert errors(None, {"FLOORPULSE_API_TOKEN": "too short"}) == [
        'FLOORPULSE_API_TOKEN = "***": expected 16 to 200 characters of ASCII without spaces, or empty'
    ]
    with pytest.raises(UserError) as raised:
        load(None, {}, ["api.token=correct-horse-battery"])
    assert str(raised.value) == (
        "--set api.token: a secret on the command line can be read by others: use FLOORPULSE_API_TOKEN or a file"
    )


def test_two_tokens_are_one_too_many() -> None:
    environ = {"FLOORPULSE_API_TOKEN": "correct-horse-battery", "FLOORPULSE_API_TOKEN_FILE": "token"}
    assert errors(None, environ) == [
        "FLOORPULSE_API_TOKEN_FILE: there is a token in FLOORPULSE_API_TOKEN too: keep one of them"
    ]


@pytest.mark.parametrize(
    ("flags", "line"),
    [
        (
            ["alerts.drop_begins_ratio=0.8"],
            "--set alerts.drop_begins_ratio: expected drop_begins_ratio to be below drop_ends_ratio, which is 0.8",
        ),
        (
            ["alerts.drop_ends_ratio=0.6"],
            "--set alerts.drop_ends_ratio: expected drop_begins_ratio to be below drop_ends_ratio, which is 0.6",
        ),
        (
            ["alerts.drop_ends_ratio=60"],
            "--set alerts.drop_ends_ratio = 60.0: expected a number from 0.01 to 1",
        ),
    ],
)
def test_a_drop_ends_above_where_it_begins(flags: list[str], line: str) -> None:
    assert errors(None, {}, *flags) == [line]
