"""Every kind of fault on every route of the table, with a bare client: that it strikes, and what is seen of it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from huggingface_hub.utils import httpx

from hf_nb.offline.server import faults, rules
from hf_nb.offline.server.table import ROUTES

MOMENT = 0.015
NAMES = {
    "types": "models",
    "folder*": "",
    "path*": "README.md",
    "rev": "main",
    "ns": "demo",
    "name": "tiny",
    "nameless": "nobody-knows",
    "num": "1",
    "span": "main..main",
    "kind": "run",
    "user": "learner",
    "org": "demo",
    "paper": "1810.04805",
    "file": "1810.04805.md",
}
# Those whose kind stands in the pattern itself.
OTHERS = {"/api/spaces/": "app", "/api/datasets/": "rows"}
ADDRESSES = [(method, pattern) for method, table in ROUTES.items() for pattern in table]
# nobody in particular asks, for nothing in particular: no route changes anything
EMPTY: dict[str, Any] = {"json": {}}
BODY: dict[str, dict[str, Any]] = {"GET": {}}
GONE = (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError)


def address(pattern: str) -> str:
    names = dict(NAMES)
    for begins, name in OTHERS.items():
        if pattern.startswith(begins):
            names["name"] = name
    return re.sub(r"\{([^}]+)\}", lambda found: names.get(found[1], "x"), pattern)


def ask(raw: Any, method: str, path: str) -> httpx.Response:
    return raw.request(method, path, **BODY.get(method, EMPTY))


def alike(one: httpx.Response, other: httpx.Response) -> bool:
    """Some routes answer with a date or a token, which changes and keeps its length."""
    return (one.status_code, len(one.content)) == (other.status_code, len(other.content))


def no_answer(act: Callable[[], Any]) -> None:
    with pytest.raises(GONE):
        act()


def breaks_off(raw: Any, method: str, path: str, clean: httpx.Response) -> None:
    got: list[bytes] = []
    with raw.stream(method, path, **BODY.get(method, EMPTY)) as answer:
        assert answer.status_code == clean.status_code
        with pytest.raises(GONE):
            got.extend(answer.iter_raw())
    assert len(b"".join(got)) < len(clean.content)


def takes_its_time(act: Callable[[], httpx.Response], clean: httpx.Response) -> None:
    began = time.perf_counter()
    answer = act()
    assert time.perf_counter() - began >= MOMENT * 0.9
    assert alike(answer, clean)


def seen(kind: str, raw: Any, method: str, path: str, clean: httpx.Response) -> None:
    """What a client sees of a fault."""

    def act() -> httpx.Response:
        return ask(raw, method, path)

    match kind:
        case "refuse" | "lost" | "cut-upload":
            no_answer(act)
        case "cut":
            breaks_off(raw, method, path, clean)
        case "latency" | "stall" | "slow" | "stall-upload" | "slow-upload":
            takes_its_time(act, clean)
        case "status":
            answer = act()
            assert answer.status_code == 503
            assert answer.json() == {"error": "Service Unavailable"}
        case "portal":
            assert act().headers["content-type"].startswith("text/html")
        case "empty":
            answer = act()
            assert (answer.status_code, answer.content) == (200, b"")
        case "loop":
            assert act().headers["location"] == path
        case "corrupt":
            answer = act()
            assert len(answer.content) == len(clean.content)
            assert answer.content != clean.content
        case "wrong-length":
            assert len(act().content) < len(clean.content)
        case "short-upload":
            assert act().status_code in (clean.status_code, 400)
        case _:
            pytest.fail(f"nobody looks what {kind} does")


@pytest.fixture(scope="module")
def clean(_box, _raw) -> dict[tuple[str, str], httpx.Response]:
    """What every route answers when nothing is wrong."""
    _box.clear_faults()
    return {(method, pattern): ask(_raw, method, address(pattern)) for method, pattern in ADDRESSES}


@pytest.mark.slow
# those in a stream of events, which nobody answers without an engine, are tried in router/
@pytest.mark.parametrize("kind", [kind for kind in rules.KINDS if kind not in rules.STREAM])
def test_a_fault_strikes_on_every_route(box, raw, clean, kind):
    status = {"status": 503} if kind == "status" else {}
    with box.fault(kind, seconds=MOMENT, **status) as fault:
        strikes = 0
        for (method, pattern), right in clean.items():
            if can(kind, method, right):
                seen(kind, raw, method, address(pattern), right)
                strikes += 1
            else:
                assert alike(ask(raw, method, address(pattern)), right), pattern
        assert fault.used == strikes
    assert strikes >= (8 if kind in rules.UPLOAD else 0.9 * len(ADDRESSES))


@pytest.mark.slow
def test_every_route_can_be_named_by_its_pattern(box, raw, clean):
    for method, pattern in ADDRESSES:
        box.add_fault("status", status=503, match=f"{method} {pattern}", count=1)
    for (method, pattern), right in clean.items():
        assert ask(raw, method, address(pattern)).status_code == 503, pattern
        assert alike(ask(raw, method, address(pattern)), right), pattern
    assert {line["used"] for line in box.faults()} == {1}


def can(kind: str, method: str, right: httpx.Response) -> bool:
    """A fault on a body needs one."""
    if kind in rules.UPLOAD:
        return method != "GET"
    return kind not in rules.BODY or bool(right.content and not right.is_redirect)


def test_a_route_is_itself_and_no_other(box, raw):
    with box.fault("status", status=503, match="GET /api/{types}/{ns}/{name}/refs") as fault:
        assert raw.get("/api/models/demo/tiny/refs").status_code == 503
        assert raw.get("/api/datasets/demo/rows/refs").status_code == 503
        assert raw.get("/api/models/demo/tiny").status_code == 200
        assert raw.get("/api/models/demo/tiny/tree/main").status_code == 200
        assert fault.used == 2


def test_the_page_on_faults_tells_every_kind_and_no_other():
    told = re.findall(r"^    ([a-z-]+) {2,}\S", faults.__doc__ or "", re.MULTILINE)
    assert sorted(told) == sorted(rules.KINDS)
    words = set(re.findall(r"`(\w+)`", faults.__doc__ or ""))
    assert words >= set(rules.Rule.__dataclass_fields__) - {"id", "kind", "seen", "used"}
