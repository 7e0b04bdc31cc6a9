"""The sidebar's line to a kernel, in a real one."""

from __future__ import annotations

import time
from statistics import median

import pytest

from tests.kernels import Kernel
from tests.lab.lines import Line, subshell


@pytest.fixture(scope="module")
def loaded(served_hub):
    """One kernel for those tests that leave it as it was."""
    with Kernel(served_hub.environment) as kernel:
        assert kernel.run("%load_ext hf_nb").error is None
        yield kernel


def test_a_kernel_that_has_loaded_hf_nb_answers(loaded):
    line = Line(loaded)
    answer = line.answer(line.ask("hello"))["ok"]
    assert (answer["kernel"], answer["hub"]) == (True, "offline Hub")


def test_a_kernel_that_has_not_closes_the_line_at_once(kernel):
    kernel.run("1")
    Line(kernel).until_closed()


def test_a_busy_kernel_answers_through_a_subshell_within_a_tenth_of_a_second(loaded):
    """TARGET B7. The cell runs on: the answer came from beside it."""
    line = Line(loaded, subshell(loaded))
    line.answer(line.ask("hello"))  # what is loaded once
    cell = loaded.begin(
        "import time\nuntil = time.monotonic() + 30\nwhile time.monotonic() < until: time.sleep(0.01)"
    )
    loaded.until_running(cell)
    took = []
    for _ in range(15):
        began = time.perf_counter()
        assert "ok" in line.answer(line.ask("hello"))
        took.append(time.perf_counter() - began)
    loaded.interrupt()
    ended = loaded.finish(cell)
    assert ended.error is not None
    assert ended.error.name == "KeyboardInterrupt"
    assert median(took) <= 0.1, took


def test_two_lines_are_two_conversations(loaded):
    first, second = Line(loaded), Line(loaded)
    assert "ok" in first.answer(first.ask("hello"))
    first.close()
    assert "ok" in second.answer(second.ask("hello"))


def test_loading_twice_answers_once(loaded):
    loaded.run("%load_ext hf_nb")
    loaded.run("%reload_ext hf_nb")
    line = Line(loaded)
    line.answer(line.ask("hello"))
    asked, marked = line.ask("hello"), line.ask("nothing")
    said: list[str] = []
    while len(said) < 2:
        message = line.hear()
        if message["msg_type"] == "comm_msg":
            said.append(message["content"]["data"]["id"])
    assert sorted(said) == sorted([asked, marked])


def test_unloading_closes_the_lines_and_answers_nobody_any_more(kernel):
    kernel.run("%load_ext hf_nb")
    line = Line(kernel)
    line.answer(line.ask("hello"))
    kernel._client.execute("%unload_ext hf_nb", silent=True)
    line.until_closed()
    Line(kernel).until_closed()


def test_lines_of_pages_that_were_reloaded_are_closed_in_the_end(loaded):
    from hf_nb.lab import comm

    first = Line(loaded)
    first.answer(first.ask("hello"))
    later = [Line(loaded) for _ in range(comm.MOST)]
    first.until_closed()
    assert "ok" in later[-1].answer(later[-1].ask("hello"))
    count = loaded.run("from hf_nb.lab import comm; len(comm._open)")
    assert count.text == str(comm.MOST)


def test_what_is_no_message_of_ours_is_ignored(loaded):
    line = Line(loaded)
    line._send("comm_msg", {"comm_id": line.id, "data": {"method": "update"}})
    line._send("comm_msg", {"comm_id": line.id, "data": {}})
    assert "ok" in line.answer(line.ask("hello"))


def test_a_token_of_the_kernel_is_not_said(hub):
    token = "hf_" + "canaryCANARY" * 3
    with Kernel({**hub.environment, "HF_TOKEN": token}) as kernel:
        kernel.run("%load_ext hf_nb")
        line = Line(kernel)
        said = [
            line.answer(line.ask("hello")),
            line.answer(line.ask(token)),
            line.answer(line.ask("hello", None, **{token: 1})),
        ]
        assert said[0]["ok"]["token"] == "token from HF_TOKEN"
        assert token.removeprefix("hf_") not in repr(said)
