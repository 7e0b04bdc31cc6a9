"""What every panel in a cell is: a loader of a kilobyte, a Desk, and a picture for when no kernel is there."""

from __future__ import annotations

import functools
import hashlib
import html
from collections.abc import Sequence
from importlib import resources
from typing import Any, ClassVar

import anywidget  # noqa: TID253 -- this module loads when a panel is shown, and not before
import traitlets

from hf_nb.panels.desk import Desk

PANEL_MIME = "application/vnd.hf-nb.panel+json"
# Bytes of the picture in a saved notebook.
PICTURE = 20_000


@functools.cache
def bundle(name: str) -> tuple[str, bytes]:
    """A bundle's name by its content, and its bytes."""
    data = resources.files("hf_nb.widgets").joinpath("static", f"{name}.js").read_bytes()
    return f"{name}@{hashlib.sha256(data).hexdigest()[:16]}", data


class Panel(anywidget.AnyWidget):
    """One panel."""

    panel: ClassVar[str]
    # Bundles that the panel's own asks for when it needs them.
    parts: ClassVar[tuple[str, ...]] = ()

    options = traitlets.Dict(help="What it begins with, and what the reader chose since.").tag(sync=True)
    _bundle = traitlets.Unicode().tag(sync=True)

    def __init__(self, **options: Any) -> None:
        hashed, code = bundle(self.panel)
        self._codes = {hashed: code} | {f"{hashed}/{part}": bundle(part)[1] for part in self.parts}
        self._desk = Desk(self._say)
        super().__init__(
            _esm=bundle("loader")[1].decode(),
            _bundle=hashed,
            options={name: value for name, value in options.items() if value is not None},
        )
        self.on_msg(self._hear)

    def picture(self) -> tuple[str, str]:
        """The panel as text and as HTML, as it would begin: what a saved notebook keeps."""
        return f"The {self.panel} panel of hf_nb", ""

    def close(self) -> None:
        """Take it away, and stop what it had asked for."""
        if "_desk" in self.__dict__:  # one that was refused what it was asked to begin with has none
            self._desk.close()
        super().close()

    def _say(self, message: dict[str, Any], buffers: Sequence[bytes]) -> None:
        self.send(message, list(buffers) or None)

    def _hear(self, _: object, message: object, buffers: Sequence[bytes]) -> None:
        asked = message.get("bundle") if isinstance(message, dict) else None
        if isinstance(asked, str) and asked in self._codes:
            self.send({"bundle": asked}, [self._codes[asked]])
        else:
            self._desk.receive(message, buffers)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} panel>"

    def _repr_mimebundle_(self, **named: Any) -> Any:
        shown = super()._repr_mimebundle_(**named)
        data, *metadata = shown if isinstance(shown, tuple) else (shown,)
        if data is None:
            return shown
        text, picture = self.picture()
        if not picture or len(picture.encode()) > PICTURE:
            picture = f"<pre>{html.escape(text[: PICTURE // 2])}</pre>"
        data |= {"text/plain": text, "text/html": picture, PANEL_MIME: {"panel": self.panel}}
        return (data, *metadata)
