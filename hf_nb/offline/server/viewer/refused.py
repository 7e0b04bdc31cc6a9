"""What the dataset viewer says when it does not answer, word for word."""

from __future__ import annotations

from hf_nb.offline.people import Caller
from hf_nb.offline.server.refusals import Refusal

_MISSING = (
    "The dataset does not exist, or is not accessible without authentication (private or gated)."
    " Please check the spelling of the dataset name or retry with authentication."
)
_NOT_YOURS = (
    "The dataset does not exist, or is not accessible with the current credentials (private or gated)."
    " Please check the spelling of the dataset name or retry with other authentication credentials."
)
# kinds of failure that asking again does not mend, and their status
_STATUS = {
    "ResponseNotFound": 404,
    "MissingRequiredParameter": 422,
    "InvalidParameter": 422,
    "DatasetWithTooManyConfigsError": 501,
    "DatasetTooBigError": 501,
    "TooBigContentError": 501,
    "SearchFeatureNotAvailableError": 501,
}


def no_dataset(who: Caller) -> Refusal:
    """Missing, private and gated look the same to those without access."""
    if who.name is None:
        return Refusal(401, _MISSING, "ExternalUnauthenticatedError")
    return Refusal(404, _NOT_YOURS, "ExternalAuthenticatedError")


def missing(name: str) -> Refusal:
    """A parameter that has to be there."""
    return Refusal(422, f"Parameter '{name}' is required", "MissingRequiredParameter")


def invalid(words: str) -> Refusal:
    """A parameter that makes no sense."""
    return Refusal(422, words, "InvalidParameter")


def not_there() -> Refusal:
    """No such configuration, split, or answer."""
    return Refusal(404, "Not found.", "ResponseNotFound")


def not_ready() -> Refusal:
    """It takes longer than a caller waits."""
    words = "The server is busier than usual and the response is not ready yet. Please retry later."
    return Refusal(500, words, "ResponseNotReady")


def unexpected() -> Refusal:
    """Something of ours went wrong."""
    return Refusal(500, "Unexpected error.", "UnexpectedError")


def no_viewer() -> Refusal:
    """This Hub was started without the process that reads tables."""
    return Refusal(
        501,
        "This Hub was started without anything that reads datasets: hf-nb hub serve",
        "NotImplemented",
    )


def because(kind: str, problem: str) -> Refusal:
    """What the process that reads tables would not do, or a dataset did not let it."""
    status = _STATUS.get(kind, 500)
    if kind in _STATUS or kind in ("EmptyDatasetError", "TooManyColumnsError"):
        return Refusal(status, problem, kind)
    cause, _, words = problem.partition(": ")
    more = {"cause_exception": cause, "cause_message": words} if words else {}
    said = "Cannot get the config names for the dataset." if kind == "ConfigNamesError" else problem
    return Refusal(status, said, kind, more=more)
