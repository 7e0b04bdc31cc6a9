"""Push a path, a notebook or an object: looked through for secrets first, then one commit."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hf_nb.errors import BadInput, Refused
from hf_nb.hub import ids
from hf_nb.hub.client import api
from hf_nb.hub.pushing import cards, mishaps, packing, secrets, sending
from hf_nb.hub.pushing.parcel import How, Parcel
from hf_nb.hub.pushing.sending import Going, Meter, There
from hf_nb.hub.pushing.windows import Scan
from hf_nb.plumbing import progress
from hf_nb.plumbing.session import Session, current
from hf_nb.values import Kind, Pushed, PushedFile, Secret

if TYPE_CHECKING:
    from huggingface_hub import HfApi

SHOWN = 4
README = "README.md"


def push(
    repo: str,
    *what: Any,
    kind: str | None = None,
    path_in_repo: str | None = None,
    message: str | None = None,
    description: str = "",
    private: bool = True,
    create_pr: bool = False,
    revision: str | None = None,
    dry_run: bool = False,
    notebook: bool = False,
    strip_outputs: bool = False,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    config: str = "default",
    split: str = "train",
    card: bool = True,
    allow_secrets: Sequence[str] = (),
    session: Session | None = None,
) -> Pushed:
    """One commit with `what`: a file, a folder, a notebook, a DataFrame, a dataset, a model, a dict of arrays.

    >>> push("me/results", "results/", dry_run=True)
    >>> push("me/reviews", frame)
    """
    session = session or current()
    which = ids.which(repo, kind, revision, session)
    things = [*what, *([packing.current_notebook()] if notebook else [])]
    if not things:
        raise BadInput(
            "What shall be pushed?", f"%hf push {repo} results/   or an object: %hf push {repo} $df"
        )
    if create_pr and which.revision not in {None, "main"}:
        raise BadInput("A pull request goes to main.", "Leave out --revision, or --create-pr.")
    how = How(path_in_repo, _tuple(include), _tuple(exclude), strip_outputs, config, split)
    began = time.perf_counter()
    with (
        session.span("hub.push", repo=repo, dry_run=dry_run) as span,
        session.ledger.looking(),
        _folder() as folder,
    ):
        with mishaps.told(repo, session, folder):
            packed = packing.pack(things, folder, how)
        one = _Push(session, which, packed, private=private, create_pr=create_pr, dry_run=dry_run)
        with mishaps.told(str(one), session, folder):
            one.look(folder, card=card)
            one.scan(_tuple(allow_secrets))
            if not dry_run:
                one.send(message, description)
        done = replace(one.result(message), seconds=time.perf_counter() - began)
        span.set(files=len(done.going), bytes=done.bytes_sent)
    return done


class _Push:
    """One push on its way: look at the Hub, scan, send."""

    def __init__(
        self,
        session: Session,
        which: ids.Which,
        packed: Parcel,
        *,
        private: bool,
        create_pr: bool,
        dry_run: bool,
    ) -> None:
        self.session, self.packed = session, packed
        self.private, self.create_pr, self.dry_run = private, create_pr, dry_run
        self.kind: Kind = which.kind or packed.kind or "model"
        if which.kind and packed.data and which.kind != "dataset":
            raise BadInput(
                f"A table goes into a dataset, not into a {which.kind}.", f"%hf push datasets/{which.id} …"
            )
        self.hub: HfApi = api(session)
        self.id, self.revision = which.id, which.revision
        self.notes = list(packed.notes)
        self.said = which.kind is not None
        self.there = There(which.id, exists=False)
        self.files: list[Going] = []
        self.deleted: list[str] = []
        self.card = ""
        self.found: Scan = Scan()
        self.done: sending.Done | None = None
        self.created = False

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    # -- what is there, and what of ours is new

    def look(self, folder: Path, *, card: bool) -> None:
        """Reads only."""
        if "/" not in self.id:
            self.id = f"{self._me()}/{self.id}"
        self.there = self._there()
        if self.packed.data:
            self.deleted = [
                path
                for path in self.there.files
                if self.packed.data.replaces.fullmatch(path) and path not in self.packed.files
            ]
        if card:
            self._write_card(folder)
        self.files = [
            Going(path, source, len(source) if isinstance(source, bytes) else source.stat().st_size)
            for path, source in sorted(self.packed.files.items())
        ]
        known = [one for one in self.files if one.path in self.there.files]
        sending.compare(known, self.there, Meter("Comparing", sum(one.size for one in known), ""))

    def _me(self) -> str:
        from huggingface_hub.errors import LocalTokenNotFoundError

        try:
            return str(self.hub.whoami(cache=True)["name"])
        except LocalTokenNotFoundError:
            raise BadInput(
                f"Whose {self.id}? Nobody is logged in.",
                f"Name the owner: owner/{self.id}, or log in: %hf login",
            ) from None

    def _there(self) -> There:
        """As it is; where nobody said of which kind it is, one that exists is meant rather than a new one."""
        found = self._asked(self.kind)
        if found.exists or self.said:
            return found
        for other in ids.ORDER if self.packed.data is None and not self.packed.library else ():
            if other != self.kind and (another := self._asked(other)).exists:
                self.kind = other
                return another
        self.notes.append(_guessed(self.packed, self.kind))
        return found

    def _asked(self, kind: Kind) -> There:
        from huggingface_hub.errors import RepositoryNotFoundError, RevisionNotFoundError

        base = None if self.create_pr else self.revision
        try:
            told = self.hub.repo_info(self.id, repo_type=kind, revision=base)
        except RepositoryNotFoundError as missing:
            if type(missing) is not RepositoryNotFoundError or (
                missing.response.status_code == 401 and _has_token()
            ):
                raise
            return There(self.id, exists=False)
        except RevisionNotFoundError:
            if self.revision is None or self.revision.startswith("refs/"):
                raise
            told = self.hub.repo_info(self.id, repo_type=kind)
            self.notes.append(f"The branch {self.revision} is new, from main.")
            return self._listed(told, kind, revision_exists=False)
        return self._listed(told, kind)

    def _listed(self, told: Any, kind: Kind, *, revision_exists: bool = True) -> There:
        from huggingface_hub.hf_api import RepoFile

        if not told.private:
            self._say_public(told.id)
        few = len(self.packed.files) <= sending.LISTED_BY_NAME and not self.packed.data and not self.dry_run
        if few:
            paths = [*self.packed.files, README]
            entries = self.hub.get_paths_info(told.id, paths, repo_type=kind, revision=told.sha)
        else:
            entries = list(
                self.hub.list_repo_tree(told.id, recursive=True, repo_type=kind, revision=told.sha)
            )
        files = {one.path: one for one in entries if isinstance(one, RepoFile)}
        return There(told.id, True, bool(told.private), told.sha, files, revision_exists)

    def _say_public(self, id: str) -> None:
        self.notes.append(f"{id} is public: everybody can read what is pushed there.")
        progress.say(self.notes[-1])

    def _write_card(self, folder: Path) -> None:
        """Into what goes, so that it is compared and looked through like the rest."""
        own = next((path for path in self.packed.files if path.lower() == README.lower()), None)
        if README in self.there.files and self.packed.data:
            text = self._text_of(README, folder)
            self.packed.files[README] = cards.add(text, self.packed).encode()
            self.card = "added to"
        elif own and self.packed.data is None:
            self.card = "yours"
        elif README in self.there.files:
            self.card = "kept"
        elif own is None:
            self.packed.files[README] = cards.write(self.packed, self.kind, self.id).encode()
            self.card = "written"

    def _text_of(self, path: str, folder: Path) -> str:
        found = self.hub.hf_hub_download(
            self.id, path, repo_type=self.kind, revision=self.there.commit, local_dir=folder / "there"
        )
        return Path(found).read_bytes().decode("utf-8", "surrogateescape")

    # -- secrets

    def scan(self, allow: Sequence[str]) -> None:
        """Stops here when something is found; a dry run shows it instead."""
        going = [one for one in self.files if one.state != "same"]
        if not going:
            return
        meter = Meter("Looking for secrets", sum(one.size for one in going), f"{len(going)} files")
        self.found = secrets.scan([(one.path, one.source) for one in going], allow=allow, told=meter.add)
        if self.found.found and not self.dry_run:
            raise _refusal(self.found.found)

    # -- the commit

    def send(self, message: str | None, description: str) -> None:
        """Make what is missing, then commit."""
        if not self.there.exists:
            self._create()
        elif not self.there.revision_exists and self.revision:
            self.hub.create_branch(self.id, branch=self.revision, repo_type=self.kind, exist_ok=True)
        if not self.deleted and all(one.state == "same" for one in self.files):
            return
        self.done = sending.commit(
            self.hub,
            self.there,
            self.kind,
            self.files,
            self.deleted,
            message=message or self.message,
            description=description,
            revision=None if self.create_pr else self.revision,
            create_pr=self.create_pr,
        )

    def _create(self) -> None:
        sdk = None
        if self.kind == "space":
            sdk = _sdk(self.packed.files.get(README))
        made = self.hub.create_repo(
            self.id,
            repo_type=self.kind,
            visibility="private" if self.private else "public",
            space_sdk=sdk,
            exist_ok=False,
        )
        self.created = True
        self.there = There(made.repo_id, exists=True, private=self.private)
        self.id = made.repo_id
        if self.revision and self.revision != "main" and not self.create_pr:
            self.hub.create_branch(self.id, branch=self.revision, repo_type=self.kind, exist_ok=True)

    @property
    def message(self) -> str:
        """What a commit says when nobody said it."""
        return f"Push {self.packed.what}"[:120]

    def result(self, message: str | None) -> Pushed:
        """The value, of a push or of a dry run."""
        hidden = self.found.hidden
        files = [
            PushedFile(hidden.get(one.path, one.path), one.size, one.state, one.sent) for one in self.files
        ]
        files += [PushedFile(path, self.there.files[path].size, "deleted") for path in self.deleted]
        address = self.id if self.kind == "model" else f"{self.kind}s/{self.id}"
        url = f"{self.session.settings.endpoint}/{address}"
        request = self.done.pr_url if self.done else None
        commit = self.done.oid if self.done else None if self.dry_run else self.there.commit
        sent = sum(one.sent or 0 for one in files) + (self.done.moved if self.done else 0)
        return Pushed(
            kind=self.kind,
            id=self.id,
            hub=self.session.settings.endpoint,
            url=request or url,
            files=tuple(files),
            what=self.packed.what if not hidden else "files",
            message=message or (self.message if not hidden else ""),
            dry_run=self.dry_run,
            private=self.there.private if self.there.exists else self.private,
            created=self.created if not self.dry_run else not self.there.exists,
            revision=self.revision,
            commit=commit,
            pull_request=self.done.pr_num if self.done else None,
            card=self.card,
            bytes_sent=sent,
            bytes_skipped=max(sum(one.size for one in self.files) - sent, 0),
            scan_seconds=self.found.seconds,
            left_out=tuple(self.packed.left_out),
            secrets=tuple(self.found.found),
            unread=tuple(self.found.unread),
            notes=tuple(dict.fromkeys(self.notes)),
        )


def _guessed(packed: Parcel, kind: Kind) -> str:
    if packed.data:
        return "It goes into a dataset, since it is a table."
    if packed.kind:
        return f"It goes into a {kind}'s repository, by what it is; --kind says otherwise."
    return f"It goes into a {kind}'s repository; --kind dataset or --kind space says otherwise."


def _refusal(found: Sequence[Secret]) -> Refused:
    spots = "; ".join(f"{one.path}, {one.place} ({one.kind})" for one in found[:SHOWN])
    more = f"; {len(found) - SHOWN} more: --dry-run lists them" if len(found) > SHOWN else ""
    one = len(found) == 1
    things = "a secret is" if one else f"{len(found)} secrets are"
    spot = next((one.spot for one in found if not one.kind.endswith(", live")), None)
    allow = f" If it is none: --allow-secret {_quoted(spot)}" if spot else ""
    return Refused(
        f"Nothing was sent, {things} in it: {spots}{more}",
        f"Take {'it' if one else 'them'} out (and revoke what was shared before).{allow}",
        found=found,
    )


def _quoted(spot: str) -> str:
    return f"'{spot}'" if any(char in spot for char in " $&;|<>()") else spot


def _sdk(card: Path | bytes | None) -> str:
    text = (
        card.decode("utf-8", "replace")
        if isinstance(card, bytes)
        else card.read_text("utf-8", "replace")
        if card
        else ""
    )
    for line in text.splitlines():
        if line.startswith("sdk:"):
            return line.partition(":")[2].strip().strip("\"'") or "static"
    return "static"


def _has_token() -> bool:
    from huggingface_hub import get_token

    return bool(get_token())


def _tuple(words: Sequence[str] | str) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else tuple(words)


@contextmanager
def _folder() -> Iterator[Path]:
    """Room for what an object becomes; gone afterwards, whatever happened."""
    path = Path(tempfile.mkdtemp(prefix="hf-nb-push-"))

    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
