"""Kill the offline Hub while four clients write, again and again: nothing acknowledged is lost, nothing is half there.

python tests/benchmarks/kills.py 200        so many kills
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))

from hf_nb.offline import history
from hf_nb.offline.store import Store
from hf_nb.offline.verify import verify
from tests.benchmarks.writers import SHARED, digest, token

WRITERS = ("ada", "bob", "cyd", "official")
# a Hub whose large files come in small parts, so that a trial need not send gigabytes
SERVER = (
    "from hf_nb.offline.server.routes import uploads; uploads.WHOLE, uploads.PART = 200_000, 100_000;"
    "from hf_nb.offline.__main__ import main; main()"
)


@dataclass
class Tally:
    """What a trial saw."""

    kills: int = 0
    early: int = 0  # of these, before the Hub had said where it listens
    asked: int = 0
    done: int = 0
    refused: int = 0
    open: int = 0  # no answer: done or not
    commits: int = 0  # acknowledged
    found: int = 0  # … and there with every byte, after every kill since
    unanswered: int = 0  # commits without an answer
    unanswered_there: int = 0  # … that are there, whole
    contents: int = 0
    bytes: int = 0
    leftovers: int = 0  # most found in one go after a kill
    why: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        return (
            f"{self.kills} kills ({self.early} while starting), {self.asked} writes asked for, {self.done} done, "
            f"{self.refused} refused, {self.open} without an answer\n"
            f"{self.commits} commits acknowledged, {self.found} found after every later kill; "
            f"{self.unanswered} without an answer, of which {self.unanswered_there} are there, whole\n"
            f"{self.contents} contents ({self.bytes} bytes) are what their names say; "
            f"at most {self.leftovers} leftovers of uploads at once, none after a start"
        )


class Trial:
    """One Hub's folder, four clients, and a die that says when the Hub is killed."""

    def __init__(self, folder: Path, seed: int = 0) -> None:
        self.root, self.folder = folder / "hub", folder
        self.dice = random.Random(seed)  # noqa: S311 -- a die
        self.tally = Tally()
        self.ports: tuple[int, int] = (0, 0)
        self.url = ""
        self._seen: set[str] = set()  # commits whose every byte was compared
        self._answers: dict[tuple[str, int], dict[str, Any]] = {}
        _fill(self.root)

    def run(self, kills: int) -> Tally:
        """So many kills; what is wrong raises an AssertionError that says what."""
        server = self._ready()
        with self._writers():
            for number in range(1, kills + 1):
                time.sleep(self.dice.uniform(0.05, 0.7))
                self._kill(server)
                self._check()
                while self.dice.random() < 0.1:
                    early = self._spawn()
                    time.sleep(self.dice.uniform(0, 0.6))
                    self._kill(early)
                    self.tally.early += 1
                    self._check()
                server = self._ready()
                self._ask_again()
                if number % 20 == 0:
                    print(
                        f"{self.tally.kills} kills, {self.tally.found} commits", file=sys.stderr, flush=True
                    )
        _end(server)
        self._check()
        return self.tally

    # -- the Hub

    def _spawn(self) -> subprocess.Popen[str]:
        server = subprocess.Popen(
            [sys.executable, "-c", SERVER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert server.stdin
        told: dict[str, Any] = {"root": str(self.root)}
        told |= dict(zip(("port", "cdn_port"), self.ports, strict=True))
        server.stdin.write(json.dumps(told) + "\n")
        server.stdin.flush()
        return server

    def _ready(self) -> subprocess.Popen[str]:
        before = set(_leftovers(self.root))
        self.tally.leftovers = max(self.tally.leftovers, len(before))
        server = self._spawn()
        assert server.stdout
        said = json.loads(server.stdout.readline())
        assert "url" in said, said
        self.url = said["url"]
        self.ports = tuple(urllib.parse.urlsplit(said[name]).port for name in ("url", "cdn_url"))
        assert not before & set(_leftovers(self.root)), "what nobody will finish is still there after a start"
        return server

    def _kill(self, server: subprocess.Popen[str]) -> None:
        _end(server)
        self.tally.kills += 1

    @contextlib.contextmanager
    def _writers(self) -> Iterator[None]:
        program = str(Path(__file__).with_name("writers.py"))
        running = [
            subprocess.Popen(
                [
                    *(sys.executable, program, self.url, name, str(self._journal(name)), str(number)),
                    *(["official"] if name == "official" else []),
                ],
                stdin=subprocess.PIPE,
                stderr=None if name != "official" else subprocess.DEVNULL,  # it tells of every kill
                env=os.environ | {"HF_HOME": str(self.folder / "home"), "HF_HUB_DISABLE_TELEMETRY": "1"},
            )
            for number, name in enumerate(WRITERS)
        ]
        try:
            yield
            assert all(writer.poll() is None for writer in running), "a client has failed"
        finally:
            for writer in running:
                assert writer.stdin
                writer.kill()
                writer.stdin.close()
                writer.wait()

    def _journal(self, name: str) -> Path:
        return self.folder / f"{name}.jsonl"

    # -- what must be so

    def _check(self) -> None:
        """While nobody serves: the whole store is sound, and holds what the journals say."""
        found = verify(self.root)
        assert not found.damages, "\n".join(map(str, found.damages))
        self.tally.contents, self.tally.bytes = found.contents, found.bytes
        store = Store.open(self.root)
        try:
            _Held(store, self._steps(), self.tally, self._seen).check()
        finally:
            store.close()

    def _steps(self) -> list[dict[str, Any]]:
        """Everything asked for so far, with the answer where there is one."""
        steps: dict[tuple[str, int], dict[str, Any]] = {}
        for name in WRITERS:
            journal = self._journal(name)
            text = journal.read_text(encoding="utf-8") if journal.exists() else ""
            for line in text.splitlines(keepends=True):
                if line.endswith("\n"):  # the last one may be on its way
                    said = json.loads(line)
                    steps.setdefault((name, said["n"]), {"writer": name, "state": "open"}).update(said)
        self._answers = steps
        return [step for step in steps.values() if "kind" in step]

    def _ask_again(self) -> None:
        """A few acknowledged files through the Hub that has just started."""
        done = [step for step in self._answers.values() if step["state"] == "done" and step.get("put")]
        for step in self.dice.sample(done, min(3, len(done))):
            path, sha = self.dice.choice(list(step["put"].items()))
            request = urllib.request.Request(f"{self.url}/{step['repo']}/resolve/{step['oid']}/{path}")  # noqa: S310 -- loopback
            request.add_header("authorization", f"Bearer {token('ada')}")
            with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 -- loopback
                assert digest(answer.read()) == sha, f"other bytes than acknowledged: {step}"


class _Held:
    """What a store holds of what was asked for."""

    def __init__(self, store: Store, steps: list[dict[str, Any]], tally: Tally, seen: set[str]) -> None:
        self.store, self.steps, self.tally, self.seen = store, steps, tally, seen
        self.sql = store.database.connection
        self.rids = {row["id"]: row["rid"] for row in store.database.all("SELECT rid, id FROM repos")}

    def check(self) -> None:
        """Count, and compare one by one."""
        states = Counter(step["state"] for step in self.steps)
        commits = [step for step in self.steps if step["kind"] == "commit"]
        tally = self.tally
        tally.asked, tally.done, tally.refused = len(self.steps), states["done"], states["refused"]
        tally.open = states["open"] + states["lost"]
        tally.why = Counter(
            f"{step['kind']}: {step['why'][-90:]}" for step in self.steps if step["state"] == "refused"
        )
        tally.commits = sum(step["state"] == "done" for step in commits)
        tally.found = tally.unanswered = tally.unanswered_there = 0
        mains = {repo: self._chain(repo) for repo in SHARED}
        for step in commits:
            self._commit(step, mains[step["repo"]])
        for repo, chain in mains.items():
            told = {step["title"] for step in commits if step["repo"] == repo}
            titles = Counter(commit.title for commit in chain.values())
            assert set(titles) - told <= {"initial commit"}, f"{repo} holds commits nobody asked for"
            assert max(titles.values()) == 1, f"{repo} holds a commit twice"
        for step in self.steps:
            if step["kind"] != "commit":
                self._other(step)

    def _chain(self, repo: str) -> dict[str, history.Commit]:
        rid = self.rids[repo]
        tip = history.target(self.sql, rid, history.MAIN)
        assert tip
        return {commit.oid: commit for commit in history.ancestors(self.sql, rid, tip)}

    def _commit(self, step: dict[str, Any], main: dict[str, history.Commit]) -> None:
        rid = self.rids[step["repo"]]
        rows = self.sql.execute(
            "SELECT oid FROM commits WHERE rid = ? AND title = ?", (rid, step["title"])
        ).fetchall()
        if step["state"] == "done":
            assert [row["oid"] for row in rows] == [step["oid"]], f"acknowledged and not there: {step}"
            self.tally.found += 1
            if step["rev"] == "main" and not step["pull"]:
                assert step["oid"] in main, f"acknowledged, and not on its branch: {step}"
            if step["pull"]:
                ref = history.target(self.sql, rid, f"refs/pr/{step['pull']}")
                assert ref == step["oid"], f"the pull request does not lead to its commit: {step}"
        elif step["state"] == "refused":
            assert not rows, f"refused and there: {step}"
            return
        else:
            assert len(rows) < 2, f"there twice: {step}"
            self.tally.unanswered += 1
            self.tally.unanswered_there += len(rows)
        for oid in {row["oid"] for row in rows} - self.seen:
            self.seen.add(oid)  # what it leads to cannot change, and `verify` sees that it stays sound
            blobs = history.blobs_of(self.sql, history.commit(self.sql, rid, oid).tree)
            for path, sha in step["put"].items():
                kept = blobs[path].sha256 or digest(self.store.blobs.read(blobs[path]))
                assert kept == sha, f"other bytes than sent: {path} of {step}"
            assert not set(step["gone"]) & set(blobs), f"a deleted file is there: {step}"

    def _other(self, step: dict[str, Any]) -> None:
        """What was made or taken away for good stays so."""
        if step["state"] != "done":
            return
        later = (
            [
                other["kind"]
                for other in self.steps
                if (other["repo"], other.get("name")) == (step["repo"], step.get("name"))
                and other["n"] > step["n"]
            ]
            if step["kind"] in ("branch", "create")
            else []
        )
        if step["kind"] in ("create", "delete"):
            there = step["repo"] in self.rids
        else:
            folder = "tags" if step["kind"] == "tag" else "heads"
            there = bool(history.target(self.sql, self.rids[step["repo"]], f"refs/{folder}/{step['name']}"))
        if step["kind"] in ("delete", "unbranch"):
            assert not there, f"taken away and there: {step}"
        elif step["kind"] == "tag" or not {"delete", "unbranch"} & set(later):
            assert there or step["kind"] == "squash", f"acknowledged and not there: {step}"


def _end(server: subprocess.Popen[str]) -> None:
    server.kill()
    server.wait()
    for pipe in (server.stdin, server.stdout):
        assert pipe
        with contextlib.suppress(OSError):
            pipe.close()


def _fill(root: Path) -> None:
    store = Store.open(root)
    store.organisation("lab", members=dict.fromkeys(WRITERS, "write"))
    for name in WRITERS:
        store.user(name, token(name), orgs={"lab": "write"})
    for repo in SHARED:
        store.create_repo("model", repo, created_at=datetime.now(UTC))
    store.close()


def _leftovers(root: Path) -> list[Path]:
    folders = (root / "blobs" / "incoming", root / "xet" / "incoming")
    return [path for folder in folders if folder.is_dir() for path in folder.iterdir()]


def main(kills: int) -> int:
    """One trial; the exit code."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="hf-nb-kills-") as folder:
        trial = Trial(Path(folder), seed=kills)
        try:
            trial.run(kills)
        except AssertionError as wrong:
            print(trial.tally)
            print(f"WRONG: {wrong}")
            return 1
    print(f"{trial.tally}\nin {time.monotonic() - began:.0f} s", flush=True)
    for why, count in trial.tally.why.most_common(5):
        print(f"refused {count} times: {why}")
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
