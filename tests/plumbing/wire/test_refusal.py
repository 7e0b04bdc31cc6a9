"""A refusal in anybody's words becomes the error it means, in one line of theirs at most, and nothing secret in it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from hf_nb import errors
from hf_nb.plumbing.wire.refusal import inside, refused

CASES: list[tuple[int, Any, type[errors.HfNbError]]] = [
    (400, {"error": {"message": "'temperature' must be at most 2"}}, errors.BadInput),
    (422, {"detail": [{"loc": ["body", "inputs"], "msg": "field required"}]}, errors.BadInput),
    (422, {"error": "Template error", "error_type": "validation"}, errors.BadInput),
    (400, {"error": ["Error in `parameters.top_k`: must be positive"]}, errors.BadInput),
    (401, {"error": "Invalid username or password."}, errors.Unauthorized),
    (403, {"error": "This method does not have sufficient permissions"}, errors.Unauthorized),
    (400, {"error": {"code": "invalid_api_key", "message": "no"}}, errors.Unauthorized),
    (402, {"error": "You have exceeded your monthly included credits"}, errors.Spent),
    (
        429,
        {"error": {"code": "insufficient_quota", "message": "You exceeded your current quota"}},
        errors.Spent,
    ),
    (404, {"error": {"message": "model 'x' not found"}}, errors.NotFound),
    (
        400,
        {"error": {"message": "The requested model 'x' is not supported by any provider"}},
        errors.NotFound,
    ),
    (410, "https://api-inference.huggingface.co is no longer supported", errors.NotFound),
    (501, {"error": "nobody answers here"}, errors.NotFound),
    (408, "", errors.Timeout),
    (413, "<html>too large</html>", errors.TooLarge),
    (400, {"error": {"message": "This model's maximum context length is 4096 tokens"}}, errors.TooLarge),
    (422, {"error": "`inputs` must have less than 1024 tokens. Given: 9999"}, errors.TooLarge),
    (400, {"error": {"code": "content_filter", "message": "…"}}, errors.Filtered),
    (400, {"error": {"message": "triggering Azure OpenAI's content management policy"}}, errors.Filtered),
    (429, {"error": "Rate limit reached"}, errors.RateLimited),
    (503, {"error": "Model x is currently loading", "estimated_time": 20}, errors.Busy),
    (503, {"error": {"code": 503, "message": "Loading model", "type": "unavailable_error"}}, errors.Busy),
    (500, "", errors.Busy),
    (502, "<html>Bad gateway</html>", errors.Busy),
    (504, None, errors.Busy),
    (529, {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}, errors.Busy),
    (418, "short and stout", errors.BadInput),
]
IN_STREAMS: list[tuple[Any, type[errors.HfNbError]]] = [
    ({"error": {"code": 503, "message": "overloaded"}}, errors.Busy),
    ({"error": "Model is overloaded", "error_type": "overloaded"}, errors.Busy),
    ({"error": "something went wrong"}, errors.Busy),
    ({"error": {"message": "too many requests", "type": "rate_limit_error"}}, errors.RateLimited),
    ({"error": {"code": "429", "message": "slow"}}, errors.RateLimited),
    ({"error": "`inputs` must have less than 10 tokens", "error_type": "validation"}, errors.TooLarge),
    ({"error": {"message": "bad", "type": "invalid_request_error"}}, errors.BadInput),
    ({"error": {"code": "content_filter", "message": "no"}}, errors.Filtered),
    ({"error": {"code": "insufficient_quota", "message": "no"}}, errors.Spent),
    ({"error": {"http_status_code": 401, "message": "no"}}, errors.Unauthorized),
]


def raw(body: Any) -> bytes:
    return b"" if body is None else body.encode() if isinstance(body, str) else json.dumps(body).encode()


@pytest.mark.parametrize(("status", "body", "kind"), CASES, ids=str)
def test_a_refusal_becomes_its_error(status: int, body: Any, kind: type[errors.HfNbError]) -> None:
    got = refused(status, {}, raw(body), who="The server", model="x")
    assert type(got) is kind, got
    assert "<" not in got.next_step


@pytest.mark.parametrize(("body", "kind"), IN_STREAMS, ids=str)
def test_an_error_inside_a_stream_becomes_the_same(body: Any, kind: type[errors.HfNbError]) -> None:
    got = inside(json.dumps(body), who="The server", model="x")
    assert type(got) is kind, got


def test_the_loading_time_is_the_wait() -> None:
    got = refused(503, {}, raw({"error": "Model x is currently loading", "estimated_time": 20}), who="It")
    assert isinstance(got, errors.Busy)
    assert (got.after, got.problem) == (20, "It is loading the model.")


def test_one_line_is_quoted_and_no_credential() -> None:
    body = {"error": "Wrong key sk-aaaaaaaaaaaaaaaaaaaa and mykey77 " + "x" * 500 + "\nmore\x1b[31m"}
    got = refused(401, {}, raw(body), who="The server", step="Set it", secrets=("mykey77",))
    assert "sk-a" not in str(got)
    assert "mykey77" not in str(got)
    assert "more" not in str(got)
    assert len(got.problem) < 230


@given(
    some.integers(300, 599),
    some.binary(max_size=300)
    | some.recursive(
        some.none() | some.text(max_size=20) | some.integers() | some.booleans(),
        lambda one: (
            some.lists(one, max_size=3)
            | some.dictionaries(
                some.sampled_from(
                    ["error", "message", "code", "type", "detail", "status", "estimated_time", "loc"]
                ),
                one,
            )
        ),
    ).map(lambda body: json.dumps(body).encode()),
)
def test_whatever_comes_it_is_one_of_our_errors_in_three_lines(status: int, body: bytes) -> None:
    for got in (
        refused(status, {}, body, who="The server"),
        inside(body.decode(errors="replace"), who="The server"),
    ):
        assert isinstance(got, errors.HfNbError)
        assert len(got._render_traceback_()) <= 3
        assert got.problem.isprintable()
