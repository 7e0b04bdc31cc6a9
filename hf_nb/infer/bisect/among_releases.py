"""Which release of a library changed a model's answer.

Each release that is looked at is put into a folder of its own, without what it depends on, and the question is asked in
a process that finds it there first. The environment of the notebook stays as it is.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from hf_nb.errors import BadInput, MissingExtra, NotFound, Stopped, Unreachable
from hf_nb.infer import lookup
from hf_nb.infer.bisect import answers, narrowing
from hf_nb.plumbing import progress, redact
from hf_nb.plumbing.session import Session, current
from hf_nb.values.bisections import Bisection, Trial

# Seconds for one release to be fetched, and for one answer with loading.
FETCH, ASK = 600.0, 900.0
LONGEST = 300


def releases(
    model: str,
    input: Any,
    package: str,
    versions: Sequence[str],
    *,
    task: str | None = None,
    revision: str | None = None,
    params: Mapping[str, Any] | None = None,
    tolerance: float | None = None,
    session: Session | None = None,
) -> Bisection:
    """Which of `versions` of `package`, the oldest first, made the answer to `input` what it is with the last.

    Fetched from where pip or uv fetches; one that does not run beside what is installed is passed over and named.

    >>> releases("owner/name", "I love it", "transformers", ["5.0.0", "5.1.0", "5.2.0"]).culprit
    """
    session = session or current()
    session.settings.require("inference")
    if len(versions) < 2 or not all(isinstance(one, str) for one in versions):
        raise BadInput("Give two versions or more, the oldest first.", 'versions=["5.0.0", "5.1.0"]')
    known = lookup.look_up(model, revision, session)
    task = answers.named(task or known.task, model)
    question = {
        "input": input, "model": known.id, "task": task, "revision": known.commit or revision,
        "params": answers.steady(task, dict(params or {})), "endpoint": session.settings.endpoint,
    }  # fmt: skip
    try:
        json.dumps(question)
    except (TypeError, ValueError):
        raise BadInput(
            "Another process is asked, and this input cannot go there.", "Give texts, lists and mappings."
        ) from None
    with (
        session.span("infer.bisect", model=model, package=package, releases=len(versions)) as span,
        progress.shown(),
        tempfile.TemporaryDirectory(prefix="hf_nb-releases-") as folder,
    ):
        made = _Search(package, versions, question, tolerance, Path(folder), session).run()
        span.set(asked=made.asked)
    return made


class _Search:
    def __init__(
        self,
        package: str,
        versions: Sequence[str],
        question: Mapping[str, Any],
        tolerance: float | None,
        folder: Path,
        session: Session,
    ) -> None:
        self.package, self.versions, self.question = package, versions, question
        self.tolerance, self.folder, self.session = tolerance, folder, session
        self.trials: list[Trial] = []
        self.last: dict[str, Any] | None = None

    def run(self) -> Bisection:
        last, task = len(self.versions) - 1, str(self.question["task"])
        jobs = self.session.jobs
        with jobs.doing("bisect", task=task, model=self.question["model"], unit="calls") as job:

            def looked(at: int) -> bool | None:
                if job.stopping.is_set():
                    raise Stopped
                progress.say(f"{self.package} {self.versions[at]} …")
                self.trials.append(self._trial(self.versions[at]))
                job.at(len(self.trials))
                like = self.trials[-1].like
                return None if like is None else like == "new"

            if looked(last) is None:
                raise BadInput(
                    f"{self.package} {self.versions[last]} cannot be asked: {self.trials[-1].why}",
                    f"Installed here: {self.package} {_installed(self.package)}",
                )
            found = narrowing.first(len(self.versions), looked)
        return self._value(found)

    def _trial(self, version: str) -> Trial:
        began = self.session.clock.now()
        plain = Trial(version, f"{self.package} {version}")
        place = self.folder / version
        try:
            size = 0 if version == _installed(self.package) else fetched(self.package, version, place)
            said = asked(self.question, place if size else None)
        except (NotFound, BadInput) as wrong:
            return replace(plain, why=wrong.problem)
        finally:
            shutil.rmtree(place, ignore_errors=True)
        if self.last is None:
            self.last = said
        same = said["brief"] == self.last["brief"] and self._near(said["numbers"], self.last["numbers"])
        return replace(
            plain,
            answer=said["short"],
            like="new" if same else "old",
            bytes=size,
            seconds=self.session.clock.now() - began,
        )

    def _near(self, one: Sequence[float], other: Sequence[float]) -> bool:
        if self.tolerance is None:
            return True
        return len(one) == len(other) and all(
            abs(a - b) <= self.tolerance for a, b in zip(one, other, strict=True)
        )

    def _value(self, found: narrowing.Found) -> Bisection:
        by_name = {one.name: one.answer for one in self.trials}
        after = self.versions[found.at]
        before = self.versions[found.before] if found.before >= 0 else None
        return Bisection(
            "release",
            str(self.question["model"]),
            str(self.question["task"]),
            tuple(self.trials),
            len(self.versions),
            culprit=None if before is None else f"{self.package} {after}",
            before=None if before is None else f"{self.package} {before}",
            old="" if before is None else by_name[before],
            new=by_name[self.versions[-1]],
            untried=tuple(self.versions[at] for at in found.untried),
            notes=() if before else ("Every release that was asked answers like the last one.",),
        )


def installer() -> list[str]:
    """The one there is: uv, else this environment's pip."""
    if uv := shutil.which("uv"):
        return [uv, "pip", "install", "--python", sys.executable]
    if importlib.util.find_spec("pip") is None:
        raise MissingExtra("Fetching releases needs pip or uv.", "%pip install uv")
    return [sys.executable, "-m", "pip", "install"]


def fetched(package: str, version: str, place: Path) -> int:
    """Put one release into a folder; its bytes there."""
    line = [*installer(), "--quiet", "--no-deps", "--target", str(place), f"{package}=={version}"]
    done = _ran(line, FETCH, dict(os.environ))
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["it cannot be installed"]
        if any("connect" in one.lower() or "dns" in one.lower() for one in said):
            raise Unreachable(f"{package} {version} could not be fetched: {_cut(said[-1])}")
        raise NotFound(f"{package} {version} could not be fetched: {_cut(said[-1])}")
    return sum(one.stat().st_size for one in place.rglob("*") if one.is_file())


def asked(question: Mapping[str, Any], place: Path | None) -> dict[str, Any]:
    """The answer of a process that finds `place` before anything else."""
    here = Path(__file__).parents[3]
    paths = [*([str(place)] if place else []), str(here), os.environ.get("PYTHONPATH", "")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
    environment["HF_ENDPOINT"] = str(question["endpoint"])
    done = _ran([sys.executable, "-m", "hf_nb.infer.bisect.once"], ASK, environment, json.dumps(question))
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"the process ended with {done.returncode}"]
        raise BadInput(f"it does not run here: {_cut(said[-1])}")
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    if "error" in answer:
        raise BadInput(_cut(answer["error"]))
    return answer


def _ran(
    line: Sequence[str], limit: float, environment: Mapping[str, str], given: str = ""
) -> subprocess.CompletedProcess[str]:
    """A program to its end; what it says is kept."""
    try:
        return subprocess.run(
            line,
            input=given,
            capture_output=True,
            text=True,
            timeout=limit,
            env=dict(environment),
            check=False,
        )
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(list(line), 1, "", f"no end after {limit:.0f} s")


def _installed(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "none"


def _cut(text: str) -> str:
    return redact.text(text)[:LONGEST]
