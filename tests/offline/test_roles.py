"""Who may do what, route by route: this walks the table of the server, so a new route without a line here fails.

    hf-nb hub serve --user a:hf_a_offline --user b:hf_b_offline --user a:hf_a_reads:read

What is private to `a` is to `b` as if it were not there. What changes a repository is for those who may write, what
joins a conversation for everybody with a token that may write, and nothing at all for a token that may only read.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from hf_nb.offline.repos import TYPES
from hf_nb.offline.running import Running, start
from hf_nb.offline.server.table import ROUTES
from hf_nb.offline.store import Store
from tests.offline.small import DAY

pytestmark = pytest.mark.slow
TOKENS = {"a": "hf_a_offline", "b": "hf_b_offline", "reads": "hf_a_reads", "nobody": ""}
SHA = "a" * 64
BIG = hashlib.sha256(b"large").hexdigest()


@dataclass(frozen=True)
class Write:
    """One changing route: who may use it, and what a right request brings."""

    right: str  # write: may change the repository; part: has a token that may write; read: changes nothing
    body: Any = None
    answer: tuple[int, ...] = (200,)  # to the owner


LINES = (
    '{"key":"header","value":{"summary":"one"}}\n{"key":"file","value":{"path":"new.txt","content":"MQ=="}}'
)
OBJECT = {"operation": "upload", "transfers": ["basic"], "objects": [{"oid": SHA, "size": 3}]}
REPO = "/api/{types}/{ns}/{name}"
WRITES = {
    f"POST {REPO}/duplicate": Write("part", {"repository": "OWN/copy-KIND-NAME"}),
    f"POST {REPO}/preupload/{{rev}}": Write("write", {"files": [{"path": "x", "size": 1, "sample": ""}]}),
    f"POST {REPO}/commit/{{rev}}": Write("write", LINES),
    f"POST {REPO}/branch/{{rev}}": Write("write", {}),
    f"POST {REPO}/tag/{{rev}}": Write("write", {"tag": "v9"}),
    f"POST {REPO}/super-squash/{{rev}}": Write("write", {"message": "one"}),
    f"POST {REPO}/discussions": Write("part", {"title": "t", "description": "d", "pullRequest": False}),
    f"POST {REPO}/discussions/{{num}}/comment": Write("part", {"comment": "c"}),
    f"POST {REPO}/discussions/{{num}}/comment/{{comment}}/edit": Write("write", {"content": "c"}),
    f"POST {REPO}/discussions/{{num}}/comment/{{comment}}/hide": Write("write", {}),
    f"POST {REPO}/discussions/{{num}}/title": Write("write", {"title": "t"}),
    f"POST {REPO}/discussions/{{num}}/status": Write("write", {"status": "closed"}),
    f"POST {REPO}/discussions/{{num}}/merge": Write("write", {}),
    f"POST {REPO}/discussions/{{num}}/pin": Write("write", {"pinned": True}),
    f"POST {REPO}/like": Write("part", {}),
    f"POST {REPO}/lfs-files/batch": Write("write", {"deletions": {"sha": ["BIG"], "rewriteHistory": True}}),
    f"POST {REPO}/lfs-files/duplicate": Write(
        "part", {"target": {"type": "KIND", "name": "OWN/home-KIND"}, "files": []}
    ),
    f"POST {REPO}/user-access-request/handle": Write("write", {"user": "asks", "status": "accepted"}),
    f"POST {REPO}/user-access-request/grant": Write("write", {"user": "b"}),
    f"POST {REPO}/user-access-request/batch": Write(
        "write", {"requests": [], "status": "accepted"}, (200, 400)
    ),
    f"POST {REPO}/user-access-request/cancel": Write("part", {}, (200, 404)),
    "POST /api/spaces/{ns}/{name}/restart": Write("write", {}),
    "POST /{folder*}{ns}/{name}/ask-access": Write("part", {}, (200, 400, 409)),
    "POST /{folder*}{ns}/{name}.git/info/lfs/objects/batch": Write("part", OBJECT),
    "POST /{folder*}{ns}/{name}.git/info/lfs/objects/verify": Write("part", {"oid": SHA, "size": 3}, (404,)),
    f"POST {REPO}/paths-info/{{rev}}": Write("read", {"paths": ["x.txt"]}),
    # nothing here is a model that could answer; who may ask one is tried in router/
    "POST /router/hf-inference/models/{ns}/{name}": Write("read", {"inputs": "x"}, (404,)),
    "POST /router/hf-inference/models/{ns}/{name}/pipeline/{task}": Write("read", {"inputs": "x"}, (404,)),
    "POST /router/hf-inference/models/{ns}/{name}/v1/chat/completions": Write(
        "read", {"messages": [{"role": "user", "content": "x"}]}, (404,)
    ),
    f"PUT {REPO}/settings": Write("write", {"private": True}),
    f"DELETE {REPO}/branch/{{rev}}": Write("write"),
    f"DELETE {REPO}/tag/{{rev}}": Write("write"),
    f"DELETE {REPO}/discussions/{{num}}": Write("write"),
    f"DELETE {REPO}/discussions/{{num}}/ref": Write("write", answer=(409,)),  # it is open still
    f"DELETE {REPO}/like": Write("part"),
    f"DELETE {REPO}/lfs-files/{{sha}}": Write("write"),
}
ALL = [f"{method} {pattern}" for method, table in ROUTES.items() for pattern in table]
ABOUT_A_REPO = [name for name in ALL if "{ns}/{name}" in name and "kernels" not in name]
CHANGING = [name for name in ABOUT_A_REPO if not name.startswith("GET ")]
REAL = [name for name in WRITES if WRITES[name].right != "read"]


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Repositories of `a` of every kind: private ones, public ones, and one for each changing route."""
    root = tmp_path_factory.mktemp("roles") / "store"
    store = Store.open(root)
    for name in ("a", "b", "asks"):
        store.user(name)
    for kind in TYPES:
        fill(store, kind, "a/secret", private=True)
        for place in range(len(WRITES)):
            fill(store, kind, f"a/r{place}")
        store.create_repo(kind, "a/home-" + kind, created_at=DAY)
        store.create_repo(kind, "b/home-" + kind, created_at=DAY)
        fill(store, kind, "a/open")
    store.close()
    users = (f"a:{TOKENS['a']}", f"b:{TOKENS['b']}", f"a:{TOKENS['reads']}:read")
    with start(root, users=users) as running:
        yield running


def fill(store: Store, kind: Any, id: str, *, private: bool = False) -> None:
    """A file, a large one, a branch, a tag, a discussion, a pull request, a like, somebody who asks for access."""
    rid = store.create_repo(kind, id, private=private, gated="manual", created_at=DAY)
    store.commit(kind, id, {"x.txt": b"1", "big.bin": b"large"}, title="first", author="a", date=DAY)
    store.point(rid, "heads", "dev", "main")
    store.point(rid, "tags", "v1", "main")
    store.discussion(kind, id, title="why", author="a", body="because", date=DAY)
    from hf_nb.offline.changes import Change

    blob = store.blobs.put_regular(b"proposed")
    store.propose(rid, Change("propose", "a", DAY, {"p.txt": blob}), base="refs/heads/main")
    store.like(kind, id, "a", date=DAY)
    with store.database.writing() as sql:
        values = (rid, "asks", "pending", "2025-03-01T12:00:00.000Z", "{}")
        sql.execute("INSERT INTO grants VALUES (?, ?, ?, ?, ?)", values)


@pytest.fixture(scope="module")
def ask(hub):
    from huggingface_hub.utils import httpx

    with httpx.Client(base_url=hub.url, timeout=10, trust_env=False) as client:

        def send(name: str, kind: str, id: str, who: str) -> Any:
            method, _, pattern = name.partition(" ")
            sample = WRITES.get(name, Write("read"))
            body = sample.body if isinstance(sample.body, str) else json.dumps(sample.body)
            own = "b" if who == "b" else "a"
            for word, value in {"OWN": own, "KIND": kind, "NAME": id.partition("/")[2], "BIG": BIG}.items():
                body = body.replace(word, value)
            token = {"authorization": f"Bearer {TOKENS[who]}"} if TOKENS[who] else {}
            kinds = {"content-type": "application/json"} if sample.body is not None else {}
            return client.request(
                method,
                address(hub, pattern, method, kind, id),
                content=body if sample.body is not None else None,
                headers=token | kinds,
            )

        yield send


def address(hub: Running, pattern: str, method: str, kind: str, id: str) -> str:
    """A pattern of the table with a repository's name and plausible values for the rest."""
    owner, _, name = id.partition("/")
    rev = "new" if method == "POST" and "/branch/" in pattern else "dev" if "/branch/" in pattern else "main"
    rev = "v1" if method == "DELETE" and "/tag/" in pattern else rev
    pull = any(word in pattern for word in ("merge", "/ref"))
    values = {
        "types": f"{kind}s", "folder*": "" if kind == "model" else f"{kind}s/", "ns": owner, "name": name,
        "rev": rev, "num": "2" if pull else "1", "path*": "x.txt", "span": "dev..main", "kind": "run",
        "status": "pending", "sha": BIG, "comment": comment_of(hub, kind, id), "task": "fill-mask",
        "config": "default", "split": "train", "file": "0.parquet",
    }  # fmt: skip
    return re.sub(r"\{([\w*]+)\}", lambda found: values[found[1]], pattern)


def comment_of(hub: Running, kind: str, id: str) -> str:
    with sqlite3.connect(hub.root / "hub.sqlite") as sql:
        row = sql.execute(
            "SELECT e.oid FROM events e JOIN repos r ON r.rid = e.rid"
            " WHERE r.type = ? AND r.id = ? AND e.num = 1 AND e.kind = 'comment'",
            (kind, id),
        ).fetchone()
    sql.close()
    return row[0] if row else "0" * 24


def everything(hub: Running) -> dict[str, list[tuple[Any, ...]]]:
    """All the Hub knows."""
    sql = sqlite3.connect(hub.root / "hub.sqlite")
    tables = [row[0] for row in sql.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found = {
        table: sorted(sql.execute(f"SELECT * FROM {table}").fetchall(), key=repr)  # noqa: S608
        for table in tables
        if not table.startswith(("names", "sqlite"))
    }
    sql.close()
    return found


def kinds_of(name: str) -> tuple[str, ...]:
    """The types a route is for."""
    fixed = re.search(r" /api/(model|dataset|space)s/", name)
    return (fixed[1],) if fixed else TYPES


def test_every_changing_route_about_a_repository_has_a_line_here():
    assert set(CHANGING) == set(WRITES)


@pytest.mark.parametrize("name", ABOUT_A_REPO)
def test_what_is_private_is_not_there_for_others(hub, ask, name):
    before = everything(hub)
    for kind in kinds_of(name):
        for who, status in (("b", 404), ("nobody", 401)):
            secret, missing = (ask(name, kind, f"a/{repo}", who) for repo in ("secret", "nothing"))
            assert (secret.status_code, secret.headers["x-error-code"]) == (status, "RepoNotFound"), kind
            assert secret.content == missing.content
    assert everything(hub) == before


@pytest.mark.parametrize("name", REAL)
@pytest.mark.parametrize("who", ["nobody", "reads", "b"])
def test_who_may_not_is_refused_and_nothing_changes(hub, ask, name, who):
    if who == "b" and WRITES[name].right == "part":
        pytest.skip("b may take part")
    before = everything(hub)
    for kind in kinds_of(name):
        answer = ask(name, kind, "a/open", who)
        assert answer.status_code == (401 if who == "nobody" else 403), (kind, answer.text)
        assert answer.headers["x-error-code"]
    assert everything(hub) == before


@pytest.mark.parametrize("name", WRITES)
def test_the_owner_may_and_the_same_request_then_does_something(hub, ask, name):
    place = list(WRITES).index(name)
    for kind in kinds_of(name):
        answer = ask(name, kind, f"a/r{place}", "a")
        assert answer.status_code in WRITES[name].answer, (kind, answer.text)


@pytest.mark.parametrize("name", [name for name in REAL if WRITES[name].right == "part"])
def test_anybody_with_a_token_that_may_write_takes_part(hub, ask, name):
    for kind in kinds_of(name):
        answer = ask(name, kind, "a/open", "b")
        assert answer.status_code in (200, 400, 404, 409) or answer.headers["x-error-code"] == "GatedRepo", (
            kind,
            answer.text,
        )


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/api/repos/create", {"name": "new", "organization": "a", "sdk": "static"}),
        ("DELETE", "/api/repos/delete", {"name": "open", "organization": "a"}),
        ("POST", "/api/repos/move", {"fromRepo": "a/open", "toRepo": "a/other"}),
        ("POST", "/api/repos/move", {"fromRepo": "b/home-KIND", "toRepo": "a/taken"}),
    ],
)
def test_repositories_named_in_a_body_are_as_safe(hub, kind, method, path, body):
    from huggingface_hub.utils import httpx

    content = json.dumps(body | {"type": kind}).replace("KIND", kind)
    before = everything(hub)
    for who, status in (("b", 403), ("reads", 403), ("nobody", 401)):
        headers = {"authorization": f"Bearer {TOKENS[who]}"} if TOKENS[who] else {}
        answer = httpx.request(method, hub.url + path, content=content, headers=headers, trust_env=False)
        assert answer.status_code in ((status, 404) if who == "reads" else (status,)), answer.text
    hidden = json.dumps({"name": "secret", "organization": "a", "type": kind})
    headers = {"authorization": f"Bearer {TOKENS['b']}"}
    answer = httpx.request(
        "DELETE", f"{hub.url}/api/repos/delete", content=hidden, headers=headers, trust_env=False
    )
    assert (answer.status_code, answer.headers["x-error-code"]) == (404, "RepoNotFound")
    assert everything(hub) == before
