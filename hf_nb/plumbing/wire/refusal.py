"""What a server's refusal means: its status, headers and body as one of our errors.

    400 422                     BadInput        401 403             Unauthorized
    402, a spent quota          Spent           404 410, no such model  NotFound
    413, a context too long     TooLarge        a policy on content Filtered
    408                         Timeout         429                 RateLimited, with the wait it names
    425 and 5xx, "loading"      Busy, with the wait it names

The words of an error count before its status, since servers agree on neither; the same inside a stream (`inside`).
"""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from hf_nb import errors
from hf_nb.plumbing import redact
from hf_nb.plumbing.wire import waits

_LONGEST = 160  # characters quoted of what a server said

_SPENT = re.compile(
    r"insufficient_quota|insufficient_balance|billing_hard_limit|billing_not_active"
    r"|exceeded your (current quota|monthly)|insufficient (credits?|balance|funds)|out of credits|payment required"
)
_TOO_LONG = re.compile(
    r"context_length_exceeded|string_above_max_length|context (length|window|size)|maximum context|too many tokens"
    r"|(input|prompt|request) is too (long|large)|inputs` must have less than|exceeds? the (model's )?maximum"
    r"|reduce the length of|longer than the model|exceed_context_size"
)
_FILTERED = re.compile(
    r"content_filter|content_policy|responsibleaipolicy|content management policy|content policy|moderation_blocked"
    r"|safety system|flagged as|prohibited_content"
)
_UNKNOWN_MODEL = re.compile(
    r"model_not_found|model_not_supported|not supported by any provider"
    r"|model .{0,120}(does not exist|not found|is not supported)|no such model|unknown model|server is pinned to"
)
_LOADING = re.compile(r"\bloading\b|model_loading|warming up|starting up|cold start")
_BUSY = re.compile(r"overload|capacity|unavailable|server_error|internal_error|try again later|too busy")
_LIMITED = re.compile(r"rate_?limit|too many requests|too_many_requests")
_BAD_KEY = re.compile(
    r"invalid_api_key|incorrect api key|invalid (api key|token|username or password)|authentication_error|unauthorized"
)

# An error's type, where it comes without a status: of TGI, of OpenAI, of Anthropic's kind.
_TYPES = {
    "validation": 422,
    "invalid_request_error": 400,
    "badrequesterror": 400,
    "bad_request": 400,
    "not_found_error": 404,
    "permission_error": 403,
    "overloaded": 529,
    "overloaded_error": 529,
    "rate_limit_error": 429,
    "rate_limit_exceeded": 429,
    "timeout": 408,
}


class Said(NamedTuple):
    """What an error says. `body`: as JSON, where it is that; `line`: the sentence; `words`: all of it, small."""

    body: Any
    line: str
    words: str
    status: int | None


def refused(
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    *,
    who: str,
    model: str = "",
    step: str = "",
    secrets: Iterable[str] = (),
) -> errors.HfNbError:
    """The error of an answer that is none. `who` was asked; `step`: what helps against a refused key."""
    said = _said(body, secrets)
    return _error(status, headers, said, who, model, step)


def inside(
    event: str, *, who: str, model: str = "", step: str = "", secrets: Iterable[str] = ()
) -> errors.HfNbError:
    """The same for an error that came as an event of a stream that had begun well: a status is seldom said there."""
    said = _said(event.encode(errors="replace"), secrets)
    return _error(said.status or 0, {}, said, who, model, step)


def _error(
    status: int, headers: Mapping[str, str], said: Said, who: str, model: str, step: str
) -> errors.HfNbError:
    words, line = said.words, said.line
    after = waits.after(headers, said.body)
    if status == 402 or _SPENT.search(words):
        return errors.Spent(f"{who} says: the quota of this account is used up.", line)
    if status in (0, 400, 403, 422, 451, 503) and _FILTERED.search(words):
        return errors.Filtered(f"{who} will not answer such a text.", line)
    if status == 413 or (status < 429 and _TOO_LONG.search(words)):
        return errors.TooLarge(f"This is too long for {model or who}.", line)
    if status in (404, 405, 410, 501) or (status in (0, 400, 422) and _UNKNOWN_MODEL.search(words)):
        what = f"{who} does not serve {model}." if model else f"{who} has nothing there."
        return errors.NotFound(what, line)
    if status in (401, 403) or (status in (0, 400) and _BAD_KEY.search(words)):
        problem = "does not accept the key" if status != 403 else "does not allow this"
        return errors.Unauthorized(f"{who} {problem}{_quoted(line)}.", step)
    if status == 429 or (status in (0, 503) and _LIMITED.search(words)):
        when = f"in {after:.0f} s" if after else "in a minute"
        return errors.RateLimited(f"{who} says: too many requests.", f"Try again {when}.", after=after)
    if status == 408:
        return errors.Timeout(f"{who} gave up waiting.", line, stage="first")
    if status == 0 and not _LOADING.search(words):
        return errors.Busy(
            f"{who} broke off with an error{_quoted(line)}.", "Try again in a minute.", after=after
        )
    if status in (409, 425) or status >= 500 or _LOADING.search(words):
        more = "" if line.rstrip(".").lower() == _phrase(status) else _quoted(line)
        why = "is loading the model" if _LOADING.search(words) else f"cannot answer now ({status}){more}"
        return errors.Busy(f"{who} {why}.", "Try again in a minute.", after=after)
    if 300 <= status < 400:
        where = redact.text(headers.get("location", ""))[:_LONGEST]
        return errors.NotFound(f"{who} has moved{f' to {where}' if where else ''}; nothing was sent there.")
    return errors.BadInput(f"{who} refused the request ({status}).", line)


def _said(body: bytes, secrets: Iterable[str]) -> Said:
    text = body.decode(errors="replace").strip()
    try:
        parsed = json.loads(text)
    except (ValueError, RecursionError):
        page = text[:1] == "<"
        return Said(None, "" if page else _line(text, secrets), "" if page else text[:2000].lower(), None)
    error: Any = parsed
    if isinstance(parsed, Mapping):
        error = next((parsed[key] for key in ("error", "message", "detail", "errors") if parsed.get(key)), "")
    sentence, kinds = _sentence(error), []
    for place in (error, parsed):
        if isinstance(place, Mapping):
            kinds += [str(place[key]) for key in ("code", "type", "error_type", "status") if place.get(key)]
    words = " ".join([sentence[:2000], *kinds]).lower()
    return Said(parsed, _line(sentence, secrets), words, _status(error, parsed, kinds, words))


def _sentence(error: Any) -> str:
    """The sentence somewhere in there: a text, {"message"}, a list of them, or what FastAPI makes of a bad body."""
    if isinstance(error, str):
        return error
    if isinstance(error, Mapping):
        inner = next((error[key] for key in ("message", "msg", "error", "detail") if error.get(key)), "")
        place = error.get("loc")
        where = f"{'.'.join(map(str, place))}: " if isinstance(place, (list, tuple)) else ""
        return where + _sentence(inner)
    if isinstance(error, (list, tuple)):
        return "; ".join(filter(None, map(_sentence, error[:3])))
    return ""


def _status(error: Any, parsed: Any, kinds: list[str], words: str) -> int | None:
    for place in (error, parsed):
        if isinstance(place, Mapping):
            for key in ("http_status_code", "status_code", "status", "code"):
                with_figures = str(place.get(key, ""))
                if with_figures.isdigit() and 400 <= int(with_figures) < 600:
                    return int(with_figures)
    named = next((_TYPES[kind.lower()] for kind in kinds if kind.lower() in _TYPES), None)
    if named is not None:
        return named
    if _BUSY.search(words) or _LOADING.search(words):
        return 503
    return None


def _line(text: str, secrets: Iterable[str]) -> str:
    """One line of a stranger's: printable, short, without a credential."""
    for secret in secrets:
        if len(secret) > 3:
            text = text.replace(secret, redact.MARK)
    first = next(iter(redact.text(text[:4000]).splitlines()), "")
    shown = "".join(sign if sign.isprintable() else " " for sign in first).strip()
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1].rstrip() + "…"


def _phrase(status: int) -> str:
    """The words that belong to a status, which say no more than its number."""
    return http.client.responses.get(status, "").lower()


def _quoted(line: str) -> str:
    return f": {line.rstrip('.')}" if line else ""
