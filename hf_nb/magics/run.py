"""One command in a notebook: its words in, its value out, its error kept for `%hf tb`."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from typing import Any

from hf_nb.commands import start, tree
from hf_nb.commands.tree import Answer, Memory, answer
from hf_nb.errors import BadInput, HfNbError, Stopped
from hf_nb.magics import expand, met, show
from hf_nb.magics.background import Handle
from hf_nb.magics.line import Line, read, refuse_secrets
from hf_nb.magics.notice import Notice
from hf_nb.plumbing import progress, redact

TERMINAL_ONLY = {"hub": "hf-nb hub run -- jupyter lab"}
LAST = "_hf"
_memory = Memory()


def run(shell: Any, line: str, cell: str | None, local_ns: Mapping[str, Any]) -> Any:
    """What the magic returns: the value, a handle, or nothing when it went elsewhere."""
    names = ChainMap(dict(local_ns), shell.user_ns)
    refuse_secrets(cell)
    asked = read(line, names)
    if not asked.words and cell is None:
        return start()
    if asked.words and asked.words[0] in TERMINAL_ONLY:
        raise BadInput(
            f"`{asked.words[0]}` is for a terminal: the Hub is started before the kernel.",
            TERMINAL_ONLY[asked.words[0]],
        )
    kept = Answer("notebook", cell=cell, memory=_memory, out=asked.into)
    kept.names = names
    kept.expand = lambda text, strict: expand.body(text, names, strict=strict)
    kept.later = lambda work: _later(shell, asked, work, watched=kept.streams)
    return _finish(shell, asked, _answered(shell, asked, kept))


def _answered(shell: Any, asked: Line, kept: Answer) -> Answer:
    kept.silent = asked.silent
    notice, well, told = Notice(kept), False, False
    try:
        with progress.to(notice):
            answered = answer(tree, asked.words, "notebook", kept=kept)
            well = True
            told = answered.shown or not (answered.out or asked.silent)
            return answered
    except KeyboardInterrupt as stopped:
        _memory.error = stopped
        _keep_partial(shell, kept, stopped, notice)
        if isinstance(stopped, Stopped):
            raise
        raise Stopped from stopped
    except HfNbError as wrong:
        _memory.error = wrong
        _keep_partial(shell, kept, wrong, notice)
        raise
    except Exception as wrong:
        _memory.error = wrong
        raise defect(wrong) from wrong
    finally:
        notice.done(well=well, told=told)


def _keep_partial(shell: Any, kept: Answer, wrong: BaseException, notice: Notice) -> None:
    """What had come of an answer when it was stopped, or broke off, is a value like any other."""
    partial = getattr(wrong, "partial", None) or notice.left
    if partial is not None:
        kept.value = partial
        _remember(shell, kept)


def defect(wrong: Exception) -> HfNbError:
    """What nobody foresaw, in three lines and not in forty; `except` still finds the cause."""
    first = next(iter(str(wrong).splitlines()), "")
    return HfNbError(
        redact.text(f"hf_nb failed: {type(wrong).__name__}: {first[:300]}"),
        "Where: %hf tb. That should not happen; please report it.",
    )


def _finish(shell: Any, asked: Line, answered: Answer) -> Any:
    if answered.value is None:
        return None
    if not isinstance(answered.value, Handle):
        _remember(shell, answered)
    elif answered.out:
        shell.user_ns[answered.out] = answered.value
    return None if asked.silent else show.result(answered)


def _remember(shell: Any, answered: Answer) -> None:
    _memory.value = answered.value
    met.note(answered.value)
    shell.user_ns[LAST] = answered.value
    if answered.out:
        shell.user_ns[answered.out] = answered.value


def _later(shell: Any, asked: Line, work: Any, *, watched: bool) -> Handle:
    def keep(value: Any) -> None:
        _memory.value = value
        met.note(value)
        shell.user_ns[LAST] = value

    def fail(wrong: BaseException) -> None:
        _memory.error = wrong

    return Handle(f"%hf {' '.join(asked.words)}", work, keep, fail, watched=watched)
