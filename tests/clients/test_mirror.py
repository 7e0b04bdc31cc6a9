"""Another program that reads the Hub: olah, a caching mirror, between the official client and the offline Hub.

huggingface_hub ── olah ── offline Hub        olah asks in its own ways: HEAD on /api, ranges of files
"""

import contextlib
import socket
import subprocess
import time

import pytest

pytestmark = pytest.mark.slow
# what a mirror of repositories serves; searching and people it does not
OPERATIONS = {
    "repository info": "mirror:info",
    "tree": "mirror:tree",
    "paths info": "mirror:paths_info",
    "download small": "files:download_small",
    "download large": "files:download_large",
    "snapshot": "files:snapshot",
    "what is missing": "mirror:missing",
}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        assert process.poll() is None, "olah ended"
        time.sleep(0.1)
    raise AssertionError("olah did not start")


@contextlib.contextmanager
def olah(hub, program, environment, folder):
    """The mirror in front of a Hub; its address."""
    port = free_port()
    address = f"127.0.0.1:{port}"
    netloc, cdn = (url.partition("//")[2] for url in (hub.url, hub.cdn_url))
    words = {
        "host": "127.0.0.1", "port": port, "hf-scheme": "http", "hf-netloc": netloc, "hf-lfs-netloc": cdn,
        "mirror-scheme": "http", "mirror-netloc": address, "mirror-lfs-netloc": address,
        "repos-path": folder / "repos", "log-path": folder / "logs",
    }  # fmt: skip
    command = [str(program), *(part for name, value in words.items() for part in (f"--{name}", str(value)))]
    with (folder / "said.txt").open("wb") as said:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=said, stderr=said)
        try:
            wait_for(port, process)
            yield f"http://{address}"
        finally:
            process.terminate()
            process.wait(10)


@pytest.fixture(scope="module")
def mirror(served_hub, mirror_program, own_home, tmp_path_factory):
    with olah(served_hub, mirror_program, own_home("olah"), tmp_path_factory.mktemp("olah")) as address:
        yield address


@pytest.fixture(scope="module")
def writable_mirror(writable_hub, mirror_program, writers_home, tmp_path_factory):
    home = writers_home("olah", HF_TOKEN=None)
    with olah(writable_hub, mirror_program, home, tmp_path_factory.mktemp("olah")) as address:
        yield address


@pytest.mark.parametrize(
    "operation", [pytest.param(name, marks=pytest.mark.cell("olah", name)) for name in OPERATIONS]
)
def test_the_official_client_reads_through_a_mirror(mirror, workers, operation):
    worker = workers("through-olah", HF_ENDPOINT=mirror, HF_HUB_DISABLE_XET="1")
    worker.call(f"tests.clients.reading.{OPERATIONS[operation]}")


def test_what_the_mirror_has_it_does_not_ask_for_again(mirror, workers, hub):
    workers("through-olah", HF_ENDPOINT=mirror, HF_HUB_DISABLE_XET="1").call(
        "tests.clients.reading.files:download_large"
    )
    transfers = [
        line for line in hub.requests() if line["method"] == "GET" and line["path"].endswith(".safetensors")
    ]
    assert transfers == []


@pytest.mark.cell("olah", "upload small")
@pytest.mark.cell("olah", "upload large")
@pytest.mark.cell("olah", "tags")
def test_what_was_just_written_is_read_through_the_mirror(writers, writable_mirror):
    writer = writers("hub", HF_HUB_DISABLE_XET="1")
    reader = writers("through-olah", HF_ENDPOINT=writable_mirror, HF_HUB_DISABLE_XET="1", HF_TOKEN=None)
    repo, files, commits = writer.call("tests.clients.writing.reader:written_twice")
    for commit in commits:
        assert reader.call("tests.clients.writing.reader:files", repo, commit) == files[commit]
    assert reader.call("tests.clients.writing.reader:files", repo, "v1") == files[commits[0]]
