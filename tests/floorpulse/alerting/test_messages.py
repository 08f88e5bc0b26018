"""What the templates make of an alert is seen in tests/alertmanager/test_end_to_end.py."""

import re

from floorpulse.alerting import messages


def test_every_template_that_is_used_is_defined() -> None:
    used = {
        name
        for text in (messages.TITLE, messages.TEXT, messages.MARKDOWN, messages.BOARD)
        for name in re.findall(r'template "([\w.]+)"', text)
    }

    assert set(re.findall(r'define "([\w.]+)"', messages.TEMPLATES)) == used


def test_messages_say_annotations_and_no_labels() -> None:
    assert "Labels" not in messages.TEMPLATES
