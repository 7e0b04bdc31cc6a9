"""A push that was killed goes on: nothing is half there, and no large file that had arrived is sent again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hf_nb.hub.pushing.push import push
from hf_nb.offline.running import Running
from hf_nb.plumbing.session import Session
from tests.hub.pushing import ADA, folder_of, serving, weights

pytestmark = pytest.mark.slow  # seconds, each against a Hub of its own or in a kernel

PUSH = "import sys, hf_nb; hf_nb.push(sys.argv[1], sys.argv[2])"
FILES = 8


def sent(hub: Running) -> list[str]:
    """The large files whose bytes arrived whole, by their address."""
    return [one["path"] for one in hub.requests() if one["method"] == "PUT" and one.get("status") == 200]


def start(hub: Running, home: Path, repo: str, folder: Path) -> subprocess.Popen[bytes]:
    environment = {**hub.environment_for(os.environ), "HF_HOME": str(home), "HF_TOKEN": ADA}
    return subprocess.Popen([sys.executable, "-c", PUSH, repo, str(folder)], env=environment)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(3))
def test_a_killed_push_goes_on_without_sending_twice(
    number: int, served_hub: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hf_nb.hub.client import api

    monkeypatch.setenv("HF_TOKEN", ADA)
    folder = folder_of(tmp_path / "f", **{f"w{index}_dot_bin": weights(1) for index in range(FILES)})
    with serving(tmp_path) as hub:
        session = Session()
        session.settings.endpoint = hub.url
        with hub.fault("slow-upload", match="PUT /upload/*", seconds=0.6):
            process = start(hub, tmp_path / "home", "ada/killed", folder)
            ended = time.monotonic() + 60
            while len(sent(hub)) < 1 + 2 * number and time.monotonic() < ended and process.poll() is None:
                time.sleep(0.02)
            process.send_signal(signal.SIGKILL)
            process.wait()
        arrived = sent(hub)
        assert 1 <= len(arrived) < FILES
        assert not [one for one in api(session).list_repo_files("ada/killed") if one.endswith(".bin")]
        pushed = push("ada/killed", folder, session=session)
        everything = sent(hub)
        digests = [one.rpartition("/")[0].rpartition("/")[2] for one in everything]
        assert len(set(digests)) == len(digests) == FILES, "each arrived once"
        assert pushed.bytes_skipped >= len(arrived) * 1_000_000
        for path in sorted(folder.iterdir()):
            back = api(session).hf_hub_download("ada/killed", path.name, local_dir=tmp_path / "back")
            assert Path(back).read_bytes() == path.read_bytes()


@pytest.mark.slow
def test_the_stop_button_leaves_nothing_half_done(
    served_hub: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import _thread
    import threading

    from hf_nb.hub.client import api

    monkeypatch.setenv("HF_TOKEN", ADA)
    folder = folder_of(tmp_path / "f", w_dot_bin=weights(3))
    with serving(tmp_path) as hub:
        session = Session()
        session.settings.endpoint = hub.url
        with hub.fault("slow-upload", match="PUT /upload/*", seconds=3):
            threading.Timer(1.0, _thread.interrupt_main).start()
            with pytest.raises(KeyboardInterrupt):
                push("ada/stopped", folder, session=session)
        assert "w.bin" not in api(session).list_repo_files("ada/stopped")
        assert push("ada/stopped", folder, session=session).going
