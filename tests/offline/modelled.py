"""A Hub as simple as can be, and a machine that does the same to it and to a real one and compares.

Model       {repository: {ref: [every commit's files]}}
Direct      the same verbs on a Store
Served      the same verbs through the official client; `again` kills the Hub and starts it on the same folder
"""

from __future__ import annotations

import contextlib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, Protocol

from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi
from huggingface_hub.errors import HfHubHTTPError
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from hf_nb.errors import HfNbError
from hf_nb.offline import history, lfs, repos, upkeep
from hf_nb.offline.changes import Change
from hf_nb.offline.running import start
from hf_nb.offline.store import Store
from hf_nb.offline.verify import verify
from tests.offline.small import DAY

Files = dict[str, bytes]
Line = list[tuple[str, Files]]  # the commits of a ref, oldest first: title and all files
MAIN = "refs/heads/main"
ME, TOKEN = "me", "hf_me_offline"
NAMES = some.sampled_from(["me/a", "me/b", "me/C"])
BRANCHES = some.sampled_from(["dev", "v2"])
PATHS = some.sampled_from(["x", "x/y.txt", "d/a.txt", "d/w.bin", "d/e/f.txt", "w.safetensors", "README.md"])
CARDS = (b"", b"# hi\n", b"---\ntags: [red]\n---\n", b"---\ntags: [red, blue]\nlicense: mit\n---\n")
CONTENTS = some.one_of(some.sampled_from(CARDS), some.binary(max_size=40))
# a card is text: the client reads it before it sends it
PUTS = some.dictionaries(PATHS, CONTENTS, min_size=1, max_size=3).map(
    lambda put: {path: CARDS[len(put[path]) % 4] if path == "README.md" else put[path] for path in put}
)


class No(Exception):
    """The Hub, real or not, does not do this."""


class Hub(Protocol):
    """The verbs; each raises `No` or does it."""

    def create(self, repo: str, *, private: bool) -> None: ...
    def commit(self, repo: str, ref: str, title: str, put: Files, gone: list[str]) -> None: ...
    def late_commit(self, repo: str, title: str) -> None: ...
    def branch(self, repo: str, name: str, *, tag: bool) -> None: ...
    def unbranch(self, repo: str, name: str, *, tag: bool) -> None: ...
    def squash(self, repo: str, ref: str, title: str) -> None: ...
    def propose(self, repo: str, title: str, put: Files) -> int: ...
    def merge(self, repo: str, number: int) -> None: ...
    def move(self, repo: str, to: str) -> None: ...
    def duplicate(self, repo: str, to: str) -> None: ...
    def delete(self, repo: str) -> None: ...
    def settings(self, repo: str, *, private: bool) -> None: ...
    def again(self) -> None: ...
    def clear(self) -> None: ...
    def close(self) -> None: ...
    def state(self) -> dict[str, dict[str, tuple[int, Files]]]: ...
    def private(self) -> dict[str, bool]: ...


class Model:
    """What a Hub is, without any of its difficulties."""

    def __init__(self) -> None:
        self.repos: dict[str, dict[str, Line]] = {}
        self.hidden: dict[str, bool] = {}
        self.pulls: dict[str, int] = {}

    def create(self, repo: str, *, private: bool) -> None:
        self._free(repo)
        self.repos[repo] = {
            MAIN: [("initial commit", {history.ATTRIBUTES: lfs.starting_attributes("model")})]
        }
        self.hidden[repo], self.pulls[repo] = private, 0

    def commit(self, repo: str, ref: str, title: str, put: Files, gone: list[str]) -> None:
        line = self._line(repo, ref)
        left = dict(line[-1][1])
        for path in gone:
            folder = path.rstrip("/") + "/"
            inside = [path] if path in left else [one for one in left if one.startswith(folder)]
            if not inside:
                raise No
            for one in inside:
                del left[one]
        self.repos[repo][ref] = [*line, (title, _sound(left | put))]

    def late_commit(self, repo: str, title: str) -> None:
        raise No

    def branch(self, repo: str, name: str, *, tag: bool) -> None:
        ref = f"refs/{'tags' if tag else 'heads'}/{name}"
        if ref in self.repos[repo]:
            raise No
        self.repos[repo][ref] = self.repos[repo][MAIN]

    def unbranch(self, repo: str, name: str, *, tag: bool) -> None:
        if self.repos[repo].pop(f"refs/{'tags' if tag else 'heads'}/{name}", None) is None:
            raise No

    def squash(self, repo: str, ref: str, title: str) -> None:
        self.repos[repo][ref] = [(title, self._line(repo, ref)[-1][1])]

    def propose(self, repo: str, title: str, put: Files) -> int:
        line = self.repos[repo][MAIN]
        made = [*line, (title, _sound(line[-1][1] | put))]
        self.pulls[repo] += 1
        self.repos[repo][f"refs/pr/{self.pulls[repo]}"] = made
        return self.pulls[repo]

    def merge(self, repo: str, number: int) -> None:
        """Known only where main has not moved since: what a merge of two sides gives has tests of its own."""
        theirs, ours = self.repos[repo][f"refs/pr/{number}"], self.repos[repo][MAIN]
        if theirs[-1][1] == ours[-1][1]:
            raise No
        self.repos[repo][MAIN] = [*ours, ("merged", theirs[-1][1])]

    def move(self, repo: str, to: str) -> None:
        if to == repo:
            return
        self._free(to)
        self.repos[to], self.hidden[to] = self.repos.pop(repo), self.hidden.pop(repo)
        self.pulls[to] = self.pulls.pop(repo)

    def duplicate(self, repo: str, to: str) -> None:
        self._free(to)
        self.repos[to] = {
            ref: line for ref, line in self.repos[repo].items() if not ref.startswith("refs/pr/")
        }
        self.hidden[to], self.pulls[to] = False, 0

    def delete(self, repo: str) -> None:
        del self.repos[repo], self.hidden[repo], self.pulls[repo]

    def settings(self, repo: str, *, private: bool) -> None:
        self.hidden[repo] = private

    def again(self) -> None: ...
    def clear(self) -> None: ...
    def close(self) -> None: ...

    def state(self) -> dict[str, dict[str, tuple[int, Files]]]:
        return {
            repo: {ref: (len(line), line[-1][1]) for ref, line in refs.items()}
            for repo, refs in self.repos.items()
        }

    def private(self) -> dict[str, bool]:
        return self.hidden

    def _free(self, repo: str) -> None:
        if repo in self.repos:
            raise No

    def _line(self, repo: str, ref: str) -> Line:
        if ref not in self.repos[repo]:
            raise No
        return self.repos[repo][ref]


def _sound(files: Files) -> Files:
    if any(other.startswith(f"{path}/") for path in files for other in files):
        raise No
    return files


class Direct:
    """The verbs on a Store."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.store = Store.open(root)
        self._seconds = 0

    def create(self, repo: str, *, private: bool) -> None:
        with _refused(HfNbError):
            self.store.create_repo("model", repo, private=private, created_at=self._now())

    def commit(self, repo: str, ref: str, title: str, put: Files, gone: list[str]) -> None:
        with _refused(HfNbError):
            change = self._change(repo, ref, title, put, gone)
            if ref.startswith("refs/pr/"):
                self.store.extend(self._rid(repo), int(ref.rpartition("/")[2]), change)
            else:
                self.store.apply(self._rid(repo), change, ref)

    def late_commit(self, repo: str, title: str) -> None:
        with _refused(HfNbError):
            change = self._change(repo, MAIN, title, {"x": b"late"}, [])
            self.store.apply(self._rid(repo), change, MAIN, expected="0" * 40)

    def branch(self, repo: str, name: str, *, tag: bool) -> None:
        with _refused(HfNbError):
            self.store.point(self._rid(repo), "tags" if tag else "heads", name, "main")

    def unbranch(self, repo: str, name: str, *, tag: bool) -> None:
        with _refused(HfNbError):
            self.store.unpoint(self._rid(repo), "tags" if tag else "heads", name)

    def squash(self, repo: str, ref: str, title: str) -> None:
        with _refused(HfNbError):
            self.store.squash(self._rid(repo), ref, message=title, author=ME, date=self._now())

    def propose(self, repo: str, title: str, put: Files) -> int:
        with _refused(HfNbError):
            return self.store.propose(self._rid(repo), self._change(repo, MAIN, title, put, []), base=MAIN)[1]
        raise AssertionError

    def merge(self, repo: str, number: int) -> None:
        with _refused(HfNbError):
            self.store.merge(self._rid(repo), number, author=ME, date=self._now())

    def move(self, repo: str, to: str) -> None:
        with _refused(HfNbError):
            self.store.move_repo(self._rid(repo), to)

    def duplicate(self, repo: str, to: str) -> None:
        with _refused(HfNbError):
            self.store.duplicate(self._rid(repo), to, private=False, created_at=self._now())

    def delete(self, repo: str) -> None:
        self.store.delete_repo(self._rid(repo))

    def settings(self, repo: str, *, private: bool) -> None:
        self.store.settings(self._rid(repo), private=private)

    def again(self) -> None:
        self.store.close()
        self.store = Store.open(self.root)

    def clear(self) -> None:
        upkeep.clear(self.store, timedelta(0))

    def close(self) -> None:
        self.store.close()

    def state(self) -> dict[str, dict[str, tuple[int, Files]]]:
        return state_of(self.store)

    def private(self) -> dict[str, bool]:
        return {row["id"]: bool(row["private"]) for row in self.store.database.all("SELECT * FROM repos")}

    def _rid(self, repo: str) -> int:
        return repos.rid_of(self.store.database, "model", repo)

    def _change(self, repo: str, ref: str, title: str, put: Files, gone: list[str]) -> Change:
        kept = history.keep(self.store.blobs, put, self.store.attributes(self._rid(repo), ref))
        return Change(title, ME, self._now(), kept, gone)

    def _now(self) -> datetime:
        self._seconds += 1
        return DAY + timedelta(seconds=self._seconds)


class Served:
    """The verbs through the official client."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._port = 0
        self._begin()

    def _begin(self) -> None:
        self.hub = start(self.root, users=[f"{ME}:{TOKEN}"])
        self.api = HfApi(endpoint=self.hub.url, token=TOKEN)

    def create(self, repo: str, *, private: bool) -> None:
        with self._refused():
            self.api.create_repo(repo, private=private)

    def commit(self, repo: str, ref: str, title: str, put: Files, gone: list[str]) -> None:
        operations: list[Any] = [CommitOperationDelete(path) for path in gone]
        operations += [CommitOperationAdd(path, content) for path, content in put.items()]
        with self._refused():
            self.api.create_commit(repo, operations, commit_message=title, revision=_revision(ref))

    def late_commit(self, repo: str, title: str) -> None:
        with self._refused():
            late = [CommitOperationAdd("late", title.encode())]
            self.api.create_commit(repo, late, commit_message=title, parent_commit="0" * 40)

    def branch(self, repo: str, name: str, *, tag: bool) -> None:
        with self._refused():
            if tag:
                self.api.create_tag(repo, tag=name)
            else:
                self.api.create_branch(repo, branch=name)

    def unbranch(self, repo: str, name: str, *, tag: bool) -> None:
        with self._refused():
            if tag:
                self.api.delete_tag(repo, tag=name)
            else:
                self.api.delete_branch(repo, branch=name)

    def squash(self, repo: str, ref: str, title: str) -> None:
        with self._refused():
            self.api.super_squash_history(repo, branch=_revision(ref), commit_message=title)

    def propose(self, repo: str, title: str, put: Files) -> int:
        with self._refused():
            operations = [CommitOperationAdd(path, content) for path, content in put.items()]
            made = self.api.create_commit(repo, operations, commit_message=title, create_pr=True)
            assert made.pr_num
            return made.pr_num
        raise AssertionError

    def merge(self, repo: str, number: int) -> None:
        with self._refused():
            self.api.merge_pull_request(repo, number)

    def move(self, repo: str, to: str) -> None:
        with self._refused():
            self.api.move_repo(repo, to)

    def duplicate(self, repo: str, to: str) -> None:
        with self._refused():
            self.api.duplicate_repo(repo, to, repo_type="model", private=False)

    def delete(self, repo: str) -> None:
        self.api.delete_repo(repo)

    def settings(self, repo: str, *, private: bool) -> None:
        self.api.update_repo_settings(repo, private=private)

    def again(self) -> None:
        self.hub.process.kill()
        self.hub.stop()
        self._begin()

    def clear(self) -> None:
        self.hub.clear("0")

    def close(self) -> None:
        self.hub.stop()

    def state(self) -> dict[str, dict[str, tuple[int, Files]]]:
        """What the client can see, but for the bytes: those are read beside the Hub, which is faster."""
        store = Store.open(self.root)
        try:
            found = state_of(store)
        finally:
            store.close()
        seen = {model.id for model in self.api.list_models(author=ME)}
        assert seen == set(found), (seen, set(found))
        for repo, refs in found.items():
            told = self.api.list_repo_refs(repo, include_pull_requests=True)
            names = [*told.branches, *told.tags, *(told.pull_requests or [])]
            assert {one.ref for one in names} == set(refs)
            assert set(self.api.list_repo_files(repo)) == set(refs[MAIN][1])
            assert len(self.api.list_repo_commits(repo)) == refs[MAIN][0]
        return found

    def private(self) -> dict[str, bool]:
        return {model.id: bool(model.private) for model in self.api.list_models(author=ME)}

    @contextlib.contextmanager
    def _refused(self) -> Any:
        try:
            yield
        except HfHubHTTPError as refused:
            if refused.response.status_code >= 500:
                raise
            raise No from None


@contextlib.contextmanager
def _refused(kind: type[Exception]) -> Any:
    try:
        yield
    except kind:
        raise No from None


def _revision(ref: str) -> str:
    return ref.removeprefix("refs/heads/")


def state_of(store: Store) -> dict[str, dict[str, tuple[int, Files]]]:
    """How many commits each ref has, and every byte of its last one."""
    sql = store.database.connection
    found: dict[str, dict[str, tuple[int, Files]]] = {}
    for row in store.database.all("SELECT rid, id FROM repos"):
        refs = found.setdefault(row["id"], {})
        for name, target in store.database.all("SELECT name, target FROM refs WHERE rid = ?", row["rid"]):
            line = list(history.ancestors(sql, row["rid"], target))
            blobs = history.blobs_of(sql, line[0].tree)
            refs[name] = len(line), {path: store.blobs.read(blob) for path, blob in blobs.items()}
    return found


class Machine(RuleBasedStateMachine):
    """Does the same to both, and compares after every step."""

    make: ClassVar[Any]

    def __init__(self) -> None:
        super().__init__()
        import tempfile

        self._folder = tempfile.TemporaryDirectory(prefix="hf-nb-model-")
        self.root = Path(self._folder.name) / "hub"
        self.real: Hub = self.make(self.root)
        self.model = Model()
        self.count = 0

    def teardown(self) -> None:
        found = verify(self.root)
        self.real.close()
        self._folder.cleanup()
        assert not found.damages, "\n".join(map(str, found.damages))

    def both(self, verb: str, *words: Any, **named: Any) -> None:
        """One verb; either both do it, or neither."""
        answers = []
        for hub in (self.model, self.real):
            try:
                answers.append(getattr(hub, verb)(*words, **named))
            except No:
                answers.append("no")
        assert answers[0] == answers[1], (verb, words, named, answers)

    def any(self, number: int) -> str:
        """One of the repositories there are."""
        return sorted(self.model.repos)[number % len(self.model.repos)]

    def ref(self, repo: str, number: int) -> str:
        """One of the lines commits can be added to."""
        open_ones = [ref for ref in sorted(self.model.repos[repo]) if ref.startswith("refs/heads/")]
        return open_ones[number % len(open_ones)]

    @property
    def title(self) -> str:
        """Never the same."""
        self.count += 1
        return f"step {self.count}"

    @initialize()
    def begin(self) -> None:
        self.both("create", "me/a", private=False)

    @rule(repo=NAMES, private=some.booleans())
    def create(self, repo: str, private: bool) -> None:  # noqa: FBT001 -- hypothesis names them
        self.both("create", repo, private=private)

    @precondition(lambda self: self.model.repos)
    @rule(n=some.integers(0, 9), put=PUTS)
    def commit(self, n: int, put: Files) -> None:
        repo = self.any(n)
        self.both("commit", repo, self.ref(repo, n), self.title, put, [])

    @precondition(lambda self: self.model.repos)
    @rule(
        n=some.integers(0, 9), put=PUTS, gone=some.sampled_from(["x", "d/", "d/a.txt", "w.safetensors", "x/"])
    )
    def replace(self, n: int, put: Files, gone: str) -> None:
        repo = self.any(n)
        put = {path: content for path, content in put.items() if path != gone and not path.startswith(gone)}
        self.both("commit", repo, self.ref(repo, n), self.title, put, [gone])

    @precondition(lambda self: self.model.repos)
    @rule(n=some.integers(0, 9))
    def late(self, n: int) -> None:
        self.both("late_commit", self.any(n), self.title)

    @precondition(lambda self: self.model.repos)
    @rule(n=some.integers(0, 9), name=BRANCHES, tag=some.booleans(), away=some.booleans())
    def name(self, n: int, name: str, tag: bool, away: bool) -> None:  # noqa: FBT001 -- the same
        self.both("unbranch" if away else "branch", self.any(n), name, tag=tag)

    @precondition(lambda self: self.model.repos)
    @rule(n=some.integers(0, 9))
    def squash(self, n: int) -> None:
        repo = self.any(n)
        self.both("squash", repo, self.ref(repo, n), self.title)

    @precondition(lambda self: self.model.repos)
    @rule(n=some.integers(0, 9), put=PUTS, more=PUTS, merged=some.booleans())
    def propose(self, n: int, put: Files, more: Files, merged: bool) -> None:  # noqa: FBT001 -- the same
        repo = self.any(n)
        before = self.model.pulls[repo]
        self.both("propose", repo, self.title, put)
        number = self.model.pulls[repo]
        if number > before:
            self.both("commit", repo, f"refs/pr/{number}", self.title, more, [])
            if merged:
                self.both("merge", repo, number)

    @precondition(lambda self: self.model.repos)
    @rule(n=some.integers(0, 9), to=NAMES, copy=some.booleans())
    def move(self, n: int, to: str, copy: bool) -> None:  # noqa: FBT001 -- the same
        self.both("duplicate" if copy else "move", self.any(n), to)

    @precondition(lambda self: self.model.repos)
    @rule(n=some.integers(0, 9))
    def delete(self, n: int) -> None:
        self.both("delete", self.any(n))

    @precondition(lambda self: self.model.repos)
    @rule(n=some.integers(0, 9), private=some.booleans())
    def settings(self, n: int, private: bool) -> None:  # noqa: FBT001 -- the same
        self.both("settings", self.any(n), private=private)

    @rule(clear=some.booleans())
    def again(self, clear: bool) -> None:  # noqa: FBT001 -- the same
        self.both("clear" if clear else "again")

    @invariant()
    def the_same(self) -> None:
        assert self.real.state() == self.model.state()
        assert self.real.private() == self.model.private()
