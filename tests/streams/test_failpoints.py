import subprocess
import sys

import pytest

from streams.errors import StreamError
from streams.failpoints import EXIT_CODE, POINTS, Failpoints


def test_by_default_no_failpoint_ends_anything() -> None:
    for point in POINTS:
        Failpoints.parse("").reach(point)


def test_probabilities_are_read_from_text() -> None:
    assert Failpoints.parse("before_begin=0.01, after_commit=1").chances == {"before_begin": 0.01, "after_commit": 1.0}


def test_an_unknown_point_is_refused_with_those_there_are() -> None:
    with pytest.raises(
        StreamError, match="unknown failpoint 'somewhere'; allowed: after_fence, after_follow, after_announce"
    ):
        Failpoints.parse("somewhere=1")


@pytest.mark.parametrize("chance", ["", "often"])
def test_a_probability_must_be_a_number(chance: str) -> None:
    with pytest.raises(StreamError, match="after_commit needs a probability from 0 to 1"):
        Failpoints.parse(f"after_commit={chance}")


def test_a_certain_point_ends_the_process_and_another_does_not() -> None:
    program = (
        "from streams.failpoints import Failpoints; f = Failpoints({'mid_write': 1.0}); f.reach('{}'); print('alive')"
    )

    reached = subprocess.run(
        [sys.executable, "-c", program.replace("{}", "mid_write")], capture_output=True, check=False
    )
    passed = subprocess.run(
        [sys.executable, "-c", program.replace("{}", "after_write")], capture_output=True, check=False
    )

    assert (reached.returncode, reached.stdout) == (EXIT_CODE, b"")
    assert (passed.returncode, passed.stdout) == (0, b"alive\n")
