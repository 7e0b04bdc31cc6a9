"""`%hf` and `%%hf`: the command tree in a notebook."""

from __future__ import annotations

import json
import shlex
import time
from typing import TYPE_CHECKING, Any

from hf_nb.errors import BadInput, Stopped

if TYPE_CHECKING:
    from hf_nb.commands.tree import Answer
    from hf_nb.plumbing.session import Session
    from hf_nb.values import Value

NAME = "hf"
TERMINAL_ONLY = {"hub": "hf-nb hub run -- jupyter lab"}


def load(shell: Any) -> None:
    """Register the magic and say one line. Nothing heavy is imported and nothing is asked of the network."""
    from IPython.core.magic import no_var_expand, output_can_be_silenced

    from hf_nb.plumbing import session

    @output_can_be_silenced
    @no_var_expand
    def hf(line: str, cell: str | None = None) -> Any:
        """The Hugging Face Hub and its models: %hf for a start, %hf COMMAND --help for more."""
        return run(shell, line, cell)

    here = session.current()
    here.settings.hand_on()
    shell.register_magic_function(hf, "line_cell", NAME)
    print(greeting(here))


def unload(shell: Any) -> None:
    """Take the magic away again."""
    for kind in ("line", "cell"):
        shell.magics_manager.magics[kind].pop(NAME, None)


def greeting(session: Session) -> str:
    """Version, where the Hub is, which token is in use."""
    from hf_nb import __version__
    from hf_nb.plumbing import token

    settings = session.settings
    # No port: the line stays the same from run to run, so a notebook that is run again shows no difference.
    where = "offline Hub" if settings.endpoint_is_local else settings.endpoint.removeprefix("https://")
    return f"hf_nb {__version__} · {where} · {token.name() or 'no token'} · %hf for help"


def run(shell: Any, line: str, cell: str | None) -> Any:
    """One command. Its value becomes the cell's output, unless `-o` or `--json` says otherwise."""
    from hf_nb.commands import start, tree
    from hf_nb.commands.tree import answer
    from hf_nb.plumbing import session

    words = _words(line)
    _refuse_secrets(line, cell)
    if not words and cell is None:
        return start()
    if words and words[0] in TERMINAL_ONLY:
        raise BadInput(
            f"`{words[0]}` is for a terminal: the Hub is started before the kernel.", TERMINAL_ONLY[words[0]]
        )
    here = session.current()
    notice = Notice()
    here.say = notice.show
    try:
        return _give(shell, answer(tree, words, "notebook", body=cell))
    except KeyboardInterrupt:
        raise Stopped from None
    finally:
        here.say = session.silent
        notice.done()


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError:
        raise BadInput(
            "A quote is left open in this line.",
            'A text with an apostrophe goes into double quotes: "don\'t"',
        ) from None


def _refuse_secrets(line: str, cell: str | None) -> None:
    from hf_nb.plumbing import redact

    if redact.has_hub_token(line) or redact.has_hub_token(cell or ""):
        raise BadInput(
            "This cell holds a Hub token, and cells are saved and shared.",
            "Delete it here; log in with: hf auth login (in a terminal), or set HF_TOKEN",
        )


def _give(shell: Any, answered: Answer) -> Value | None:
    value = answered.value
    if value is None:
        return None
    if answered.out:
        shell.user_ns[answered.out] = value
    match answered.format:
        case "json":
            print(json.dumps(value.to_dict(), indent=2, ensure_ascii=False))
        case "quiet":
            print("\n".join(value.brief()))
        case "human":
            print(value)
        case _ if not answered.out:
            shown: Value = value
            return shown
    return None


class Notice:
    """A grey line while work goes on; when it is done, the line says how long it took."""

    def __init__(self) -> None:
        self._handle: Any = None
        self._line = ""
        self._began = 0.0

    def show(self, line: str) -> None:
        """Called from the thread that works, before it works."""
        from IPython.display import display

        self._line, self._began = line, time.monotonic()
        if self._handle is None:
            self._handle = display(_Grey(line), display_id=True)
        else:
            self._handle.update(_Grey(line))

    def done(self) -> None:
        """The last word on it."""
        if self._handle is not None:
            from hf_nb.render import units

            took = units.seconds(time.monotonic() - self._began)
            done = self._line.removesuffix(" …").replace("Loading", "Loaded", 1)
            self._handle.update(_Grey(f"{done} in {took}"))


class _Grey:
    """One line of small print."""

    def __init__(self, line: str) -> None:
        self.line = line

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        from hf_nb.render import page

        return {
            "text/plain": self.line,
            "text/html": page.frame(f'<div class="soft">{page.escape(self.line)}</div>'),
        }
