"""Every fault the Hub can be told to have, against huggingface_hub's reads: the documented error, or none.

model info, who asks once · list models and tree, who ask six times · a small file, from the Hub ·
a large one, from the second port · a snapshot: info, tree, files
"""

from __future__ import annotations

import itertools

import pytest

OPERATIONS = {
    "model info": ("model_info", "*/api/models/*"),
    "list models": ("list_models", "*/api/models*"),
    "tree": ("tree", "*/tree/*"),
    "download small": ("small", "*config.json*"),
    "download large": ("large", "*model.safetensors*"),
    "snapshot": ("snapshot", "*"),
}
HUB = ["HfHubHTTPError"] * 3
# After a failed HEAD the client looks into its cache; what it then cannot find there is a LocalEntryNotFoundError.
# 401 and 404 it passes on: they are answers about the repository, not about the network.
AWAY = ["LocalEntryNotFoundError"] * 3
BROKEN_JSON = ["ValueError"] * 3
CUT = ["RemoteProtocolError"] * 3
EXPECTED: dict[str, tuple[dict[str, object], list[str]]] = {
    "latency": ({"kind": "latency", "seconds": 0.05}, ["ok"] * 6),
    "no answer in time": ({"kind": "latency", "seconds": 1.0}, ["ReadTimeout"] * 3 + AWAY),
    "401": ({"kind": "status", "status": 401}, HUB * 2),
    "403": ({"kind": "status", "status": 403}, HUB + AWAY),
    "404": ({"kind": "status", "status": 404}, ["RepositoryNotFoundError"] * 6),
    "429": ({"kind": "status", "status": 429, "seconds": 7}, HUB + AWAY),
    "500": ({"kind": "status", "status": 500}, HUB + AWAY),
    "502": ({"kind": "status", "status": 502}, HUB + AWAY),
    "503": ({"kind": "status", "status": 503}, HUB + AWAY),
    "504": ({"kind": "status", "status": 504}, HUB + AWAY),
    "408": ({"kind": "status", "status": 408}, HUB + AWAY),
    "refused": ({"kind": "refuse"}, CUT * 2),
    "lost": ({"kind": "lost"}, CUT * 2),
    "a page instead": ({"kind": "portal"}, [*BROKEN_JSON, *AWAY[:2], "ValueError"]),
    "nothing": ({"kind": "empty"}, [*BROKEN_JSON, *AWAY[:2], "ValueError"]),
    "a loop": ({"kind": "loop"}, ["TooManyRedirects"] * 6),
    "slow": ({"kind": "slow", "seconds": 0.2}, ["ok"] * 6),
}
# These strike a body, and for files only the transfer: HEAD has none.
BODY: dict[str, tuple[dict[str, object], list[str]]] = {
    "cut": ({"kind": "cut"}, CUT * 2),
    "stall": ({"kind": "stall", "seconds": 1.0}, ["ReadTimeout"] * 6),
    "corrupt": ({"kind": "corrupt"}, [*BROKEN_JSON, *["a wrong checksum"] * 3]),
    "wrong length": ({"kind": "wrong-length"}, [*BROKEN_JSON, *["OSError"] * 3]),
}
FILES = {
    "download small": "GET *config.json*",
    "download large": "GET *model.safetensors*",
    "snapshot": "GET *config.json*",
}
CASES = [
    pytest.param(fault, operation, arguments, expected, id=f"{fault}: {operation}".replace(" ", "-"))
    for table in (EXPECTED, BODY)
    for fault, (arguments, row) in table.items()
    for operation, expected in zip(OPERATIONS, row, strict=True)
]


@pytest.fixture
def faulty(workers):
    return workers("faulty", HF_HUB_DISABLE_XET="1")


def strike(hub, fault, operation):
    """Where the fault strikes: one operation's own requests, so that no other answer is spoilt before them."""
    match = FILES[operation] if fault in BODY and operation in FILES else OPERATIONS[operation][1]
    return {"match": match}


@pytest.mark.slow
@pytest.mark.parametrize(("fault", "operation", "arguments", "expected"), CASES)
def test_a_fault_gives_the_documented_error(hub, faulty, faults_table, fault, operation, arguments, expected):
    with hub.fault(**arguments, **strike(hub, fault, operation)):
        outcome = faulty.outcome(f"tests.clients.faulty:{OPERATIONS[operation][0]}")
    word = outcome.value if outcome.value not in (None, "as it should be") else outcome.word
    faults_table.note(fault, operation, word)
    assert expected in ({word, *outcome.classes} if outcome.classes else {word}), outcome.message or word


TRANSIENT = ["429", "500", "502", "503", "504", "cut", "stall"]
RETRIED = dict.fromkeys(("list models", "tree", "download small", "download large"), TRANSIENT)
HEALED = [(operation, fault) for operation, faults in RETRIED.items() for fault in faults]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("operation", "fault"), HEALED, ids=[f"{o}: {f}".replace(" ", "-") for o, f in HEALED]
)
def test_one_fault_heals_where_the_client_tries_again(hub, faulty, operation, fault):
    faulty.call("tests.clients.faulty:waits")
    arguments, _ = (EXPECTED | BODY)[fault]
    head = operation in FILES and fault not in BODY
    # a failed HEAD is asked once more at once, and only then with patience
    with hub.fault(**arguments, **strike(hub, fault, operation), count=2 if head else 1):
        faulty.call(f"tests.clients.faulty:{OPERATIONS[operation][0]}")
    # the seconds of the window and one more; else the first step of the backoff
    assert faulty.call("tests.clients.faulty:waits") == [8 if fault == "429" else 1]


def test_a_rate_limit_says_which_and_how_long(hub, faulty):
    with hub.fault("status", status=429, seconds=7, match="*/api/models/*"):
        outcome = faulty.outcome("tests.clients.faulty:model_info")
    assert "429 Too Many Requests: you have reached your 'api' rate limit" in outcome.message
    assert "Retry after 7 seconds (0/" in outcome.message


def test_after_six_tries_the_client_gives_up(hub, faulty):
    faulty.call("tests.clients.faulty:waits")
    hub.clear_requests()
    with hub.fault("status", status=503, match="*/api/models*"):
        faulty.outcome("tests.clients.faulty:list_models")
    assert faulty.call("tests.clients.faulty:waits") == [1, 2, 4, 8, 8]
    asked = [line for line in hub.requests() if line["path"] == "/api/models"]
    assert [line["status"] for line in asked] == [503] * 6


def test_every_error_names_its_request(hub, faulty):
    with hub.fault("status", status=500, match="*/api/models/*"):
        outcome = faulty.outcome("tests.clients.faulty:model_info")
    assert "Root=1-" in outcome.message


def test_what_is_cached_is_served_while_the_hub_is_away(hub, faulty, tmp_path):
    ask = "tests.clients.faulty:already_here_while_the_hub_is_away"
    assert faulty.call(ask, str(tmp_path)) == "config.json"
    with hub.fault("status", status=503, match="*"):
        assert faulty.call(ask, str(tmp_path)) == "config.json"


@pytest.mark.parametrize(
    ("status", "at"), [*itertools.product([403, 500], ["download small", "download large"])]
)
def test_an_error_of_the_transfer_itself_is_passed_on(hub, faulty, status, at):
    with hub.fault("status", status=status, match=FILES[at]):
        outcome = faulty.outcome(f"tests.clients.faulty:{OPERATIONS[at][0]}")
    assert outcome.word == "HfHubHTTPError", outcome.message
    assert str(status) in outcome.message


@pytest.mark.parametrize("at", ["download small", "download large"])
def test_a_wrong_length_is_noticed_and_nothing_is_kept(hub, faulty, at):
    with hub.fault("wrong-length", match=FILES[at]):
        outcome = faulty.outcome(f"tests.clients.faulty:{OPERATIONS[at][0]}")
    assert "Consistency check failed: file should be of size" in outcome.message


@pytest.mark.slow
def test_a_cut_download_goes_on_where_it_stopped(hub, faulty):
    with hub.fault("cut", match=FILES["download large"], count=1, at=0.9):
        size = int(faulty.call("tests.clients.faulty:resumed"))
    transfers = [line for line in hub.requests() if line["origin"] == "cdn" and line["method"] == "GET"]
    assert [line["status"] for line in transfers] == [200, 206]
    begins = int(transfers[1]["range"].removeprefix("bytes=").partition("-")[0])
    assert 0 < begins <= 0.9 * size
