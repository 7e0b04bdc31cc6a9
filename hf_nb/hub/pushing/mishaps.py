"""What goes wrong while something is pushed, in our words: a push fails in ways that reading does not."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from hf_nb import errors
from hf_nb.hub.translate import translate

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session


@contextlib.contextmanager
def told(subject: str, session: Session, folder: Path) -> Iterator[None]:
    """Run a block of a push; what it raises comes out as an `HfNbError`."""
    try:
        yield
    except errors.HfNbError:
        raise
    except Exception as foreign:
        ours = _ours(foreign, subject, session, folder)
        if ours is None:
            raise
        raise ours from foreign


def _ours(foreign: BaseException, subject: str, session: Session, folder: Path) -> errors.HfNbError | None:
    while type(foreign) is RuntimeError and isinstance(foreign.__cause__, Exception):
        foreign = foreign.__cause__  # "Error while uploading …"
    response = getattr(foreign, "response", None)
    where = "the offline Hub" if session.settings.endpoint_is_local else "the Hub"
    said = _said(foreign)
    match getattr(response, "status_code", None):
        case 403:
            return _forbidden(subject, said, session)
        case 409 | 412:
            return errors.Refused(
                f"Somebody else changed {subject} meanwhile; nothing of yours was committed.",
                "Push again: what was sent stays there and is not sent twice.",
            )
        case 413 | 507:
            return errors.TooLarge(
                f"{where} does not take this push: {said or 'it is too large'}"[:300],
                "Push fewer files at once, or free space on the Hub: %hf limits",
            )
        case 400 | 422:
            return errors.BadInput(
                f"{where} refused this push: {said or 'it did not say why'}"[:300],
                "See what would go: --dry-run",
            )
    if "No space left" in str(foreign) or getattr(foreign, "errno", None) == 28:
        return errors.TooLarge(
            f"The disk of {folder} is full.",
            "Free space there, or set TMPDIR to a folder with room before the kernel starts.",
        )
    if isinstance(foreign, PermissionError | FileNotFoundError | IsADirectoryError) and foreign.filename:
        return errors.BadInput(
            f"{foreign.filename} cannot be read: {foreign.strerror}.",
            "Leave it out with --exclude, or mend it.",
        )
    if isinstance(foreign, ValueError) and said and not isinstance(foreign, json.JSONDecodeError):
        return errors.BadInput(f"{where} refused this push: {said}"[:300], "See what would go: --dry-run")
    ours = translate(foreign, subject, session.settings) if isinstance(foreign, Exception) else None
    return ours or _broken_off(foreign, where)


def _broken_off(foreign: BaseException, where: str) -> errors.HfNbError | None:
    """The Rust transfer's own errors are plain RuntimeErrors, told apart by their words."""
    if type(foreign).__module__.partition(".")[0] == "hf_xet" or type(foreign) in {
        RuntimeError,
        ConnectionError,
    }:
        return errors.Unreachable(
            f"Sending to {where} broke off.",
            "Push again: what arrived is not sent twice.",
        )
    return None


def _forbidden(subject: str, said: str, session: Session) -> errors.Unauthorized:
    if re.search(r"quota|storage|limit", said, re.IGNORECASE):
        return errors.Unauthorized(
            f"No room for {subject}: {said}"[:300], "Free space or see what is left: %hf limits"
        )
    settings = f"{session.settings.endpoint}/settings/tokens"
    return errors.Unauthorized(
        f"Your token may not write to {subject}" + (f": {said}" if said else ".")[:200],
        f"Create one with write access at {settings}, then: %hf login",
    )


def _said(foreign: BaseException) -> str:
    text = str(
        getattr(foreign, "server_message", None) or (foreign if isinstance(foreign, ValueError) else "")
    )
    line = " ".join(text.split())[:200]
    return line[:1].lower() + line[1:] if line[1:2].islower() else line
