"""The guard itself: nothing a test starts can leave this machine, and nothing it can swallow hides that it tried."""

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

import pytest

from tests.guard import alone, loopback
from tests.kernels import Kernel

# TEST-NET-1: nobody's, and nothing is sent even if the guard were broken
NOWHERE = "192.0.2.1"
REACH_OUT = f"import socket; socket.create_connection(('{NOWHERE}', 80), timeout=1)"


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A log of this test's own: these violations are wanted."""
    monkeypatch.setenv(loopback.LOG, str(tmp_path / "log.txt"))
    return tmp_path / "log.txt"


@pytest.mark.parametrize(
    "address",
    [
        ("127.0.0.1", 80),
        ("127.9.8.7", 80),
        ("::1", 80, 0, 0),
        ("::ffff:127.0.0.1", 80, 0, 0),
        "localhost",
        None,
    ],
    ids=str,
)
def test_this_machine_may_be_reached(address):
    assert loopback.stays_here(address)


@pytest.mark.parametrize(
    "address",
    [
        (NOWHERE, 80),
        ("::ffff:192.0.2.1", 80, 0, 0),
        ("2001:db8::1", 80, 0, 0),
        "huggingface.co",
        b"192.0.2.1",
    ],
    ids=str,
)
def test_no_other_machine_may_be_reached(address):
    assert not loopback.stays_here(address)


def test_a_connection_is_refused_in_this_process(log):
    with pytest.raises(loopback.ReachedOut, match=NOWHERE), socket.socket() as outgoing:
        outgoing.connect((NOWHERE, 80))
    assert NOWHERE in log.read_text()


def test_the_line_in_the_log_names_the_test(log):
    with pytest.raises(loopback.ReachedOut):
        socket.getaddrinfo("huggingface.co", 443)
    assert "test_the_line_in_the_log_names_the_test" in log.read_text()


def test_a_name_made_of_our_own_address_is_nobodys(log):
    with pytest.raises(socket.gaierror, match="no such host"):
        socket.getaddrinfo("datasets-server.127.0.0.1", 80)
    assert not log.exists()


def test_a_datagram_is_refused(log):
    with pytest.raises(loopback.ReachedOut), socket.socket(type=socket.SOCK_DGRAM) as outgoing:
        outgoing.sendto(b"hello", (NOWHERE, 53))


def test_a_library_that_swallows_the_error_is_still_found(log):
    def swallow() -> None:
        with contextlib.suppress(Exception):
            urllib.request.urlopen("http://huggingface.co/api/models", timeout=1)

    thread = threading.Thread(target=swallow)
    thread.start()
    thread.join()
    assert "huggingface.co" in log.read_text()


def test_an_event_loop_is_watched_too(log):
    with pytest.raises(loopback.ReachedOut):
        asyncio.run(asyncio.open_connection(NOWHERE, 80))


def test_a_connection_to_this_machine_works():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()


def test_a_unix_socket_works(tmp_path):
    here, there = socket.socketpair()
    here.sendall(b"x")
    assert there.recv(1) == b"x"
    here.close()
    there.close()


def test_a_child_process_is_refused(log):
    child = subprocess.run([sys.executable, "-c", REACH_OUT], capture_output=True, text=True, check=False)
    assert child.returncode == 1
    assert "Tests stay on this machine" in child.stderr
    assert NOWHERE in log.read_text()


def test_a_grandchild_is_refused(log):
    nested = f"import subprocess, sys; sys.exit(subprocess.call([sys.executable, '-c', {REACH_OUT!r}]))"
    child = subprocess.run([sys.executable, "-c", nested], capture_output=True, text=True, check=False)
    assert child.returncode == 1
    assert NOWHERE in log.read_text()


def test_a_kernel_is_refused(log):
    with Kernel() as kernel:
        ran = kernel.run(REACH_OUT)
    assert ran.error is not None
    assert ran.error.name == "ReachedOut"
    assert NOWHERE in log.read_text()


def test_the_machines_own_sitecustomize_still_runs(tmp_path, monkeypatch):
    (tmp_path / "sitecustomize.py").write_text("import builtins; builtins.machine_was_here = True")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([os.environ["PYTHONPATH"], str(tmp_path)]))
    code = (
        "import sitecustomize, sys\n"
        "print(machine_was_here, sitecustomize.__file__, 'hf_nb_tests_loopback' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["True", str(tmp_path / "sitecustomize.py"), "True"]


def test_the_guards_folder_is_not_for_import():
    code = "import importlib.util, sys; sys.exit(importlib.util.find_spec('loopback') is not None)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("swallowed", [False, True], ids=["raised", "swallowed"])
def test_a_session_that_reached_out_fails(tmp_path, swallowed, inner_session):
    body = f"try:\n        {REACH_OUT}\n    except Exception:\n        assert {swallowed}"
    ran = inner_session(f"def test_it():\n    {body}\n")
    assert ran.returncode == 1
    assert "LEFT THIS MACHINE" in ran.stdout
    assert NOWHERE in ran.stdout.partition("LEFT THIS MACHINE")[2]


def test_a_test_sees_no_variable_of_the_users_shell(inner_session):
    ran = inner_session(
        "import os\n"
        "def test_it():\n"
        "    assert not {'HF_TOKEN', 'HTTPS_PROXY', 'HF_HOME'} & set(os.environ)\n",
        HF_TOKEN="hf_x",
        HTTPS_PROXY="http://127.0.0.1:9",
        HF_HOME="/nowhere",
    )
    assert ran.returncode == 0, ran.stdout


@pytest.mark.skipif(not alone.possible(), reason="no network namespace can be made here")
def test_alone_there_is_loopback_and_nothing_else():
    code = (
        "import socket\n"
        "with socket.create_server(('127.0.0.1', 0)) as server:\n"
        "    socket.create_connection(server.getsockname()).close()\n"
        "print([name for _, name in socket.if_nameindex()])"
    )
    command = [sys.executable, alone.__file__, "--", sys.executable, "-c", code]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert said.splitlines()[-1] == "['lo']"
