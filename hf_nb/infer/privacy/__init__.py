"""What belongs to somebody, in a text that is about to leave this machine: shown, masked, or not sent.

asked(backend, call, …)     its answer: what every question to a backend goes through (policies/attempt.py)
guarded(call, session, …)   the call as it may be sent, and what puts the values back into the answer

looking    the texts of a call, and what is in them        masking    placeholders for values, and back again
answers    the same, for each kind of output and for parts

A key or a token is never sent, masked or not. What this machine answers itself is not looked at.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from hf_nb.errors import HfNbError, Refused
from hf_nb.infer.call import Backend, Call, Chunk, Parts, Terms
from hf_nb.infer.privacy import answers, looking
from hf_nb.infer.privacy.masking import Mask
from hf_nb.plumbing import progress
from hf_nb.plumbing.settings import LOOPBACK

if TYPE_CHECKING:
    from collections import Counter

    from hf_nb.plumbing.jobs import Job, Jobs
    from hf_nb.plumbing.session import Session

# Kinds that were told of a job already: ten thousand rows of a batch are one note.
_told: WeakKeyDictionary[Jobs, dict[str, set[str]]] = WeakKeyDictionary()
KEPT = 256  # jobs


def asked(backend: Backend, call: Call, terms: Terms, session: Session) -> Parts:
    """The backend's answer, to what may be sent of the call."""
    return _sent(backend, call, terms, session) if _leaves(backend) else backend.stream(call, terms)


def _sent(backend: Backend, call: Call, terms: Terms, session: Session) -> Parts:
    job = getattr(terms.watch, "job", None)
    sent, mask = guarded(call, session, mask=terms.mask, where=backend.name, job=job)
    parts = backend.stream(sent, terms)
    if mask is None:
        yield from parts
        return
    back = answers.Back(call, mask)
    note = f"{looking.words(mask.kinds)} masked"
    try:
        for chunk in parts:
            yield replace(back.chunk(chunk), note="; ".join(filter(None, (note, chunk.note))))
            note = ""
    except HfNbError:
        if rest := back.rest():
            yield Chunk(rest)
        raise
    finally:
        parts.close()


def guarded(
    call: Call, session: Session, *, mask: bool = False, where: str = "", job: Job | None = None
) -> tuple[Call, Mask | None]:
    """The call as it may be sent to `where`, and what was masked in it; Refused where it may not be sent."""
    there = looking.texts(call)
    looking.refuse_keys(there)
    wish = session.settings.personal
    if wish == "send" and not mask:
        return call, None
    kinds = looking.kinds(there)
    if not kinds:
        return call, None
    if mask or wish == "mask":
        made = Mask(call)
        return made.call, made
    what = looking.words(kinds)
    if wish == "refuse":
        raise Refused(
            f"This holds {what}, and the setting personal sends none to another machine.",
            "Masked it may go: %hf infer --mask …",
            found=[*kinds],
        )
    if job is None or not _told_already(job, kinds, session):
        progress.say(f"This holds {what}, sent to {where or 'another machine'} as it is. To mask it: --mask")
    return call, None


def _leaves(backend: Backend) -> bool:
    """Whether it is asked over the network; a server's address may have changed since it was made."""
    address: Any = getattr(backend, "address", None)
    if isinstance(address, str):
        return urlsplit(address).hostname not in LOOPBACK
    return backend.remote


def _told_already(job: Job, kinds: Counter[str], session: Session) -> bool:
    jobs = _told.setdefault(session.jobs, {})
    while len(jobs) > KEPT:
        jobs.pop(next(iter(jobs)), None)
    told = jobs.setdefault(job.id, set())
    new = set(kinds) - told
    told |= new
    return not new
