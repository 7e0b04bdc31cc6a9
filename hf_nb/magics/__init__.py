"""`%hf` and `%%hf`: the command tree in a notebook.

line        a line's words: `NAME <<`, `;`, quotes           expand      `{name}` and `$name`
run         one command, its value, its errors               show        the value as the cell's output
notice      the grey line while work goes on                 background  `-b`: a handle to await
config      `%config HF`                                     complete    TAB
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session

NAME = "hf"


def load(shell: Any) -> None:
    """Register the magic and say one line. Nothing heavy is imported and nothing is asked of the network."""
    from IPython.core.magic import needs_local_scope, no_var_expand, output_can_be_silenced

    from hf_nb.magics import complete, config
    from hf_nb.magics.notice import Notice
    from hf_nb.plumbing import progress, session

    @output_can_be_silenced
    @needs_local_scope
    @no_var_expand
    def hf(line: str, cell: str | None = None, local_ns: Mapping[str, Any] | None = None) -> Any:
        """The Hugging Face Hub and its models: %hf for a start, %hf COMMAND --help for more."""
        from hf_nb.magics.run import run

        return run(shell, line, cell, local_ns or {})

    here = session.current()
    here.settings.hand_on()
    shell.register_magic_function(hf, "line_cell", NAME)
    config.register(shell, here.settings)
    complete.register(shell)
    progress.face(Notice)
    print(greeting(here))
    for line in here.settings.warnings():
        print(line)


def unload(shell: Any) -> None:
    """Take the magic away again."""
    from hf_nb.magics import complete, config
    from hf_nb.plumbing import progress

    for kind in ("line", "cell"):
        shell.magics_manager.magics[kind].pop(NAME, None)
    config.unregister(shell)
    complete.unregister(shell)
    progress.face(None)


def greeting(session: Session) -> str:
    """Version, where the Hub is, which token is in use."""
    from hf_nb import __version__
    from hf_nb.plumbing import token

    settings = session.settings
    # No port: the line stays the same from run to run, so a notebook that is run again shows no difference.
    where = "offline Hub" if settings.endpoint_is_local else settings.endpoint.removeprefix("https://")
    return f"hf_nb {__version__} · {where} · {token.name() or 'no token'} · %hf for help"
