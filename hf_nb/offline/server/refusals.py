"""The Hub's errors, word for word.

Every 401, 403 and 404 carries X-Error-Code. The real Hub leaves it out where an anonymous caller asks for what is
missing or private; its client fills that gap on https addresses only, so over plain http the code has to be said.
"""

from typing import Any

from hf_nb.errors import HfNbError, NotFound
from hf_nb.offline.conflicts import Conflicting, Exists, Outdated, Settled
from hf_nb.offline.history import BadPath
from hf_nb.offline.people import Caller
from hf_nb.offline.server.answers import Answer, as_json, as_text


class Refusal(Exception):
    """An answer that is not the one hoped for."""

    def __init__(
        self,
        status: int,
        message: str,
        code: str | None = None,
        *,
        headers: dict[str, str] | None = None,
        more: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.message, self.code = status, message, code
        self.headers, self.more = headers or {}, more or {}

    def answer(self) -> Answer:
        """As it goes over the wire."""
        headers = dict(self.headers)
        if self.code:
            headers["x-error-code"] = self.code
        headers["x-error-message"] = (
            self.message.encode("ascii", "replace").decode().replace("\n", " ")[:1000]
        )
        return as_json({"error": self.message, **self.more}, status=self.status, headers=headers)


class Redirect(Refusal):
    """The same thing under its present name. The address is relative, as the Hub's is."""

    def __init__(self, location: str) -> None:
        super().__init__(307, f"Temporary Redirect. Redirecting to {location}")
        self.location = location

    def answer(self) -> Answer:
        return as_text(self.message, status=307, headers={"location": self.location})


def bad_request(message: str) -> Refusal:
    """The request itself is wrong."""
    return Refusal(400, message, "BadRequest")


def repo_not_found(who: Caller) -> Refusal:
    """Missing and private look the same to those without access."""
    if who.name is None:
        return Refusal(401, "Invalid username or password.", "RepoNotFound")
    return Refusal(404, "Repository not found", "RepoNotFound")


def bad_token() -> Refusal:
    """The Authorization header holds nobody's token."""
    return Refusal(401, "Invalid credentials in Authorization header", "InvalidCredentials")


def needs_login() -> Refusal:
    """Only for those with a token."""
    return Refusal(401, "Invalid username or password.", "Unauthorized")


def not_allowed(message: str = "You don't have the rights to do this") -> Refusal:
    """A token, but not the right one."""
    return Refusal(403, message, "Forbidden")


def gated(kind: str, id: str, url: str, who: Caller) -> Refusal:
    """The files of a gated repository."""
    if who.name is None:
        return Refusal(
            401,
            f"Access to {kind} {id} is restricted. You must have access to it and be authenticated to access it."
            " Please log in.",
            "GatedRepo",
        )
    return Refusal(
        403,
        f"Access to {kind} {id} is restricted and you are not in the authorized list. Visit {url} to ask for access.",
        "GatedRepo",
    )


def disabled() -> Refusal:
    """Taken down. The client knows this sentence by heart."""
    return Refusal(403, "Access to this resource is disabled.", "DisabledRepo")


def revision_not_found(revision: str) -> Refusal:
    """No such branch, tag or commit."""
    return Refusal(404, f"Invalid rev id: {revision}", "RevisionNotFound")


def entry_not_found(path: str, commit: str) -> Refusal:
    """No such file; the commit is named so that the client can remember it."""
    return Refusal(
        404,
        f"{path} does not exist on {commit!r}" if path else "Entry not found",
        "EntryNotFound",
        headers={"x-repo-commit": commit},
    )


def not_found(
    message: str = "Sorry, we can't find the page you are looking for.", code: str = "NotFound"
) -> Refusal:
    """Anything else that is not there."""
    return Refusal(404, message, code)


def of(wrong: HfNbError) -> Refusal:
    """What the store would not do."""
    if isinstance(wrong, Exists):
        return Refusal(409, wrong.problem, "Conflict")
    if isinstance(wrong, Conflicting):
        return Refusal(409, wrong.problem, "Conflict", more={"filesWithConflicts": list(wrong.files)})
    if isinstance(wrong, Settled):
        return Refusal(409, wrong.problem, "Conflict")
    if isinstance(wrong, Outdated):
        return Refusal(412, wrong.problem, "PreconditionFailed")
    if isinstance(wrong, BadPath):
        return Refusal(422, wrong.problem, "UnprocessableEntity")
    if isinstance(wrong, NotFound):
        return not_found(wrong.problem)
    return bad_request(wrong.problem)


def no_room() -> Refusal:
    """The disk takes nothing more; asking again changes nothing, and the client does not."""
    return Refusal(507, "The Hub's disk takes nothing more: nothing was written.", "InsufficientStorage")


def damaged(how: str) -> Refusal:
    """A content is not as it was kept."""
    return Refusal(
        500, f"The content of this file is {how} on the Hub's disk. Run `hf-nb hub verify`.", "Damaged"
    )


def not_here() -> Refusal:
    """Something the real Hub can and this one cannot."""
    return Refusal(501, "This offline Hub does not do that: nothing was changed.", "NotImplemented")
