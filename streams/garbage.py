"""Garbage collection of a process that applies events: what it keeps is set aside, what a commit makes is let be."""

import gc
from typing import Final

NET_CONTAINERS: Final = 100_000
"""So many more containers made than freed before any is looked at, 700 in Python.

What a commit decodes is in no cycle and goes by itself when the commit ends; looked through while it lives, it cost a
sixth of an event. What is in cycles, such as errors with their tracebacks, waits until there is so much of it.
"""


def set_aside() -> None:
    """Collect once, never look at what is left again, and rarely at what comes."""
    gc.collect()
    gc.freeze()  # rows stay; looking through them again and again doubled the cost of an event
    gc.set_threshold(NET_CONTAINERS)
