"""The process: quick to start, alone on its store, gone with whoever started it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time

import pytest
from huggingface_hub.utils import httpx

from hf_nb.errors import BadInput, Refused
from hf_nb.offline.running import start


def run(*words: str, **how) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "hf_nb", "hub", *words],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        **how,
    )


def test_a_second_server_is_refused_politely(box, box_root):
    with pytest.raises(Refused, match="Another process serves"):
        start(box_root)


def test_it_listens_on_loopback_only(box):
    from urllib.parse import urlsplit

    port = urlsplit(box.url).port
    with socket.create_connection(("127.0.0.1", port), timeout=2):
        pass
    with pytest.raises(OSError), socket.create_connection(("127.0.0.2", port), timeout=2):
        pass


def test_wrong_users_and_ports_are_refused_before_anything_is_served(tmp_path, box):
    from urllib.parse import urlsplit

    with pytest.raises(Refused, match="name:token"):
        start(tmp_path / "a", users=["learner"])
    with pytest.raises(Refused, match="cannot be used"):
        start(tmp_path / "b", port=urlsplit(box.url).port)


def test_users_given_at_the_start_can_log_in_and_leave_no_token_on_disk(tmp_path):
    with start(tmp_path / "hub", users=["ada:hf_ada_secret:read"]) as hub:
        answer = httpx.get(
            hub.url + "/api/whoami-v2", headers={"authorization": "Bearer hf_ada_secret"}, trust_env=False
        )
        assert answer.json()["auth"]["accessToken"]["role"] == "read"
        command = subprocess.run(
            ["ps", "-o", "args=", "-p", str(hub.process.pid)], capture_output=True, text=True, check=False
        ).stdout
        assert "hf_ada_secret" not in command
    assert not [
        path
        for path in (tmp_path / "hub").rglob("*")
        if path.is_file() and b"hf_ada_secret" in path.read_bytes()
    ]


def test_stopping_twice_is_fine_and_leaves_nothing(tmp_path):
    hub = start(tmp_path / "hub")
    home = hub.home
    hub.stop()
    hub.stop()
    assert hub.process.poll() is not None
    assert not home.exists()


def test_the_environment_keeps_the_users_token_and_cache_out(box):
    found = box.environment_for(
        {"HF_TOKEN": "hf_mine", "HF_HUB_CACHE": "/mine", "PATH": "/bin", "NO_PROXY": "a.b"}
    )
    assert found["HF_ENDPOINT"] == box.url
    assert found["PATH"] == "/bin"
    assert found["NO_PROXY"] == "a.b,127.0.0.1"
    assert not {"HF_TOKEN", "HF_HUB_CACHE"} & set(found)
    assert box.environment["HF_HUB_DISABLE_XET"] == "1"


def test_a_command_runs_with_a_hub_of_its_own_and_passes_its_exit_code(box_root, tmp_path):
    from hf_nb.offline.store import Store

    Store.overlay(box_root, tmp_path / "hub").close()
    code = (
        "import os, sys; from huggingface_hub import HfApi;"
        "print(HfApi().model_info('demo/tiny').id, os.environ.get('HF_TOKEN')); sys.exit(7)"
    )
    done = run(
        "run",
        "--root",
        str(tmp_path / "hub"),
        "--",
        sys.executable,
        "-c",
        code,
        env={**os.environ, "HF_TOKEN": "hf_mine"},
    )
    assert (done.returncode, done.stdout.strip()) == (7, "demo/tiny None"), done.stderr
    missing = run("run", "--root", str(tmp_path / "hub"), "--", "no-such-command-anywhere")
    assert missing.returncode == 2
    assert "Traceback" not in missing.stderr


def test_serve_prints_what_to_export_then_ready_and_ends_on_a_signal(tmp_path):
    words = [
        sys.executable,
        "-m",
        "hf_nb",
        "hub",
        "serve",
        "--root",
        str(tmp_path / "hub"),
        "--user",
        "ada:hf_ada_offline",
    ]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines: list[str] = []
        while not lines or lines[-1] != "ready":
            lines.append(process.stdout.readline().strip())
            assert lines[-1], lines
        variables = dict(
            line.removeprefix("export ").split("=", 1) for line in lines if line.startswith("export ")
        )
        assert httpx.get(variables["HF_ENDPOINT"] + "/api/models", trust_env=False).json() == []
        assert any(line.startswith("unset HF_TOKEN ") for line in lines)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_it_ends_with_whoever_started_it(tmp_path):
    code = (
        "from pathlib import Path; from hf_nb.offline.running import start; import os;"
        f"print(start(Path({str(tmp_path / 'hub')!r})).process.pid, flush=True); os._exit(1)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=False
    )
    child = int(done.stdout)
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            os.kill(child, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    pytest.fail("the Hub outlived its starter")


def test_wrong_limits_are_bad_input():
    from hf_nb.offline.server.limits import policy

    with pytest.raises(BadInput):
        policy("lots")
