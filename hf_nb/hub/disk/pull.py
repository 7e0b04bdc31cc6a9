"""`pull`: a repository, or some of its files, onto this disk.

    listing    what there is at which commit         selection  which of it is wanted, and why the rest is not
    arrive     one file, whole                       transfer   all of them at once
    in_use     nobody evicts what is being pulled    cache      room made afterwards, if there is a budget

The official library's transfer and cache; what it leaves open is written in arrive.py.
"""

from __future__ import annotations

import functools
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from hf_nb.errors import HfNbError, MissingExtra, Refused, Stopped, TooLarge
from hf_nb.hub.client import api
from hf_nb.hub.disk import cache, in_use, listing
from hf_nb.hub.disk.arrive import Place, bring
from hf_nb.hub.disk.listing import Listed, Listing
from hf_nb.hub.disk.selection import Asked, choose, tuple_of
from hf_nb.hub.disk.transfer import Transfer
from hf_nb.hub.reading import licence
from hf_nb.hub.translate import translated
from hf_nb.plumbing import progress
from hf_nb.plumbing.jobs import Job
from hf_nb.plumbing.session import Session, current
from hf_nb.values import Pulled, PulledFile
from hf_nb.values.transfer import State


def pull(
    repo: str,
    *files: str,
    kind: str | None = None,
    revision: str | None = None,
    include: str | Iterable[str] = (),
    exclude: str | Iterable[str] = (),
    to: str | os.PathLike[str] | None = None,
    dry_run: bool = False,
    verify: bool = False,
    session: Session | None = None,
) -> Pulled:
    """Download `repo`, or the files and patterns named; what is here is not fetched again.

    Into the cache that every Hugging Face library reads, or into the folder `to`. What arrives is compared with its
    checksum; with `verify` what was here is compared too, and what is damaged is fetched again.
    """
    session = session or current()
    folder = Path(to).expanduser().resolve() if to is not None else None
    asked = Asked(tuple_of(files), tuple_of(include), tuple_of(exclude))
    with session.span("hub.pull", repo=repo, dry_run=dry_run) as span:
        progress.say(f"Asking what is in {repo} …")
        found = listing.listed(repo, kind, revision, session, folder)
        wanted, left = _choose(found, asked)
        place = Place(found.address, found.commit, folder)
        job = _Job(found, place, wanted, left, session)
        job.named = len(files) == 1 and files[0] == wanted[0].path
        if dry_run:
            return job.plan()
        again = functools.partial(
            pull, repo, *files, kind=kind, revision=revision, include=asked.include, exclude=asked.exclude,
            to=folder, verify=verify, session=session,
        )  # fmt: skip
        with session.jobs.doing("pull", model=found.address.full, unit="bytes", again=again) as seen:
            pulled = job.run(seen, verify=verify)
        span.set(commit=pulled.commit, files=len(wanted), moved=pulled.moved)
        return pulled


class _Job:
    """One pull, decided on."""

    def __init__(
        self, found: Listing, place: Place, wanted: list[Listed], left: dict[Listed, str], session: Session
    ) -> None:
        self.found, self.place, self.wanted, self.left, self.session = found, place, wanted, left, session
        self.before = {file.path for file in wanted if place.here(file)}
        self.missing = sum(
            max(0, file.size - place.begun(file)) for file in wanted if file.path not in self.before
        )
        self.free = room(place.root)
        self.named = False  # one file, by its name: its own path is the answer

    def plan(self) -> Pulled:
        """What would happen."""
        states: dict[str, State] = {
            file.path: "cached" if file.path in self.before else "to fetch" for file in self.wanted
        }
        return self._value(states, dry_run=True)

    def run(self, seen: Job, *, verify: bool) -> Pulled:
        """Let it happen, as this job."""
        address, terms = self.found.address, ""
        if self.found.found is not None:
            terms = _licence(self.found, self.session)
        if self.missing > self.free:
            raise TooLarge(
                f"{address.id} needs {_size(self.missing)} more, and the disk has {_size(self.free)} left.",
                self._room_step(),
            )
        total = sum(file.size for file in self.wanted)
        seen.at(0, total)
        seen.running("hub")
        transfer = Transfer(address.full, total, len(self.wanted), seen)
        with self._in_our_words(transfer), progress.shown(), in_use.pulling(self.place):
            listing.remember(self.found, self.place.folder)
            hub = api(self.session)
            transfer.run(self.wanted, lambda file: bring(self.place, file, hub, transfer, check=verify))
            listing.refer(self.found, self.place.folder)
            self.place.tidy(self.wanted)
            # As long as it is being pulled, no other process evicts it.
            self._note_use()
            self.place.touch(self.wanted)
        note = cache.keep_to_budget(self.session) if self.place.folder is None else ""
        states: dict[str, State] = {
            path: "fetched" if fetched else "cached" for path, fetched in transfer.arrived.items()
        }
        pulled = self._value(states, note=note)
        return replace(pulled, moved=transfer.moved, seconds=transfer.seconds, licence=terms)

    def _note_use(self) -> None:
        """For the lock: what came out of the cache was asked of nobody."""
        found, where = self.found, None if self.place.folder else self.place.root
        self.session.ledger.used(
            found.address.kind, found.address.id, found.commit, asked=found.revision, folder=where
        )

    def _value(self, states: dict[str, State], *, dry_run: bool = False, note: str = "") -> Pulled:
        here = [PulledFile(file.path, file.size, states[file.path]) for file in self.wanted]
        left = [PulledFile(file.path, file.size, "left out", why) for file, why in self.left.items()]
        found = self.found
        return Pulled(
            kind=found.address.kind,
            repo=found.address.id,
            hub=self.session.settings.endpoint,
            revision=found.revision,
            commit=found.commit,
            path=str(self.place.shown(self.wanted[0]) if self.named else self.place.root),
            files=tuple(sorted((*here, *left), key=lambda file: file.path)),
            dry_run=dry_run,
            free=self.free,
            note=" ".join(filter(None, (found.note, note))),
        )

    @contextmanager
    def _in_our_words(self, transfer: Transfer) -> Iterator[None]:
        """An end before the end: what is here, and that the same line goes on."""
        try:
            with translated(str(self.found.address), self.session.settings):
                yield
        except KeyboardInterrupt:
            raise Stopped(f"Stopped. {_so_far(transfer)}") from None
        except TooLarge as full:
            raise TooLarge(f"{full.problem} {_so_far(transfer)}", self._room_step()) from None
        except HfNbError as wrong:
            if transfer.complete:
                wrong.next_step = f"{wrong.next_step}\n{_so_far(transfer)}".strip()
            raise
        except ValueError as wrong:
            if "hf_xet" not in str(wrong):
                raise
            raise MissingExtra(
                f"A file of {self.found.address} is larger than plain HTTP carries: it comes over Xet alone.",
                "pip install hf_xet, leave HF_HUB_DISABLE_XET unset, and restart the kernel",
            ) from wrong
        except OSError as wrong:
            where = self.place.folder or listing.cache_folder()
            raise Refused(
                f"{where} cannot be written to: {wrong.strerror or wrong}.",
                "Name another folder with to=…, or set HF_HOME before the kernel starts.",
            ) from wrong

    def _room_step(self) -> str:
        if self.place.folder is not None:
            return "Name a folder on another disk, or take less of it: include=…"
        goal = max(0, cache.size_of() - self.missing)
        return (
            f"Make room: %hf cache trim {_size(goal).replace(' ', '')} --dry-run, or take less: --include …"
        )


def room(path: Path) -> int:
    """Bytes the disk under this path, which need not be there yet, still takes."""
    there = next(one for one in (path, *path.parents) if one.exists())
    return shutil.disk_usage(there).free


def _choose(found: Listing, asked: Asked) -> tuple[list[Listed], dict[Listed, str]]:
    by_path = {file.path: file for file in found.files}
    kept, left = choose(tuple(by_path), asked)
    return [by_path[path] for path in kept], {by_path[path]: why for path, why in left.items()}


def _licence(found: Listing, session: Session) -> str:
    terms = licence.check(found.address.id, kind=found.address.kind, found=found.found, session=session)
    return f"{terms.id} ({terms.words})"


def _so_far(transfer: Transfer) -> str:
    return f"{transfer.complete} of {transfer.files} files are here; the same line goes on."


def _size(number: int) -> str:
    from hf_nb.render import units

    return units.size(number)
