"""Which commit of a model changed its answer.

The history is halved. Each commit that is looked at costs one request for its list of files; where those that a model
is made of are the files of one that has answered, it is not asked again. What has to come are changed files alone: the
cache keeps each content once, whatever the commit.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hf_nb.errors import BadInput, HfNbError, Lasting, OutOfMemory, Refused, Stopped
from hf_nb.hub.address import Address, about, asked
from hf_nb.hub.client import api
from hf_nb.hub.disk.listing import cache_folder
from hf_nb.hub.disk.pull import pull
from hf_nb.hub.versions import changes, history
from hf_nb.hub.versions.diff import diff
from hf_nb.infer import lookup
from hf_nb.infer.bisect import answers, narrowing, tensors
from hf_nb.infer.run import run
from hf_nb.plumbing import http, progress
from hf_nb.plumbing.session import Session, current
from hf_nb.values.bisections import Bisection, Trial
from hf_nb.values.history import Commit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hf_nb.plumbing.jobs import Job
    from hf_nb.values import Value

MAIN, PAGE = history.MAIN, history.PAGE
SHORT = 8
# Files that no model is made of; weights in other formats are not what is loaded here.
BESIDE = (
    "*.md .gitattributes .gitignore *.png *.jpg *.jpeg *.gif *.svg *.webp *.pdf *.ipynb *.log LICENSE* "
    "*.onnx *.onnx_data *.h5 *.msgpack *.ot *.bin *.pt *.pth *.ckpt *.gguf *.tflite *.mlmodel *.pkl "
    "events.out.* runs/* onnx/* openvino/* .eval_results/*"
).split()


def commits(
    model: str,
    input: Any,
    *,
    old: str | None = None,
    new: str = MAIN,
    expect: Any = None,
    task: str | None = None,
    params: Mapping[str, Any] | None = None,
    tolerance: float | None = None,
    timeout: float | None = None,
    session: Session | None = None,
) -> Bisection:
    """Which commit between `old` (the first there is) and `new` made the answer to `input` what it is now.

    Answers are alike where they decide or write the same; `tolerance`: and no score differs by more. `expect`: the
    answer it should be (or a function that looks at one): sought is the commit since which it is not. It runs on this
    machine; what is drawn is drawn from one seed.

    >>> commits("owner/name", "I love it").culprit
    """
    session = session or current()
    session.settings.require("inference")
    address, row = _found(model, old, new, session)
    task = answers.named(task or lookup.look_up(address.id, row[-1].id, session).task, address.id)
    search = _Search(address, row, task, input, dict(params or {}), expect, tolerance, timeout, session)
    with session.span("infer.bisect", model=address.id, commits=len(row)) as span, progress.shown():
        made = search.run()
        span.set(asked=made.asked, bytes=made.bytes)
    return made


def _found(model: str, old: str | None, new: str, session: Session) -> tuple[Address, list[Commit]]:
    """The repository, and its commits from `old` to `new`, the oldest first."""

    def ask(_: Any, address: Address) -> list[Commit]:
        first = None if old is None else history.commit_at(address, old, session).id
        row: list[Commit] = []
        for one in history.commits(address, history.commit_at(address, new, session).id, PAGE, session):
            row.append(one)
            if one.id == first or len(row) == history.MOST_COMMITS:
                break
        if first is not None and row[-1].id != first:
            raise BadInput(f"{old} is no earlier commit of {address} than {new}.", f"%hf log {address.full}")
        return row[::-1]

    with http.verb(session), session.ledger.looking():
        address, row = asked(model, "model", session, ask)
    if len(row) < 2:
        raise BadInput(
            f"{address} has one commit there, so none has changed anything.", f"%hf log {address.full}"
        )
    return address, row


@dataclass
class _Search:
    """One search, and what it has seen."""

    address: Address
    row: Sequence[Commit]
    task: str
    input: Any
    params: dict[str, Any]
    expect: Any
    tolerance: float | None
    timeout: float | None
    session: Session
    trials: list[Trial] = field(default_factory=list)
    said: dict[frozenset[tuple[str, str]], Trial] = field(default_factory=dict)
    loaded: dict[str, str] = field(
        default_factory=dict
    )  # a commit -> the one whose files, the same, were loaded

    def __post_init__(self) -> None:
        self.alike = answers.alike(self.task, self.expect, self.tolerance)
        self.steady = answers.steady(self.task, self.params)
        self.last: Value | None = None

    def run(self) -> Bisection:
        """All of it; stopped, what is known so far comes with the stop."""
        last = len(self.row) - 1
        most = 1 + max(1, last).bit_length()
        jobs = self.session.jobs
        with jobs.doing("bisect", task=self.task, model=self.address.id, unit="calls", total=most) as job:
            try:
                if self.looked(last, job) is None:
                    raise BadInput(f"{self.named(last)} cannot be asked: {self.trials[-1].why}", self._log())
                found = narrowing.first(len(self.row), lambda at: self.looked(at, job))
            except KeyboardInterrupt:
                raise Stopped("Stopped.", partial=self._value(None)) from None
        return self._value(found)

    def looked(self, at: int, job: Job) -> bool | None:
        """Whether this commit answers as the newest one; None where nobody can say."""
        if job.stopping.is_set():
            raise Stopped
        progress.say(f"Commit {self.named(at)}, {len(self.trials) + 1} of about {job.total} …")
        made = self._trial(at)
        self.trials.append(made)
        job.at(len(self.trials))
        return None if made.like is None else made.like == "new"

    def _trial(self, at: int) -> Trial:
        commit = self.row[at]
        plain = Trial(commit.id, commit.title)
        files = self._files(commit.id)
        if not files:
            return replace(plain, why="it holds no file that a model is made of")
        before = self.said.get(files)
        self.loaded[commit.id] = commit.id if before is None else before.name
        if before is not None:
            return replace(before, name=commit.id, title=commit.title, bytes=0, seconds=0.0, same=True)
        made = self._answered(plain)
        self.said[files] = made
        return made

    def _files(self, commit: str) -> frozenset[tuple[str, str]]:
        """What a model is made of at a commit, by contents."""
        with http.verb(self.session), self.session.ledger.looking(), about(self.address, self.session):
            found = changes.tree(api(self.session), self.address, commit)
        return frozenset((path, one.content) for path, one in found.items() if not _beside(path))

    def _answered(self, plain: Trial) -> Trial:
        held, clock = self._held(), self.session.clock
        began = clock.now()
        try:
            with progress.to(progress.Silent()):  # what it says is not this cell's answer
                value = run(
                    self.input, model=self.address.id, task=self.task, provider="local", revision=plain.name,
                    params=self.steady, timeout=self.timeout, session=self.session,
                )  # fmt: skip
        except (OutOfMemory, Refused):
            raise
        except Lasting as wrong:  # a commit that cannot be loaded is passed over
            return replace(plain, why=wrong.problem, bytes=self._held() - held)
        if self.last is None:
            self.last = value
        like = "new" if self.alike(value, self.last) else "old"
        return replace(
            plain,
            answer=answers.short(value),
            like=like,  # type: ignore[arg-type]
            bytes=max(0, self._held() - held),
            seconds=clock.now() - began,
        )

    def _held(self) -> int:
        """Bytes of this model's contents in the cache: what a trial adds, came over the network."""
        folder = _shelf(self.address.id) / "blobs"
        if not folder.is_dir():
            return 0
        return sum(one.stat().st_size for one in folder.iterdir() if one.is_file())

    def _value(self, found: narrowing.Found | None) -> Bisection:
        """What is known; without `found` it was stopped."""
        made = Bisection("commit", self.address.id, self.task, tuple(self.trials), len(self.row))
        if found is None or found.before < 0:
            return replace(made, new=self._answer(len(self.row) - 1), notes=self._notes(found))
        after, before = self.row[found.at], self.row[found.before]
        return replace(
            made,
            culprit=after.id,
            before=before.id,
            title=after.title,
            old=self._answer(found.before),
            new=self._answer(len(self.row) - 1),
            untried=tuple(self.row[at].id for at in found.untried),
            diff=self._diff(before.id, after.id),
            tensors=self._tensors(before.id, after.id),
            notes=self._notes(found),
        )

    def _answer(self, at: int) -> str:
        return next((one.answer for one in self.trials if one.name == self.row[at].id), "")

    def _notes(self, found: narrowing.Found | None) -> tuple[str, ...]:
        if found is None:
            return ("Stopped before its end.",)
        if found.before < 0:
            return ("Every commit that was asked answers like the newest one.",)
        if self.steady != self.params:
            return ("What is drawn was drawn from one seed: seed=0.",)
        return ()

    def _diff(self, before: str, after: str) -> Any:
        try:
            return diff(self.address.id, before, after, kind="model", session=self.session)
        except HfNbError:  # it was found without
            return None

    def _tensors(self, before: str, after: str) -> Any:
        try:
            one, other = (self._weights(self.loaded[id]) for id in (before, after))
        except HfNbError:  # it was found without
            return ()
        return tensors.between(one, other) if one and other else ()

    def _weights(self, commit: str) -> dict[str, Path]:
        """Its files of weights; a model that was in memory already may have none on this disk."""
        found = tensors.weights(_shelf(self.address.id) / "snapshots" / commit)
        if not found:
            with progress.to(progress.Silent()):
                pulled = pull(
                    self.address.id,
                    kind="model",
                    revision=commit,
                    include="*.safetensors",
                    session=self.session,
                )
            found = tensors.weights(Path(pulled.path))
        return found

    def named(self, at: int) -> str:
        """As people know it."""
        one = self.row[at]
        return f"{one.id[:SHORT]} ({one.title})" if one.title else one.id[:SHORT]

    def _log(self) -> str:
        return f"Its history: %hf log {self.address.id}"


def _beside(path: str) -> bool:
    """Whether nothing that answers is made of it."""
    return any(fnmatch.fnmatch(path, one) or fnmatch.fnmatch(path.rpartition("/")[2], one) for one in BESIDE)


def _shelf(model: str) -> Path:
    """Where the cache keeps it."""
    from huggingface_hub.file_download import repo_folder_name

    return cache_folder() / repo_folder_name(repo_id=model, repo_type="model")
