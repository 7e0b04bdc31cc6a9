"""Gated repositories: who asks to enter, letting them in, and asking oneself.

access.requests("owner/name")                     access.ask("lab/model", reason="a course")
access.accept("owner/name", "somebody")           access.reject("owner/name", "somebody", reason="no answers given")
access.grant("owner/name", "somebody")            without having been asked
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import TYPE_CHECKING, Any

from hf_nb.errors import BadInput, HfNbError, NotFound, Refused, Unauthorized
from hf_nb.hub.address import Address, about, asked
from hf_nb.hub.client import api
from hf_nb.hub.headers import headers
from hf_nb.plumbing.session import Session, current
from hf_nb.values.access import AccessRequest, AccessRequests, Asked

if TYPE_CHECKING:
    from huggingface_hub import HfApi

STATUSES = ("pending", "accepted", "rejected")
MOST = 1_000


def requests(
    repo: str, *, status: str | None = None, kind: str | None = None, session: Session | None = None
) -> AccessRequests:
    """Everybody who asked for access, pending ones first; `status` picks pending, accepted or rejected ones."""
    if status is not None and status not in STATUSES:
        raise BadInput(f"There is no status {status!r}.", f"Statuses: {', '.join(STATUSES)}")
    session = session or current()
    with session.span("hub.access.requests", repo=repo), session.ledger.looking():
        address = _gated(repo, kind, session)
        return _listed(address, (status,) if status else STATUSES, session)


def accept(
    repo: str, user: str, *, kind: str | None = None, session: Session | None = None
) -> AccessRequests:
    """Let somebody in who asked."""
    return _handled(
        repo,
        user,
        kind,
        session,
        "accept",
        lambda hub, at: hub.accept_access_request(at.id, user, repo_type=at.kind),
    )


def reject(
    repo: str,
    user: str,
    *,
    reason: str | None = None,
    kind: str | None = None,
    session: Session | None = None,
) -> AccessRequests:
    """Turn somebody away, or out again; `reason` is shown to them."""

    def call(hub: HfApi, at: Address) -> None:
        hub.reject_access_request(at.id, user, repo_type=at.kind, rejection_reason=reason)

    return _handled(repo, user, kind, session, "reject", call)


def grant(repo: str, user: str, *, kind: str | None = None, session: Session | None = None) -> AccessRequests:
    """Let somebody in who did not ask."""
    return _handled(
        repo, user, kind, session, "grant", lambda hub, at: hub.grant_access(at.id, user, repo_type=at.kind)
    )


def ask(repo: str, *, kind: str | None = None, session: Session | None = None, **answers: str) -> Asked:
    """Ask to enter, in your own name: the owners see it and your e-mail address. `answers`: to the gate's questions."""
    session = session or current()
    with session.span("hub.access.ask", repo=repo), session.ledger.looking():
        address = _gated(repo, kind, session)
        url = f"{session.settings.endpoint}/{address.full}"
        try:
            with about(address, session):
                told = _post(f"{url}/ask-access", answers)
        except (BadInput, NotFound, Unauthorized) as wrong:
            raise type(wrong)(
                wrong.problem, wrong.next_step or f"Ask on its page: {url}"
            ) from wrong.__cause__
        return Asked(address.kind, address.id, str(told.get("status") or "pending"), url)


def _post(url: str, answers: dict[str, str]) -> dict[str, Any]:
    """The website's own form; the official client has no word for it."""
    from huggingface_hub.utils import get_session, hf_raise_for_status

    response = get_session().post(url, headers=headers(), data=answers)
    hf_raise_for_status(response)
    if "json" not in response.headers.get("content-type", ""):
        return {}
    told: dict[str, Any] = response.json()
    return told


def _gated(repo: str, kind: str | None, session: Session) -> Address:
    """The repository, which must have a gate: what the Hub says otherwise differs from call to call."""

    def look(hub: HfApi, address: Address) -> Any:
        return hub.repo_info(address.id, repo_type=address.kind)

    address, found = asked(repo, kind, session, look)
    if not getattr(found, "gated", None):
        raise BadInput(
            f"{address} is not gated: whoever sees it may use it.",
            f"To gate it: %hf repos settings {address.id} --type {address.kind} --gated manual",
        )
    return address


def _listed(
    address: Address, statuses: tuple[str, ...], session: Session, done: str | None = None
) -> AccessRequests:
    hub = api(session)
    found: list[AccessRequest] = []
    with about(address, session):
        for status in statuses:
            ask_for: Callable[..., Any] = getattr(hub, f"list_{status}_access_requests")
            found += map(_request, islice(ask_for(address.id, repo_type=address.kind), MOST))
    return AccessRequests(address.kind, address.id, tuple(found), done, session.settings.endpoint)


def _request(one: Any) -> AccessRequest:
    return AccessRequest(
        one.username or f"request {one.request_id}",
        one.status,
        one.timestamp,
        one.fullname,
        one.email,
        dict(one.fields or {}),
    )


def _handled(
    repo: str,
    user: str,
    kind: str | None,
    session: Session | None,
    word: str,
    call: Callable[[HfApi, Address], object],
) -> AccessRequests:
    session = session or current()
    with session.span(f"hub.access.{word}", repo=repo), session.ledger.looking():
        address = _gated(repo, kind, session)
        try:
            with about(address, session):
                call(api(session), address)
        except NotFound as missing:
            problem = f"{address} has no request of {user!r} to {word}, or there is no such user."
            raise NotFound(problem, f"Requests: %hf access {address.full}") from missing.__cause__
        done = f"{user}: {word}ed"
        try:
            return _listed(address, STATUSES, session, done)
        except Refused:
            raise
        except HfNbError as wrong:  # what was done is done: an error here would say it was not
            return AccessRequests(
                address.kind,
                address.id,
                (),
                f"{done} (the list could not be read: {wrong.problem})",
                session.settings.endpoint,
            )
