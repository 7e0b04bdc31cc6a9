"""A notebook under `local_only`, on a Hub that is another machine: the operating system is asked what it connected to.

Models and data are in the cache; a first kernel brings them there. What the libraries would ask for is refused, what is
here answers, and a connection that a cell opens by itself is seen, so that the watcher is known to watch.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import ipykernel.kernelspec
import pytest
from jupyter_client.kernelspec import KernelSpec

from tests import kernels
from tests.kernels import Kernel, Ran

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("strace") is None, reason="only strace sees what native code asks for"),
]
FAR = "192.0.2.1"  # an address of documentation (RFC 5737): nobody's
MODEL, VECTORS, WRITES = "hfnb-demo/sentiment-en", "hfnb-demo/minilm-embeddings", "hfnb-demo/chat-en"
ANSWERED = [
    f"%%hf infer -m {MODEL}\nThe room was small, but we loved the view.",
    f"%hf chat -m {WRITES} What is the capital of France?",
    f'%hf similar -m {VECTORS} "The soup was cold." "My meal was not hot."',
    f"%%hf batch {MODEL} --no-journal\nGood.\nBad.",
    "%hf loaded",
    "%hf stats",
    f"import transformers; transformers.AutoModel.from_pretrained('{MODEL}').name_or_path",
    "import datasets; datasets.load_dataset('hfnb-demo/digits', split='test').num_rows",
]
# What is not here, and what would tell somebody: all of it is refused, each in words.
REFUSED = [
    "%%hf infer -m hfnb-demo/ner-en\nMaria lives in Geneva.",
    f"%%hf infer -m {MODEL} --provider hf\nGood.",
    f"%%hf batch {MODEL} --no-journal --target hf\nGood.",
    "%hf pull hfnb-demo/ner-en",
    "%hf info hfnb-demo/ner-en",
    "transformers.AutoModel.from_pretrained('hfnb-demo/ner-en')",
    "datasets.load_dataset('hfnb-demo/tiny-pictures', split='train')",
    "import huggingface_hub; huggingface_hub.hf_hub_download('hfnb-demo/ner-en', 'config.json')",
]
OWN = f"import socket; socket.create_connection(('{FAR}', 9), timeout=0.2)"


class Watched(kernels.OfThisInterpreter):
    """The kernel, and whatever it starts, under strace."""

    log = Path()

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """The same with the watcher before it."""
        plain: dict[str, Any] = ipykernel.kernelspec.get_kernel_dict()
        watcher = ["strace", "-f", "-qq", "--seccomp-bpf", "-o", str(self.log)]
        calls = ["-e", "trace=connect,sendto,sendmsg,sendmmsg"]
        return KernelSpec(**plain | {"argv": [*watcher, *calls, sys.executable, *plain["argv"][1:]]})


def away(log: Path) -> list[str]:
    """Addresses of the internet that are not this machine's."""
    lines = log.read_text(errors="replace").splitlines()
    asked = [one for one in lines if re.search(r"sin6?_(port|addr)", one)]
    assert asked, "strace saw nothing at all"
    return [one for one in asked if 'inet_addr("127.' not in one and '"::1"' not in one]


@pytest.fixture
def warm(hub: Any, tmp_path: Path) -> Mapping[str, str]:
    """A home whose cache holds what is asked for below."""
    home = {**hub.environment, "HF_HOME": str(tmp_path / "home"), "HF_NB_DATA_DIR": str(tmp_path / "data")}
    with Kernel(home, folder=tmp_path) as kernel:
        for one in ["%load_ext hf_nb", *ANSWERED]:
            ran = kernel.run(one)
            assert ran.error is None, (one, ran.error)
    return home


def test_a_notebook_under_local_only_answers_from_what_is_here_and_connects_to_nobody(
    warm: Mapping[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "connects"
    monkeypatch.setattr(Watched, "log", log)
    monkeypatch.setattr(kernels, "OfThisInterpreter", Watched)
    here = str(Path(__file__).parents[3])  # without the tests' own guard: only what hf_nb refuses stays here
    closed = {**warm, "HF_NB_LOCAL_ONLY": "1", "HF_ENDPOINT": f"https://{FAR}", "PYTHONPATH": here}
    closed["HF_TOKEN"] = "hf_no_token_at_all"
    with Kernel(closed, folder=tmp_path) as kernel:
        said = {one: kernel.run(one) for one in ["%load_ext hf_nb", *ANSWERED, *REFUSED]}
        connects = away(log)
        own = kernel.run(OWN)
    count = len(ANSWERED) + len(REFUSED)
    print(f"\n{count} cells under local_only: {len(connects)} connections to another machine")
    assert connects == []
    assert {one: said[one].error for one in ANSWERED} == dict.fromkeys(ANSWERED)
    assert "local only" in _text(said[ANSWERED[0]])
    for one in REFUSED:
        assert said[one].error is not None, one
    refused = [said[one].error for one in REFUSED[:5]]
    assert all(one is not None and "local_only" in one.message for one in refused), refused
    assert own.error is not None
    assert any(FAR in one for one in away(log)), "a cell's own connection is seen"


def _text(ran: Ran) -> str:
    return " ".join(ran.text.split())
