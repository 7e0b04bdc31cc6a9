"""A client that writes to an offline Hub until its input ends, and notes what it asked for and what was acknowledged.

python tests/benchmarks/writers.py URL NAME JOURNAL SEED [official]

Every line of the journal is one thing asked for, then a second line with the answer: {"n", "state", …}, the state being
done, refused or lost. What has no second line, or was lost, may have happened or not.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import http.client
import json
import os
import random
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

SHARED = tuple(f"lab/shared-{number}" for number in range(3))
FILES = 8  # names a writer uses again and again, so that trees stay small
_PATIENCE = 20
Lost = (OSError, http.client.HTTPException)


def token(name: str) -> str:
    """A writer's token."""
    return f"hf_{name}_offline"


def digest(content: bytes) -> str:
    """What a journal says of a content."""
    return hashlib.sha256(content).hexdigest()


class Refused(Exception):
    """The Hub has answered, and said no."""


class Writer:
    """One client, its journal and its dice."""

    def __init__(self, url: str, name: str, journal: Path, seed: int) -> None:
        self.url, self.name = url, name
        self.dice = random.Random(seed)  # noqa: S311 -- a die
        self.count = 0
        self._journal = journal.open("a", encoding="utf-8")
        self._own: list[str] = []  # files of each shared repository that are surely there: repo/path
        self._branches: list[tuple[str, str]] = []
        self._scratch: list[str] = []
        self._open = urllib.request.build_opener(urllib.request.ProxyHandler({})).open

    def note(self, **line: Any) -> None:
        """One line, in the file before anything else happens."""
        self._journal.write(json.dumps({"n": self.count, **line}) + "\n")
        self._journal.flush()

    def step(self) -> None:
        """One thing asked for, and how it went."""
        self.count += 1
        try:
            done = self.dice.choices(*zip(*self.verbs(), strict=True))[0]()
        except Refused as refused:
            self.note(state="refused", why=str(refused)[:300])
        except Lost as lost:
            self.note(state="lost", why=repr(lost)[:200])
            self._wait_for_the_hub()
        else:
            self.note(state="done", **done)

    def _wait_for_the_hub(self) -> None:
        found = urlsplit(self.url)
        while True:
            with contextlib.suppress(OSError), socket.create_connection((found.hostname, found.port), 2):
                return
            time.sleep(0.02)

    def verbs(self) -> list[tuple[Any, int]]:
        """What it does, and how often."""
        return [
            (self.small, 40),
            (self.large, 14),
            (self.parts, 6),
            (self.branch, 6),
            (self.on_branch, 8),
            (self.squash, 3),
            (self.unbranch, 3),
            (self.propose, 6),
            (self.create, 5),
            (self.delete, 3),
            (self.tag, 3),
        ]

    # -- what it does

    def small(self) -> dict[str, Any]:
        repo = self.dice.choice(SHARED)
        contents = self._contents(self.dice.randint(1, 4))
        gone = [path for path in self._some_gone(repo) if path not in contents]
        return self.commit(repo, "main", contents, gone=gone)

    def large(self) -> dict[str, Any]:
        content = self.dice.randbytes(self.dice.randint(1, 60_000))
        return self._large(self.dice.choice(SHARED), content)

    def parts(self) -> dict[str, Any]:
        """More than the trial's Hub takes in one piece."""
        return self._large(self.dice.choice(SHARED), self.dice.randbytes(self.dice.randint(300_000, 900_000)))

    def branch(self) -> dict[str, Any]:
        repo, name = self.dice.choice(SHARED), f"{self.name}-{self.count}"
        self.note(kind="branch", repo=repo, name=name)
        self.ask("POST", f"/api/models/{repo}/branch/{name}", {"startingPoint": "main"})
        self._branches.append((repo, name))
        return {}

    def on_branch(self) -> dict[str, Any]:
        if not self._branches:
            return self.branch()
        repo, name = self.dice.choice(self._branches)
        return self.commit(repo, name, self._contents(2))

    def squash(self) -> dict[str, Any]:
        if not self._branches:
            return self.branch()
        repo, name = self.dice.choice(self._branches)
        self.note(kind="squash", repo=repo, name=name)
        self.ask("POST", f"/api/models/{repo}/super-squash/{name}", {"message": f"{self.name} squash"})
        return {}

    def unbranch(self) -> dict[str, Any]:
        if len(self._branches) < 3:
            return self.branch()
        repo, name = self._branches.pop(0)
        self.note(kind="unbranch", repo=repo, name=name)
        self.ask("DELETE", f"/api/models/{repo}/branch/{name}")
        return {}

    def propose(self) -> dict[str, Any]:
        return self.commit(self.dice.choice(SHARED), "main", self._contents(2), pull=True)

    def create(self) -> dict[str, Any]:
        name = f"{self.name}/scratch-{self.count}"
        self.note(kind="create", repo=name)
        self.ask("POST", "/api/repos/create", {"name": name.partition("/")[2], "type": "model"})
        self._scratch.append(name)
        return {}

    def delete(self) -> dict[str, Any]:
        if not self._scratch:
            return self.create()
        name = self._scratch.pop(0)
        self.note(kind="delete", repo=name)
        self.ask("DELETE", "/api/repos/delete", {"name": name.partition("/")[2], "type": "model"})
        return {}

    def tag(self) -> dict[str, Any]:
        repo, name = self.dice.choice(SHARED), f"{self.name}-t{self.count}"
        self.note(kind="tag", repo=repo, name=name)
        self.ask("POST", f"/api/models/{repo}/tag/main", {"tag": name})
        return {}

    # -- how it does it

    def commit(
        self,
        repo: str,
        rev: str,
        contents: Mapping[str, bytes],
        *,
        gone: list[str] | None = None,
        pull: bool = False,
    ) -> dict[str, Any]:
        """Small files in one request."""
        self._announce(repo, rev, contents, gone or [], pull=pull)
        lines: list[Any] = [
            {"key": "file", "value": {"path": path, "content": _base64(content), "encoding": "base64"}}
            for path, content in contents.items()
        ]
        lines += [{"key": "deletedFile", "value": {"path": path}} for path in gone or []]
        done = self._send(repo, rev, lines, pull=pull)
        if rev == "main" and not pull:
            self._own += [f"{repo}/{path}" for path in contents]
        return done

    def _large(self, repo: str, content: bytes) -> dict[str, Any]:
        path, sha = f"{self.name}/{self.dice.randrange(FILES)}.bin", digest(content)
        self._announce(repo, "main", {path: content}, [])
        self.upload(repo, sha, content)
        value = {"path": path, "algo": "sha256", "oid": sha, "size": len(content)}
        return self._send(repo, "main", [{"key": "lfsFile", "value": value}])

    def upload(self, repo: str, sha: str, content: bytes) -> None:
        """As the official client does: a batch, the bytes, the verification."""
        wanted = {
            "operation": "upload",
            "transfers": ["basic", "multipart"],
            "objects": [{"oid": sha, "size": len(content)}],
        }
        one = self.ask("POST", f"/{repo}.git/info/lfs/objects/batch", wanted)["objects"][0]
        if "actions" not in one:
            return
        upload = one["actions"]["upload"]
        size = int(upload["header"].pop("chunk_size", 0))
        if not size:
            self.put(upload["href"], content)
        else:
            parts = [
                {
                    "partNumber": int(n),
                    "etag": self.put(href, content[(int(n) - 1) * size : int(n) * size]),
                }
                for n, href in upload["header"].items()
            ]
            self.ask("POST", upload["href"], {"oid": sha, "parts": parts})
        self.ask("POST", one["actions"]["verify"]["href"], {"oid": sha, "size": len(content)})

    def put(self, href: str, content: bytes) -> str:
        """A content or a part; its etag."""
        with self._asked(urllib.request.Request(href, data=content, method="PUT")) as answer:  # noqa: S310 -- loopback
            return str(answer.headers["etag"])

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """One request in JSON, or in lines of it."""
        url = path if path.startswith("http") else self.url + path
        data = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else None
        kind = "application/x-ndjson" if isinstance(body, bytes) else "application/json"
        headers = {"authorization": f"Bearer {token(self.name)}", "content-type": kind}
        with self._asked(urllib.request.Request(url, data=data, method=method, headers=headers)) as answer:  # noqa: S310 -- loopback
            text = answer.read()
        try:
            return json.loads(text) if text.startswith((b"{", b"[")) else None
        except ValueError:
            raise ConnectionError("half an answer") from None

    def _asked(self, request: urllib.request.Request) -> Any:
        try:
            return self._open(request, timeout=_PATIENCE)
        except urllib.error.HTTPError as refused:
            with refused:
                raise Refused(f"{request.full_url}: {refused.code} {refused.read()!r}") from None

    def _announce(
        self, repo: str, rev: str, contents: Mapping[str, bytes], gone: list[str], *, pull: bool = False
    ) -> None:
        put = {path: digest(content) for path, content in contents.items()}
        self.note(kind="commit", repo=repo, rev=rev, title=self.title, put=put, gone=gone, pull=pull)

    @property
    def title(self) -> str:
        """The commit of this step, like no other."""
        return f"{self.name}-{self.count}"

    def _send(self, repo: str, rev: str, lines: list[Any], *, pull: bool = False) -> dict[str, Any]:
        body = "\n".join(
            json.dumps(line) for line in [{"key": "header", "value": {"summary": self.title}}, *lines]
        )
        answer = self.ask(
            "POST", f"/api/models/{repo}/commit/{rev}{'?create_pr=1' if pull else ''}", body.encode()
        )
        done = {"oid": answer["commitOid"]}
        return (
            done | {"pull": int(answer["pullRequestUrl"].rpartition("/")[2])}
            if "pullRequestUrl" in answer
            else done
        )

    def _contents(self, count: int) -> dict[str, bytes]:
        return {
            f"{self.name}/{self.dice.randrange(FILES)}.txt": self.dice.randbytes(self.dice.randint(1, 3000))
            for _ in range(count)
        }

    def _some_gone(self, repo: str) -> list[str]:
        """A file that is there for certain, now and then."""
        mine = [path for path in self._own if path.startswith(repo + "/")]
        if not mine or self.dice.random() > 0.2:
            return []
        gone = self.dice.choice(mine)
        self._own = [path for path in self._own if path != gone]
        return [gone.removeprefix(repo + "/")]


class Official(Writer):
    """The same with the official client, as far as it goes; it waits longer after each kill."""

    def __init__(self, url: str, name: str, journal: Path, seed: int) -> None:
        super().__init__(url, name, journal, seed)
        from huggingface_hub import HfApi

        self.api = HfApi(endpoint=url, token=token(name))

    def _write(
        self, repo: str, rev: str, contents: Mapping[str, bytes], gone: list[str], *, pull: bool
    ) -> dict[str, Any]:
        from huggingface_hub import CommitOperationAdd, CommitOperationDelete
        from huggingface_hub.errors import HfHubHTTPError
        from huggingface_hub.utils import httpx

        operations: list[Any] = [CommitOperationAdd(path, content) for path, content in contents.items()]
        operations += [CommitOperationDelete(path) for path in gone]
        try:
            made = self.api.create_commit(
                repo, operations, commit_message=self.title, revision=rev, create_pr=pull
            )
        except HfHubHTTPError as refused:
            raise Refused(str(refused)) from None
        except (httpx.HTTPError, RuntimeError, ValueError) as lost:
            raise ConnectionError(repr(lost)) from None
        return {"oid": made.oid} | ({"pull": made.pr_num} if pull else {})

    def commit(
        self,
        repo: str,
        rev: str,
        contents: Mapping[str, bytes],
        *,
        gone: list[str] | None = None,
        pull: bool = False,
    ) -> dict[str, Any]:
        self._announce(repo, rev, contents, gone or [], pull=pull)
        done = self._write(repo, rev, contents, gone or [], pull=pull)
        if rev == "main" and not pull:
            self._own += [f"{repo}/{path}" for path in contents]
        return done

    def _large(self, repo: str, content: bytes) -> dict[str, Any]:
        path = f"{self.name}/{self.dice.randrange(FILES)}.bin"
        self._announce(repo, "main", {path: content}, [])
        return self._write(repo, "main", {path: content}, [], pull=False)


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def main(url: str, name: str, journal: str, seed: str, kind: str = "") -> None:
    """Write until the input ends."""
    ended = threading.Event()

    def wait() -> None:
        while os.read(0, 1024):
            pass
        ended.set()

    threading.Thread(target=wait, daemon=True).start()
    writer = (Official if kind else Writer)(url, name, Path(journal), int(seed))
    while not ended.is_set():
        writer.step()


if __name__ == "__main__":
    main(*sys.argv[1:])
