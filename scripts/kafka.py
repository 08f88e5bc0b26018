"""Run Apache Kafka on loopback, for tests and benchmarks: no Docker, no configuration, nothing left behind.

    python scripts/kafka.py [--brokers 1|3] [--dir DIR]

The first line on standard output is the bootstrap servers, printed when every broker is ready. It stays in the
foreground and stops everything on SIGTERM or SIGINT, and when its parent dies. A broker that is killed comes back
after five seconds; the process ids are in DIR/broker-N/pid. Artefacts come from Maven Central once, into
var/kafka-libs (or $FLOORPULSE_KAFKA_LIBS). Standard library only; needs Java 17 or newer, and Maven for the first run.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
POM = Path(__file__).with_name("kafka-pom.xml")
CLUSTER_ID = "MkU3OEVBNTcwNTJENDM2Qk"
READY = "Kafka Server started"
BACK_AFTER_SECONDS = 5.0
START_SECONDS = 120.0
LOG4J = """\
status = error
appender.out.type = Console
appender.out.name = out
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = %d %p %m (%c)%n%throwable
rootLogger.level = warn
rootLogger.appenderRef.out.ref = out
logger.started.name = kafka.server.KafkaRaftServer
logger.started.level = info
"""


def libraries() -> Path:
    """The folder with the jars, filled by Maven when it is empty."""
    folder = Path(os.environ.get("FLOORPULSE_KAFKA_LIBS") or ROOT / "var" / "kafka-libs")
    if any(folder.glob("kafka_*.jar")):
        return folder
    if shutil.which("mvn") is None:
        sys.exit(
            f"kafka.py: no jars in {folder} and no `mvn` to fetch them: install Maven or set FLOORPULSE_KAFKA_LIBS"
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(
        dir=folder.parent
    ) as fresh:  # renamed when whole, so that a broken download is no cache
        fetched = Path(fresh) / "libs"
        command = [
            "mvn",
            "-q",
            "-B",
            "-Dstyle.color=never",
            "-f",
            str(POM),
            "dependency:copy-dependencies",
            f"-DoutputDirectory={fetched}",
        ]
        if subprocess.run(command, stdout=sys.stderr, check=False).returncode:
            sys.exit("kafka.py: Maven could not fetch Apache Kafka (see above): is the network there?")
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
        try:
            fetched.rename(folder)
        except OSError:  # somebody else was faster
            if not any(folder.glob("kafka_*.jar")):
                raise
    return folder


def free_ports(count: int) -> list[int]:
    """Ports below the range of outgoing connections, so that none is taken while a killed broker is away."""
    found: list[int] = []
    while len(found) < count:
        port = 20_000 + secrets.randbelow(12_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        if port not in found:
            found.append(port)
    return found


def die_with_parent() -> None:
    """Linux: have the kernel end this process when the one that started it is gone, kill -9 included."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


class Cluster:
    """Brokers that are their own controllers, each in its folder below `root`."""

    def __init__(self, root: Path, brokers: int) -> None:
        self.root, self.brokers, self.libs = root, brokers, libraries()
        ports = free_ports(2 * brokers)
        self.ports, self.controllers = ports[:brokers], ports[brokers:]
        self.processes: dict[int, subprocess.Popen[bytes]] = {}
        self.bootstrap = ",".join(f"127.0.0.1:{port}" for port in self.ports)

    def java(self, *arguments: str) -> list[str]:
        """The command that runs a class of Kafka's."""
        log4j = f"-Dlog4j2.configurationFile={self.root / 'log4j2.properties'}"
        return [
            "java",
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            log4j,
            "-cp",
            f"{self.libs}/*",
            *arguments,
        ]

    def home(self, number: int) -> Path:
        """The folder of a broker."""
        return self.root / f"broker-{number}"

    def configure(self) -> None:
        """Write every broker's configuration and format its log."""
        self.root.mkdir(parents=True, exist_ok=True)
        (self.root / "log4j2.properties").write_text(LOG4J)
        voters = ",".join(f"{n}@127.0.0.1:{port}" for n, port in enumerate(self.controllers, 1))
        safe = max(1, self.brokers - 1)
        formatting = []
        for number in range(1, self.brokers + 1):
            home = self.home(number)
            home.mkdir(exist_ok=True)
            data, controller = self.ports[number - 1], self.controllers[number - 1]
            settings = {
                "process.roles": "broker,controller",
                "node.id": number,
                "controller.quorum.voters": voters,
                "listeners": f"PLAINTEXT://127.0.0.1:{data},CONTROLLER://127.0.0.1:{controller}",
                "advertised.listeners": f"PLAINTEXT://127.0.0.1:{data}",
                "controller.listener.names": "CONTROLLER",
                "log.dirs": home / "log",
                "offsets.topic.replication.factor": self.brokers,
                "offsets.topic.num.partitions": 8,
                "transaction.state.log.replication.factor": self.brokers,
                "transaction.state.log.min.isr": safe,
                "transaction.state.log.num.partitions": 8,
                "default.replication.factor": self.brokers,
                "min.insync.replicas": safe,
                "auto.create.topics.enable": "false",
                "group.initial.rebalance.delay.ms": 0,
                "num.network.threads": 2,
                "num.io.threads": 4,
                "log.cleaner.dedupe.buffer.size": 16 << 20,
            }
            path = home / "server.properties"
            path.write_text("".join(f"{key}={value}\n" for key, value in settings.items()))
            if not (home / "log" / "meta.properties").exists():
                command = self.java("kafka.tools.StorageTool", "format", "-t", CLUSTER_ID, "-c", str(path))
                formatting.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, preexec_fn=die_with_parent))  # noqa: PLW1509  # one thread
        if sum(process.wait() for process in formatting):
            sys.exit("kafka.py: the log folders could not be formatted (see above); is this Java 17 or newer?")

    def start(self, number: int) -> None:
        """Start one broker; what it says goes to out.log beside its configuration."""
        home = self.home(number)
        with (home / "out.log").open("ab") as log:
            command = self.java("kafka.Kafka", str(home / "server.properties"))
            process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, preexec_fn=die_with_parent)  # noqa: PLW1509  # one thread
        (home / "pid").write_text(str(process.pid))
        self.processes[number] = process

    def wait_ready(self) -> None:
        """Return when every broker takes requests."""
        until = time.monotonic() + START_SECONDS
        for number, process in self.processes.items():
            log = self.home(number) / "out.log"
            while READY not in log.read_text(errors="replace"):
                if process.poll() is not None or time.monotonic() > until:
                    sys.stderr.write(log.read_text(errors="replace")[-4000:])
                    sys.exit(f"kafka.py: broker {number} did not start (its log is above)")
                time.sleep(0.1)

    def stop(self) -> None:
        """End every broker. The data is thrown away or tests start over, so there is no point in asking politely."""
        for process in self.processes.values():
            process.kill()
        for process in self.processes.values():
            process.wait()


def serve(cluster: Cluster, parent: int) -> None:
    """Bring brokers back that were killed, until told to stop or left alone by the process that started this one."""
    stopping = {signal.SIGINT, signal.SIGTERM}
    back: dict[int, float] = {}
    while not signal.sigtimedwait(stopping, 0.5) and os.getppid() == parent:
        for number, process in cluster.processes.items():
            if process.poll() is not None and time.monotonic() > back.setdefault(
                number, time.monotonic() + BACK_AFTER_SECONDS
            ):
                del back[number]
                cluster.start(number)


def main() -> None:
    """The command."""
    parent = os.getppid()  # asked before anything is said: who hears that brokers are ready may be gone at once
    parser = argparse.ArgumentParser(description="Apache Kafka on loopback, for tests and benchmarks")
    parser.add_argument("--brokers", type=int, choices=(1, 3), default=1)
    parser.add_argument("--dir", type=Path, help="where logs and data go; default: a folder that is removed at the end")
    options = parser.parse_args()
    if shutil.which("java") is None:
        sys.exit("kafka.py: no `java`: install a Java runtime, 17 or newer")
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    with tempfile.TemporaryDirectory(prefix="floorpulse-kafka-") as scratch:
        cluster = Cluster(options.dir or Path(scratch), options.brokers)
        try:
            cluster.configure()
            for number in range(1, options.brokers + 1):
                cluster.start(number)
            cluster.wait_ready()
            print(cluster.bootstrap, flush=True)
            serve(cluster, parent)
        finally:
            cluster.stop()


if __name__ == "__main__":
    main()
