"""What tests are given (tests/conftest.py) does what it says."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import kernels
from tests.kernels import Kernel
from tests.session import HUB

ROOT = Path(__file__).parents[1]


def test_a_kernel_gives_back_what_a_notebook_would_show(kernel, hub):
    ran = kernel.run("import os, sys\nprint('one')\nprint('two', file=sys.stderr)\nos.environ['HF_ENDPOINT']")
    assert (ran.stdout, ran.stderr, ran.error) == ("one\n", "two\n", None)
    assert ran.text == f"one\n'{hub.url}'"


def test_a_kernel_runs_this_interpreter(kernel):
    assert kernel.run("import sys; sys.executable").text == repr(sys.executable)


def test_a_display_that_is_updated_is_shown_once():
    with Kernel() as kernel:
        ran = kernel.run(
            "from IPython.display import display, clear_output, HTML\n"
            "handle = display('early', display_id=True)\ndisplay(HTML('<i>mark</i>'))\nhandle.update('late')"
        )
        assert [shown.get("text/plain") for shown in ran.displays] == [
            "'late'",
            "<IPython.core.display.HTML object>",
        ]
        assert ran.html == "<i>mark</i>"
        assert kernel.run("print('gone'); clear_output(); print('kept')").text == "kept"


def test_a_cell_can_be_interrupted_and_the_kernel_goes_on():
    with Kernel() as kernel:
        handle = kernel.begin("while True: pass")
        kernel.until_running(handle)
        kernel.interrupt()
        failed = kernel.finish(handle).error
        assert failed is not None
        assert failed.name == "KeyboardInterrupt"
        assert kernel.run("6 * 7").text == "42"


@pytest.mark.slow
def test_a_kernel_completes_and_restarts():
    with Kernel() as kernel:
        kernel.run("a_long_name = 1")
        assert kernel.complete("a_lo") == ["a_long_name"]
        kernel.restart()
        failed = kernel.run("a_long_name").error
        assert failed is not None
        assert failed.name == "NameError"


@pytest.mark.slow
def test_a_cell_that_takes_too_long_says_what_it_had_shown():
    with Kernel() as kernel, pytest.raises(TimeoutError, match="so far"):
        kernel.run("print('so far', flush=True)\nwhile True: pass", within=1)


def test_a_failing_cell_raises_into_the_test(shell):
    with pytest.raises(ZeroDivisionError):
        shell.run_cell("1 / 0")
    assert shell.run_cell("6 * 7").result == 42


def test_the_shell_is_the_one_that_get_ipython_finds(shell):
    assert shell.run_cell("get_ipython()").result is shell


def test_the_clock_moves_when_told_and_nothing_sleeps(clock):
    clock.rule("tests.kernels")
    module: Any = kernels
    before = module.time.monotonic()
    module.time.sleep(3600)
    clock.pass_(1)
    assert module.time.monotonic() - before == 3601
    assert clock.slept == [3600]


def test_a_test_that_asks_for_no_hub_sees_none():
    assert not [name for name in os.environ if name.startswith("HF_") and not name.startswith("HF_NB_")]


def test_a_test_that_asks_for_the_hub_sees_it(hub):
    assert os.environ["HF_ENDPOINT"] == hub.url


def test_the_hubs_variables_are_known_before_it_runs(hub, request):
    assert hub.environment.items() <= dict(os.environ).items()
    assert hub.environment == request.config.stash[HUB].environment


def test_the_session_imports_nothing_of_hugging_face_before_those_variables_are_set():
    code = "import tests.session, sys; sys.exit('huggingface_hub' in sys.modules or 'IPython' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_nothing_of_the_users_folders_is_used():
    import platformdirs

    folders = [
        platformdirs.user_cache_dir("x"),
        platformdirs.user_config_dir("x"),
        platformdirs.user_data_dir("x"),
    ]
    assert all("hf-nb-tests-" in folder for folder in folders)


@pytest.mark.parametrize("time", ["first", "second"])
def test_a_test_does_not_leave_its_client_to_the_next(time):
    from huggingface_hub.utils import get_session

    from hf_nb.plumbing import http

    assert "hf_nb" not in type(get_session()._transport).__module__
    http.install()
    assert "hf_nb" in type(get_session()._transport).__module__
