"""Errors of huggingface_hub and its HTTP library, turned into ours: the one border.

with translated("model", "owner/name"): ...
"""

import contextlib
import json
from collections.abc import Iterator
from typing import Any

from hf_nb import errors
from hf_nb.plumbing import http, redact
from hf_nb.plumbing.settings import Settings

TOKEN_STEP = "Set HF_TOKEN before the kernel starts, or: %hf login"  # noqa: S105 -- a sentence, not a secret


@contextlib.contextmanager
def translated(subject: str, settings: Settings) -> Iterator[None]:
    """Run a block of official calls about `subject`; what they raise comes out as an `HfNbError`."""
    try:
        yield
    except errors.HfNbError:
        raise
    except Exception as foreign:
        ours = translate(foreign, subject, settings)
        if ours is None:
            raise
        raise ours from foreign


def translate(foreign: Exception, subject: str, settings: Settings) -> errors.HfNbError | None:
    """The same event in our words, or None when it is a defect and not an event."""
    from huggingface_hub import errors as theirs

    httpx = http.library()
    # The order matters: the official tree overlaps itself (a gated repository is a "RepositoryNotFoundError").
    match foreign:
        case theirs.GatedRepoError():
            return errors.Unauthorized(
                f"{subject} is gated: its owner has to let you in.", _gated_step(subject, settings)
            )
        case theirs.DisabledRepoError():
            return errors.Refused(f"The Hub has disabled {subject}.")
        case theirs.RevisionNotFoundError():
            return errors.NotFound(f"{subject} has no such revision.", _server_text(foreign))
        case theirs.RemoteEntryNotFoundError() | theirs.EntryNotFoundError() if not isinstance(
            foreign, theirs.LocalEntryNotFoundError
        ):
            return errors.NotFound(f"{subject} has no such file.", _server_text(foreign))
        case theirs.RepositoryNotFoundError():
            return errors.NotFound(f"There is no {subject} that you can see on {_where(settings)}.")
        case theirs.HFValidationError():
            return errors.BadInput(f"{subject!r} is not a repository id.", "Ids look like owner/name.")
        case theirs.OfflineModeIsEnabled():
            return errors.Unreachable(
                "HF_HUB_OFFLINE is set, so the Hub is not asked.",
                "Unset HF_HUB_OFFLINE; in a notebook, restart the kernel then.",
            )
        case theirs.LocalEntryNotFoundError() if foreign.__cause__ is not None and isinstance(
            foreign.__cause__, Exception
        ):
            return translate(foreign.__cause__, subject, settings) or _unreachable(settings)
        case http.GaveUp():
            return translate(foreign.last, subject, settings)
        case theirs.HfHubHTTPError():
            return _by_status(foreign, subject, settings)
        case httpx.TimeoutException() | theirs.InferenceTimeoutError():
            return errors.Timeout(
                f"{_where(settings)} did not answer in time.",
                "Try again, or raise hf_nb.settings().read_timeout",
            )
        case httpx.ProxyError():
            return _proxied(foreign)
        case httpx.ConnectError() if "CERTIFICATE_VERIFY_FAILED" in str(foreign):
            return errors.Unreachable(
                f"{settings.endpoint} shows a certificate that this machine does not trust.",
                "Name your company's certificates before the kernel starts: SSL_CERT_FILE=/path/to/company.pem",
            )
        case httpx.ConnectError() | theirs.LocalEntryNotFoundError():
            return _unreachable(settings)
        case httpx.RequestError():
            return errors.Unreachable(f"The connection to {_where(settings)} broke off.", "Try again.")
        case json.JSONDecodeError() | UnicodeDecodeError():
            return errors.Busy(
                f"{_where(settings)} answered with something unreadable.", "Try again in a minute."
            )
        case OSError() if foreign.errno == 28:  # ENOSPC
            return errors.TooLarge("The disk is full.", "%hf cache trim 20GB --dry-run shows what could go.")
        case OSError() if "Consistency check failed" in str(foreign):
            return errors.Unreachable(
                f"A file of {subject} arrived incomplete.", "Try again; the broken part was thrown away."
            )
        case _:
            return None


def _by_status(foreign: Any, subject: str, settings: Settings) -> errors.HfNbError:
    status = foreign.response.status_code
    said = _server_text(foreign)
    match status:
        case 400 | 405 | 409 | 413 | 416 | 422:
            return errors.BadInput(
                f"{_where(settings)} refused the request about {subject} ({status}).", said
            )
        case 401:
            return errors.Unauthorized(f"{_where(settings)} does not accept the token.", TOKEN_STEP)
        case 403:
            return errors.Unauthorized(f"Your token may not do this with {subject}.", said or TOKEN_STEP)
        case 404:
            return errors.NotFound(f"There is no {subject} that you can see on {_where(settings)}.", said)
        case 429:
            after = _wait(foreign)
            when = f"in {after:.0f} s" if after else "in a few minutes"
            return errors.RateLimited(
                f"{_where(settings)} says: too many requests.",
                f"Try again {when}; a token raises the limit.",
                after=after,
            )
        case _:
            return errors.Busy(f"{_where(settings)} cannot answer now ({status}).", "Try again in a minute.")


def _wait(foreign: Any) -> float | None:
    from huggingface_hub.utils import parse_ratelimit_headers

    info = parse_ratelimit_headers(foreign.response.headers)
    if info is not None:
        return float(info.reset_in_seconds)
    after = foreign.response.headers.get("retry-after", "")
    return float(after) if after.isdigit() else None


def _unreachable(settings: Settings) -> errors.Unreachable:
    if settings.endpoint_is_local:
        return errors.Unreachable(
            f"The offline Hub at {settings.endpoint} is not running.",
            "Start it: hf-nb hub run -- jupyter lab",
        )
    return errors.Unreachable(
        f"{settings.endpoint} cannot be reached.",
        "Check the network or proxy, or work offline: hf-nb hub run -- jupyter lab",
    )


def _proxied(foreign: Exception) -> errors.Unreachable:
    if "407" in str(foreign):
        return errors.Unreachable(
            "The proxy wants a user name and a password.",
            "Set them before the kernel starts: HTTPS_PROXY=http://USER:PASSWORD@proxy.example:3128",
        )
    return errors.Unreachable(
        f"The proxy refused the connection: {redact.text(str(foreign))[:100]}",
        "See HTTPS_PROXY and NO_PROXY: %hf doctor",
    )


def _gated_step(subject: str, settings: Settings) -> str:
    if settings.endpoint_is_local:
        return "Log in with a token that has access: %hf login"
    kind, _, id = subject.rpartition(" ")
    folder = f"{kind}s/" if kind in ("dataset", "space") else ""
    return f"Ask for access at {settings.endpoint}/{folder}{id}, then log in: %hf login"


def _server_text(foreign: Any) -> str:
    said = getattr(foreign, "server_message", None) or ""
    return str(said).strip().splitlines()[0][:200] if str(said).strip() else ""


def _where(settings: Settings) -> str:
    return "the offline Hub" if settings.endpoint_is_local else "the Hub"
