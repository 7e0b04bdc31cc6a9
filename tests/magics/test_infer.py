"""An answer in a cell: it grows in a place of its own, leaves nothing behind, and what a stop cuts off is kept."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.kernels import MARK, Kernel, Ran

ROOT = Path(__file__).parents[2]
BEGIN = f"""
import sys, tempfile
sys.path.insert(0, {str(ROOT)!r})
from hf_nb.plumbing.session import current
from tests.infer.scripted import Scripted, call
model = tempfile.mkdtemp()
def says(*steps, pause=0.0):
    current().backends["local"] = Scripted(*steps, pause=pause)
"""


class Watched(Ran):
    """A cell's messages in their order, besides what is left at the end."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, str]] = []

    def take(self, kind: str, content: Any) -> None:
        """One message of the kernel."""
        if kind in ("display_data", "update_display_data", "execute_result") and MARK not in content["data"]:
            self.seen.append((kind, str(content["data"].get("text/plain", ""))))
        super().take(kind, content)


@pytest.fixture(scope="module")
def kernel(served_hub: Any) -> Iterator[Kernel]:
    with Kernel(served_hub.environment) as started:
        for code in ("%load_ext hf_nb", BEGIN):
            assert started.run(code).error is None
        yield started


def good(kernel: Kernel, code: str) -> Ran:
    ran = kernel.run(code)
    assert ran.error is None, ran.error.shown
    return ran


def watched(kernel: Kernel, code: str, monkeypatch: pytest.MonkeyPatch) -> Watched:
    monkeypatch.setattr("tests.kernels.Ran", Watched)
    ran = good(kernel, code)
    assert isinstance(ran, Watched)
    return ran


GROWS = "%%hf infer -m {model} --task text-generation\nOnce upon a time"


def test_an_answer_grows_in_an_empty_place_that_is_empty_again_when_the_result_is_there(
    kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    good(kernel, "says('there was a king', pause=0.08)")
    ran = watched(kernel, GROWS, monkeypatch)
    kinds = [kind for kind, _ in ran.seen]
    texts = [text for _, text in ran.seen]
    assert ran.seen[0] == ("display_data", "")
    assert kinds[-2:] == ["execute_result", "update_display_data"], "nothing flashes"
    assert texts[-1] == ""
    assert "there was" in texts[1:-2]
    assert [len(text) for text in texts[1:-2]] == sorted(len(text) for text in texts[1:-2])
    assert ran.displays == [{"text/plain": "", "text/html": ""}]
    assert ran.result is not None
    assert "there was a king" in ran.result["text/html"]


def test_what_is_saved_is_the_same_however_quick_the_model_was(kernel: Kernel) -> None:
    saved = []
    for pause in (0.0, 0.15):
        good(kernel, f"says('there was a king', pause={pause})")
        ran = good(kernel, GROWS)
        assert ran.result is not None
        saved.append((ran.displays, ran.stdout, ran.result["text/plain"].splitlines()[0]))
    assert saved[0] == saved[1]


@pytest.mark.parametrize("options", ["--no-stream", "--json", "-q", "-o kept", "--format human"])
def test_where_nobody_reads_along_nothing_is_drawn(
    options: str, kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    good(kernel, "says('there was a king', pause=0.08)")
    ran = watched(kernel, GROWS.replace("\n", f" {options}\n"), monkeypatch)
    assert [kind for kind, _ in ran.seen] in ([], ["execute_result"])
    assert good(kernel, "_hf.text").text == "'there was a king'"


def test_a_plain_call_draws_nothing(kernel: Kernel, monkeypatch: pytest.MonkeyPatch) -> None:
    good(kernel, "says('there was a king', pause=0.08)")
    code = "import hf_nb; hf_nb.infer.run('Once', model=model, task='text-generation').text"
    assert [kind for kind, _ in watched(kernel, code, monkeypatch).seen] == ["execute_result"]


def stopped(kernel: Kernel, code: str, after: float = 0.6) -> tuple[Ran, float]:
    """Stopped in mid-stream; what the cell left, and how long the stop took."""
    running = kernel.begin(code)
    kernel.until_running(running)
    time.sleep(after)
    began = time.monotonic()
    kernel.interrupt()
    ran = kernel.finish(running)
    return ran, time.monotonic() - began


LONG = "says(' '.join(str(i) for i in range(500)), pause=0.05)"


def test_a_stop_in_mid_stream_keeps_what_had_come_and_the_next_cell_runs_at_once(kernel: Kernel) -> None:
    good(kernel, LONG)
    ran, took = stopped(kernel, GROWS.replace("\n", " -O kept\n"))
    assert ran.error is not None
    assert (ran.error.name, ran.error.shown) == ("Stopped", "Stopped.")
    assert took < 0.5
    (left,) = ran.displays
    assert left["text/plain"].startswith("0 1 2 3")
    assert "Stopped: this is what had come." in left["text/html"]
    began = time.monotonic()
    assert good(kernel, "_hf.source.finish, _hf is kept, _hf.text[:7]").text == "('stopped', True, '0 1 2 3')"
    assert time.monotonic() - began < 0.5
    assert good(kernel, "assert len(_hf.text.split()) < 60").error is None


def test_a_stop_keeps_a_partial_in_a_variable_too_without_showing_it(kernel: Kernel) -> None:
    good(kernel, LONG)
    ran, _ = stopped(kernel, GROWS.replace("\n", " -o kept\n"))
    assert (ran.displays, ran.result) == ([], None)
    assert good(kernel, "kept.text[:7]").text == "'0 1 2 3'"


def test_an_answer_that_breaks_off_stays_marked(kernel: Kernel) -> None:
    good(kernel, "from hf_nb.infer.call import Chunk")
    code = """
class Breaking(Scripted):
    def stream(self, call, terms):
        yield Chunk(text="half a", seconds=0.1)
current().backends["local"] = Breaking()
"""
    good(kernel, code)
    ran = kernel.run(GROWS)
    assert ran.error is not None
    assert ran.error.name == "Broken"
    assert "It broke off: this is what had come." in ran.displays[0]["text/plain"]
    assert good(kernel, "_hf.text, _hf.source.finish").text == "('half a', 'cut')"


def test_a_handle_shows_the_answer_in_its_own_place(kernel: Kernel) -> None:
    good(kernel, "says('there was a king', pause=0.1)")
    good(kernel, GROWS.replace("\n", " -b -o handle\n"))
    good(kernel, "display(handle)")
    seen: list[str] = []
    while not seen or "local" not in seen[-1]:
        message = kernel._client.get_iopub_msg(timeout=10)
        if message["msg_type"] == "update_display_data":
            seen.append(message["content"]["data"]["text/plain"])
    assert any(text.startswith("there was") and "local" not in text for text in seen), "it grows"
    assert seen[-1].startswith("there was a king\n")


def test_a_cancelled_handle_keeps_what_had_come(kernel: Kernel) -> None:
    good(kernel, LONG)
    good(kernel, GROWS.replace("\n", " -b -o handle\n"))
    code = "import time; time.sleep(0.5); handle.cancel(); handle._thread.join(2); handle.done, _hf.text[:7]"
    assert good(kernel, code).text == "(True, '0 1 2 3')"


def test_a_conversation_goes_on_from_cell_to_cell(kernel: Kernel) -> None:
    good(kernel, "says('Paris.', 'Rome.')")
    good(kernel, '%%hf chat trip -m {model} --system "Be brief."\nWhat is the capital of France?')
    ran = good(kernel, "%%hf chat trip\nAnd of Italy?")
    assert ran.result is not None
    assert "1 earlier exchange" in ran.result["text/html"]
    assert "trip" in good(kernel, "%hf chat --list").text
    assert "begins anew" in good(kernel, "%hf chat --name trip --reset").text


def test_a_stopped_turn_leaves_the_conversation_as_it_was(kernel: Kernel) -> None:
    good(kernel, "says('Paris.', ' '.join(map(str, range(500))), 'Rome.', pause=0.05)")
    good(kernel, '%hf chat -m {model} --name cut "What is the capital of France?"')
    ran, _ = stopped(kernel, "%%hf chat cut\nTell me all of it.")
    assert ran.error is not None
    assert good(kernel, "_hf.text[:7], _hf.conversation").text == "('0 1 2 3', 'cut')"
    good(kernel, "%%hf chat cut\nAnd of Italy?")
    assert good(kernel, "[one['content'] for one in _hf.messages]").text == (
        "['What is the capital of France?', 'Paris.', 'And of Italy?', 'Rome.']"
    )


def test_a_function_of_the_notebook_is_a_tool_and_an_object_a_schema(kernel: Kernel) -> None:
    good(kernel, "def weather(city: str):\n    'How warm it is.'\n    return f'18 in {city}'")
    good(kernel, "says(call('weather', city='Bern'), 'It is 18.', '{\"degrees\": 18}')")
    ran = good(kernel, '%hf chat -m {model} --reset "How warm is it in Bern?" --tools $weather')
    assert 'weather(city="Bern") → 18 in Bern' in ran.text
    good(kernel, "form = {'type': 'object', 'properties': {'degrees': {'type': 'integer'}}}")
    good(kernel, "%%hf chat --schema $form\nAs JSON.")
    assert good(kernel, "_hf.data").text == "{'degrees': 18}"


def test_two_notebooks_are_two_sessions(kernel: Kernel, served_hub: Any) -> None:
    good(kernel, "says('Paris.')")
    good(kernel, '%hf chat -m {model} --name here "What is the capital of France?"')
    with Kernel(served_hub.environment) as other:
        good(other, "%load_ext hf_nb")
        assert "here" not in good(other, "%hf chat --list").text


@pytest.mark.slow  # PyTorch loads in the kernel
def test_a_real_model_is_stopped_in_mid_stream(kernel: Kernel) -> None:
    good(kernel, "current().backends.clear()")
    good(kernel, "%%hf infer --task translation --to fr\nThe house is small.")
    running = kernel.begin("%%hf infer --task translation --to fr\n" + "The house is small. " * 4_000)
    kernel.until_drawn(running)
    began = time.monotonic()
    kernel.interrupt()
    ran = kernel.finish(running)
    assert ran.error is not None, ran.text
    assert ran.error.name == "Stopped"
    assert time.monotonic() - began < 1
    assert good(kernel, "len(_hf.text) > 0, _hf.source.finish").text == "(True, 'stopped')"
