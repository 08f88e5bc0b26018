"""From an event to a pixel of the wall: how long until a call is counted on the screen of a browser.

python -m bench.wall [--rates 20,500] [--seconds 20]

One Apache Kafka broker, one worker, one exporter, Chromium at 1920 × 1080; this process produces calls of forty reps at
a steady rate. Every call is a touchpoint (two commits with a link between them). The nth call is seen when the floor's
number on the wall is n or more and that frame was painted; the time is from handing the call to the producer.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import time
from collections.abc import Sequence
from typing import Final

from aiokafka import AIOKafkaProducer
from playwright.async_api import Page, async_playwright

from bench import chromium
from bench.programs import Program
from bench.visible import GIVE_UP_SECONDS, WARM_UP_CALLS, Caller, Look, Waits, run, waits

NUMBER: Final = "#teams tfoot .number span"
WATCH: Final = """selector => {
  window.looks = [];
  const number = () => Number(document.querySelector(selector).textContent.replace(/\\D/g, ""));
  const look = () => {
    const seen = number();
    const painted = new MessageChannel();
    painted.port1.onmessage = () => window.looks.push([Date.now(), seen]);
    requestAnimationFrame(() => painted.port2.postMessage(0));
  };
  const everything = { childList: true, characterData: true, subtree: true };
  new MutationObserver(look).observe(document.querySelector(selector), everything);
  look();
}"""


async def seen(page: Page, calls: int) -> list[Look]:
    """What the wall showed and when (monotonic), until it counted so many calls; raises TimeoutError."""
    ahead = time.time() - time.monotonic()
    async with asyncio.timeout(GIVE_UP_SECONDS):
        while True:
            looks = [Look(at / 1000 - ahead, n, n) for at, n in await page.evaluate("window.looks")]
            if looks and looks[-1].touchpoints >= calls:
                return looks
            await asyncio.sleep(0.5)


async def measure(bootstrap: str, exporter: Program, rates: Sequence[float], seconds: float) -> list[Waits]:
    """Waits of touchpoints at each rate."""
    url = re.findall(r"http://\S+", await asyncio.to_thread(exporter.until, "http://"))[0].rstrip("/")
    found = []
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", linger_ms=2, max_batch_size=1 << 18)
    async with producer, async_playwright() as play:
        caller = Caller(producer)
        await caller.people()
        await caller.steadily(50, WARM_UP_CALLS)
        browser = await play.chromium.launch(executable_path=chromium.PROGRAM, args=chromium.FLAGS)
        page = await browser.new_page(viewport={"width": 1920, "height": 1080})
        await page.goto(f"{url}/wall")
        await page.wait_for_selector(NUMBER)
        for rate in rates:
            await page.evaluate(WATCH, NUMBER)
            await seen(page, caller.calls)
            await page.evaluate("window.looks.splice(0, window.looks.length - 1)")
            sent = await caller.steadily(rate, max(2, round(rate * seconds)))
            found.append(waits("touchpoints", rate, sent, await seen(page, caller.calls)))
            print(found[-1])
        await browser.close()
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rates", default="20,500")
    parser.add_argument("--seconds", type=float, default=20)
    options = parser.parse_args(arguments)
    run([float(rate) for rate in options.rates.split(",")], options.seconds, measure)


if __name__ == "__main__":
    main()
