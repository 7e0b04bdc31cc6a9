"""Each kind of error, provoked in a real kernel: typed, three lines with a next step, and Run All stops there."""

from __future__ import annotations

from typing import Any

import pytest

from hf_nb import errors
from tests.kernels import Kernel

pytestmark = pytest.mark.slow  # seconds, each against a Hub of its own or in a kernel

# A server that will not answer such a text, on this machine.
FILTERING = """
import http.server, json, threading
class Filtering(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        said = {"error": {"code": "content_policy_violation", "message": "Not such a text."}}
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(400)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(said).encode())
    def log_message(self, *_): pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Filtering)
threading.Thread(target=server.serve_forever, daemon=True).start()
hf_nb.settings().servers = {"mine": f"http://127.0.0.1:{server.server_port}/v1"}
%hf chat -m any --provider mine "Hello"
"""
FULL = """
import torch
def full(*_, **__): raise torch.OutOfMemoryError("CUDA out of memory.")
whole, torch.nn.Embedding.forward = torch.nn.Embedding.forward, full
try:
    get_ipython().run_line_magic("hf", "infer --provider local 'I love it'")
finally:
    torch.nn.Embedding.forward = whole
"""
ASK = "%hf infer --provider hf -m hfnb-demo/sentiment-en --timeout 3"

# class -> (the cell, what the Hub does wrong meanwhile)
CASES: dict[str, tuple[str, dict[str, Any] | None]] = {
    "NotFound": ("%hf info no/such-thing-anywhere", None),
    "Unauthorized": ("%hf whoami", None),
    "BadInput": ("%hf search models --limit many", None),
    "Refused": ("%hf auth token", None),
    "TooLarge": ("%hf search models --sort created:asc --look 3", None),
    "Costly": ("%hf preview hfnb-demo/digits --allow 1kB", None),
    "MissingExtra": (
        "found = %hf search models\nimport sys; sys.modules['pandas'] = None\nfound.to_pandas()",
        None,
    ),
    "Busy": ("%hf search models busy-word", {"kind": "status", "status": 503}),
    "RateLimited": ("%hf search models hurried-word", {"kind": "status", "status": 429}),
    "Unreachable": ("%hf search models cut-word", {"kind": "refuse"}),
    "Timeout": ("%hf search models slow-word", {"kind": "latency", "seconds": 20}),
    "Spent": (f"{ASK} 'I love it'", {"kind": "status", "status": 402, "match": "/router/*"}),
    "Broken": (f"{ASK} 'I love it'", {"kind": "portal", "match": "/router/*"}),
    "Filtered": (FILTERING, None),
    "OutOfMemory": (FULL, None),
    "HfNbError": (
        "import hf_nb.hub.finding.search as s; s.search = lambda *a, **k: 1 / 0\n%hf search models",
        None,
    ),
}


def test_every_class_a_user_can_meet_is_tried() -> None:
    def leaves(kind: type[Exception]) -> set[str]:
        return set.union(*map(leaves, kind.__subclasses__())) if kind.__subclasses__() else {kind.__name__}

    own = {name for name in leaves(errors.HfNbError) if hasattr(errors, name)}
    assert own <= set(CASES)


@pytest.fixture(scope="module")
def loaded(served_hub: Any) -> Any:
    with Kernel(served_hub.environment) as started:
        assert started.run("%load_ext hf_nb\nimport hf_nb\nhf_nb.settings().deadline = 2.0").error is None
        yield started


@pytest.mark.parametrize("name", CASES)
def test_it_is_short_typed_and_stops_run_all(name: str, loaded: Kernel, hub: Any) -> None:
    code, fault = CASES[name]
    if fault:
        hub.add_fault(**{"match": "/api/models*", **fault})
    wrong, after = loaded.begin(code), loaded.begin("print('reached')")
    failed, skipped = loaded.finish(wrong), loaded.finish(after)
    hub.clear_faults()
    assert failed.error is not None, failed.text
    assert failed.error.name == name
    lines = failed.error.shown.splitlines()
    assert 2 <= len(lines) <= 3, "what happened, and what to do next"
    assert "Traceback" not in failed.error.shown
    assert skipped.stdout == ""
    assert loaded.run("print('still here')").stdout == "still here\n"


def test_the_whole_stack_is_there_on_request(loaded: Kernel) -> None:
    assert loaded.run("%hf info no/such-thing-anywhere").error is not None
    debug = loaded.run("import os; os.environ['HF_DEBUG'] = '1'\n%hf info no/such-thing-anywhere").error
    loaded.run("del os.environ['HF_DEBUG']")
    assert debug is not None
    assert len(debug.shown.splitlines()) > 10
    assert debug.name == "NotFound"
