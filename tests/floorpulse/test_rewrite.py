import pytest

from floorpulse.errors import UserError
from floorpulse.example import example
from floorpulse.rewrite import with_setting


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("", '[kafka]\napp_id = "desk-2"\n'),
        ("[redis]\nurl = ''", "[redis]\nurl = ''\n\n[kafka]\napp_id = \"desk-2\"\n"),
        ("[kafka]  # brokers\npartitions = 4\n", '[kafka]  # brokers\napp_id = "desk-2"\npartitions = 4\n'),
        (
            "[ kafka ]\n  app_id='desk'  # the group\npartitions = 4\n",
            '[ kafka ]\n  app_id = "desk-2"  # the group\npartitions = 4\n',
        ),
        (
            '[teams.app_id]\ntimezone = "UTC"\n[kafka]\n[redis]\n',
            '[teams.app_id]\ntimezone = "UTC"\n[kafka]\napp_id = "desk-2"\n[redis]\n',
        ),
    ],
    ids=["empty", "no section", "no key", "key", "section without keys"],
)
def test_only_the_setting_changes(text: str, changed: str) -> None:
    assert with_setting(text, "kafka", "app_id", "desk-2") == changed


def test_in_the_example_every_comment_stays() -> None:
    changed = with_setting(example(), "kafka", "app_id", "desk-2")

    differing = [
        (old, new) for old, new in zip(example().splitlines(), changed.splitlines(), strict=True) if old != new
    ]
    ((old, new),) = differing
    assert new.split("#") == ['app_id = "desk-2"               ', old.split("#")[1]]


@pytest.mark.parametrize(
    "text",
    [
        'kafka = { app_id = "desk" }\n',
        'kafka.app_id = "desk"\n',
        '[kafka]\n"app_id" = "desk"\n',
        '[kafka]\napp_id = """desk"""\n',
        '[kafka]\napp_id = "a\\"b"\n',
    ],
)
def test_what_is_written_otherwise_is_left_to_its_writer(text: str) -> None:
    with pytest.raises(UserError) as error:
        with_setting(text, "kafka", "app_id", "desk-2")

    assert str(error.value) == (
        '[kafka] app_id is written in a way that cannot be changed here: put app_id = "desk-2" there yourself'
    )
