"""A process below an offline Hub finds it, commands it, and shows its key nowhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hf_nb.errors import NotFound, Refused, Unreachable
from hf_nb.offline.handle import ADMIN
from hf_nb.offline.running import UNSET, here
from hf_nb.offline.store import Store
from hf_nb.plumbing import redact

LESSON = """
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError
from hf_nb.offline.running import here
try:
    with here().fault("status", status=503, match="/api/models/*", count=1) as fault:
        HfApi().model_info("demo/tiny")
except HfHubHTTPError as wrong:
    print(wrong.response.status_code, here())
print(HfApi().model_info("demo/tiny").id, here().faults())
"""


@pytest.fixture
def root(box_root, tmp_path) -> Path:
    Store.overlay(box_root, tmp_path / "hub").close()
    return tmp_path / "hub"


def below(root: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "hf_nb", "hub", "run", "--root", str(root), "--", *command],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def key(hub) -> dict[str, str]:
    return {"HF_ENDPOINT": hub.url, **hub.key}


@pytest.mark.slow
def test_a_lesson_below_hub_run_makes_its_own_hub_fail(root):
    done = below(root, sys.executable, "-c", LESSON)
    assert done.stdout.splitlines() == ["503 <offline Hub>", "demo/tiny []"], done.stderr


@pytest.mark.slow
def test_a_shell_below_hub_run_adds_lists_and_clears(root):
    hf_nb = f"{sys.executable} -m hf_nb hub faults"
    lines = [
        f"{hf_nb} add status --status 503 --count 2 --match '/api/*' --json",
        f"{hf_nb} add cut --repo demo/tiny --at 0.5 --json",
        f"{hf_nb} list --json",
        f"{hf_nb} clear --json",
    ]
    done = below(root, "sh", "-ec", "; ".join(lines))
    said = [json.loads(line)["rows"] for line in done.stdout.replace("}\n{", "}\x00{").split("\x00")]
    status = {"fault": "status", "where": "/api/*", "how": "count=2 status=503", "struck": "0"}
    cut = {"fault": "cut", "where": "*", "how": "repo=demo/tiny at=0.5", "struck": "0"}
    assert said == [[status], [status, cut], [status, cut], []], done.stderr


@pytest.mark.slow
def test_a_shell_is_told_what_there_is(root):
    done = below(root, sys.executable, "-m", "hf_nb", "hub", "faults", "add", "meteor")
    assert done.returncode != 0
    assert "No such fault" in done.stderr
    assert "cut-upload" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_the_key_is_in_the_environment_and_shown_nowhere(box, root):
    code = f"import os; print(os.environ[{ADMIN!r}], os.environ.get('HF_TOKEN'))"
    hf_nb = f"{sys.executable} -m hf_nb hub faults"
    show = "from hf_nb.offline.running import here; print(here(), [here()])"
    lines = [f'{sys.executable} -c "{code}"', f"{hf_nb} add portal", f"{hf_nb} add meteor || true"]
    done = below(root, "sh", "-ec", "; ".join([*lines, f'{sys.executable} -c "{show}"', f"{hf_nb} list"]))
    first, _, rest = done.stdout.partition("\n")
    given, token = first.split()
    assert token == "None"
    assert redact.has_hub_token(given)
    assert given not in redact.text(f"my key is {given}, it is")
    assert "portal" in rest
    assert "No such fault" in done.stderr
    for shown in (rest, done.stderr, repr(box), str(box), json.dumps(box.requests()), str(box.environment)):
        assert not redact.has_hub_token(shown)


def test_a_hub_inside_a_hub_does_not_inherit_its_key(box):
    assert ADMIN in UNSET
    assert ADMIN not in box.environment_for({ADMIN: "hf_outer", "PATH": "/bin"})


def test_it_needs_a_hub_on_this_machine_and_the_right_key(box, monkeypatch):
    with pytest.raises(NotFound, match="does not live under") as caught:
        here({})
    assert "hf-nb hub run" in caught.value.next_step
    for away in ("https://huggingface.co", "http://127.0.0.1.example.org", "http://10.0.0.1:80"):
        with pytest.raises(Refused, match="off this machine"):
            here({"HF_ENDPOINT": away, ADMIN: "hf_x"})
    with pytest.raises(Refused, match="admin token"):
        here(key(box) | {ADMIN: "hf_guess"}).faults()
    with pytest.raises(Unreachable):
        here({"HF_ENDPOINT": "http://127.0.0.1:9", ADMIN: "hf_x"}).faults()
    for name, value in key(box).items():
        monkeypatch.setenv(name, value)
    assert here().faults() == []
    assert here().now().tzinfo is not None
    assert os.environ[ADMIN] == box.key[ADMIN]
