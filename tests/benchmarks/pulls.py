"""Pulls killed at random moments, and a cache that several processes pull into, evict from and verify at once.

python tests/benchmarks/pulls.py 20 60        so many kills, so many seconds
"""

from __future__ import annotations

import contextlib
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))

from hf_nb.offline.running import Running
from tests.hub.pulling import (
    PARTS,
    REPO,
    begin,
    contents,
    environment,
    fetched,
    files,
    finish,
    hashes,
    parts,
    serving,
    whole,
)

SLOW_SECONDS = 1.2
KILLS_A_PULL = 4
# What two processes do to one cache until the time is over: pull, evict, verify, look.
_WORK = """
import random, sys, time
import hf_nb
from hf_nb import errors
done = dict(pull=0, trim=0, verify=0, status=0, evicted=0)
dice, ends = random.Random(int(sys.argv[1])), time.monotonic() + float(sys.argv[2])  # noqa: S311 -- a die
while time.monotonic() < ends:
    what = dice.choice(["pull", "pull", "trim", "verify", "status"])
    if what == "pull":
        repo = dice.choice(sys.argv[3:])
        pulled = hf_nb.pull(repo)
    elif what == "trim":
        from hf_nb.plumbing import session
        session.use(None)  # another session: what the last one pulled may go
        done["evicted"] += len(hf_nb.cache.trim(dice.choice([0, 400_000, 900_000])))
    else:
        rows = hf_nb.cache.verify() if what == "verify" else hf_nb.cache.status()
        broken = [row for row in rows if row.state == "damaged" and row.commit]
        assert not broken, [(row.id, row.note) for row in broken]
    done[what] += 1
print(done)
"""
# Pulls, says how that ended, evicts it all and waits for the next; a signal that comes too late changes nothing.
_STOPPED = """
import sys, hf_nb
from hf_nb.plumbing import session
hf_nb.pull(sys.argv[1])
while True:
    try:
        print("pulling", flush=True)
        hf_nb.pull(sys.argv[1])
        ended = "done"
    except KeyboardInterrupt:
        ended = "stopped"
    said = False
    while True:
        try:
            said = said or print(ended, flush=True) is None
            if not sys.stdin.readline():
                sys.exit()
            break
        except KeyboardInterrupt:
            pass
    session.use(None)
    hf_nb.cache.trim(0)
"""


@dataclass
class Tally:
    """What a trial saw."""

    pulls: int = 0
    kills: int = 0
    early: int = 0  # of these, before the first byte of a file had arrived
    finished: int = 0  # files that were whole at a kill
    again: int = 0  # … of these, fetched once more: must be none
    resumed: int = 0  # parts that went on where they stopped
    useful: int = 0
    sent: int = 0

    def __str__(self) -> str:
        return (
            f"{self.pulls} pulls killed {self.kills} times ({self.early} before the first byte): every one finished, "
            f"every checksum right\n{self.finished} files were whole at a kill, {self.again} of them fetched again; "
            f"{self.resumed} parts went on where they stopped\n{self.sent / 1e6:.1f} MB sent "
            f"for {self.useful / 1e6:.1f} MB"
        )


def killed(
    hub: Running, digests: dict[str, str], cache: Path, kills: int, dice: random.Random, tally: Tally
) -> None:
    """One pull, killed so many times, then let through."""
    names = {digest: path for path, digest in digests.items()}
    hub.clear_requests()
    before: set[str] = set()
    with contextlib.ExitStack() as slow:
        for part in range(1, PARTS + 1):  # so that some are whole when others have hardly begun
            seconds = SLOW_SECONDS * part / PARTS
            slow.enter_context(hub.fault("slow", origin="cdn", match=f"*-0000{part}-of-*", seconds=seconds))
        for _ in range(kills):
            start = hub.requests()
            _kill(hub, cache, dice, len(start))
            _judge(hub, before, names, tally, len(start))
            before = contents(cache) & names.keys()
            tally.kills += 1
            tally.early += not (before or any(parts(cache).values()))
            tally.finished += len(before)
        start = hub.requests()
        finish(hub, cache)
    _judge(hub, before, names, tally, len(start))
    whole(cache, digests)
    tally.pulls += 1
    tally.useful += sum(path.stat().st_size for path in (cache / "models--lab--many" / "blobs").iterdir())
    tally.sent += sum(line["sent"] for line in hub.requests() if not line["path"].startswith("/api/"))


def _kill(hub: Running, cache: Path, dice: random.Random, asked: int) -> None:
    with begin(hub, cache) as process:
        until = time.monotonic() + 60
        while len(hub.requests()) == asked and process.poll() is None and time.monotonic() < until:
            time.sleep(0.02)
        time.sleep(dice.uniform(0, SLOW_SECONDS * 0.9))
        process.kill()
        process.communicate()


def _judge(hub: Running, before: set[str], names: dict[str, str], tally: Tally, since: int) -> None:
    sent = fetched(hub, since)
    tally.again += sum(names[digest].rpartition("/")[2] in sent for digest in before)
    tally.resumed += sum(any(ranges) for ranges in sent.values())


def together(hub: Running, cache: Path, seconds: float, repos: list[str]) -> list[str]:
    """Two processes at one cache; what they counted."""
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", _WORK, str(seed), str(seconds), *repos],
            env=environment(hub, cache),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for seed in range(2)
    ]
    said = []
    for worker in workers:
        out, wrong = worker.communicate(timeout=seconds + 120)
        assert worker.returncode == 0, wrong
        said.append(out.strip())
    assert hashes(cache), "the cache is intact: every content is what its name says"
    return said


def interrupted(hub: Running, cache: Path, times: int, dice: random.Random) -> tuple[int, int]:
    """One process that pulls over and over and is interrupted at random moments: how often it was stopped, and done."""
    worker = subprocess.Popen(
        [sys.executable, "-c", _STOPPED, REPO],
        env=environment(hub, cache),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert worker.stdin
    assert worker.stdout
    said = []
    for _ in range(times):
        assert worker.stdout.readline().strip() == "pulling"
        time.sleep(dice.uniform(0, 0.4))
        worker.send_signal(signal.SIGINT)
        said.append(worker.stdout.readline().strip())
        time.sleep(0.1)  # a signal that comes with the line would lose it
        worker.stdin.write("on\n")
        worker.stdin.flush()
    worker.stdin.close()
    worker.wait(30)
    unknown = {one for one in said if one not in ("stopped", "done")}
    assert not unknown, f"neither stopped nor done: {unknown}"
    assert hashes(cache), "the cache is intact"
    return said.count("stopped"), said.count("done")


def main(kills: int, seconds: float) -> int:
    """Every trial; the exit code."""
    dice, tally, began = random.Random(kills), Tally(), time.monotonic()  # noqa: S311 -- a die
    try:
        with (
            tempfile.TemporaryDirectory(prefix="hf-nb-pulls-") as folder,
            serving(Path(folder)) as (hub, digests),
        ):
            for number in range(-(-kills // KILLS_A_PULL)):
                cache = Path(folder) / f"cache-{number}"
                killed(hub, digests, cache, min(KILLS_A_PULL, kills - tally.kills), dice, tally)
        assert not tally.again, "a finished file was fetched again"
        print(f"{tally}\nin {time.monotonic() - began:.0f} s", flush=True)
        with (
            tempfile.TemporaryDirectory(prefix="hf-nb-pulls-") as folder,
            serving(Path(folder), files(part_bytes=100_000), more=3) as (hub, _),
        ):
            stopped, done = interrupted(hub, Path(folder) / "stopped", max(kills, 5) * 5, dice)
            print(
                f"one process interrupted {stopped + done} times: {stopped} stopped, {done} done by then; intact"
            )
            for line in together(
                hub, Path(folder) / "cache", seconds, [REPO, *(f"{REPO}-{n}" for n in range(3))]
            ):
                print(f"two processes, {seconds:.0f} s: {line}; intact", flush=True)
    except AssertionError as wrong:
        print(f"{tally}\nWRONG: {wrong}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*(int(word) for word in (sys.argv[1:] + ["20", "60"][len(sys.argv) - 1 :]))))
