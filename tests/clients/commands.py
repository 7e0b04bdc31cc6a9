"""The `hf` command in a process of its own each time, forked off one that has its second of imports behind it.

hf = runner(workers("hf-command"))
hf("models", "info", "me/small", "--json")       what it printed; a status other than the wanted one shows everything
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from tests.clients.worker import Worker

PATIENCE = 60


def runner(worker: Worker) -> Callable[..., str]:
    """A function that runs commands."""

    def run(*words: str, status: int = 0, **variables: str) -> str:
        ended, said, complained = worker.call("tests.clients.commands:run", words, variables)
        assert ended == status, f"hf {' '.join(words)} ended with {ended}\n{said}\n{complained}"
        return str(said) if status == 0 else f"{said}{complained}"

    return run


def run(words: list[str], variables: Mapping[str, str]) -> tuple[int, str, str]:
    """In the worker: the status, and what was said on both outputs."""
    import huggingface_hub.cli.hf  # before the fork, so that every command finds it there

    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as complaints:
        child = os.fork()
        if not child:
            os._exit(
                _become(huggingface_hub.cli.hf.main, words, variables, out.fileno(), complaints.fileno())
            )
        _, status = os.waitpid(child, 0)
        texts = []
        for file in (out, complaints):
            file.seek(0)
            texts.append(file.read().decode("utf-8", "replace"))
    return os.waitstatus_to_exitcode(status), texts[0], texts[1]


def _become(
    main: Callable[[], Any], words: list[str], variables: Mapping[str, str], out: int, complaints: int
) -> int:
    """In the child: what the shell and the script `hf` do."""
    signal.alarm(PATIENCE)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (out, 1), (complaints, 2)):
        os.dup2(source, target)
    os.environ.update(variables)
    sys.argv = ["hf", *words]
    sys.stdout, sys.stderr = (open(file, "w", encoding="utf-8", closefd=False) for file in (1, 2))  # noqa: SIM115 -- the process ends
    code: Any = 0
    try:
        main()
    except SystemExit as ended:
        code = ended.code
    except BaseException:  # noqa: BLE001 -- as the interpreter does
        traceback.print_exc()
        code = 1
    if isinstance(code, str):
        sys.stderr.write(code)
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):
            stream.flush()
    return code if isinstance(code, int) else int(code is not None)
