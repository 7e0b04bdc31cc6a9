"""An output whose picture may be drawn again, also when its cell has long ended: for what was slow to come."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Callable
from typing import Any


class Redrawn:
    """`bundle`: what the output is made of, as IPython asks for it."""

    def __init__(self, bundle: Callable[[], Any]) -> None:
        self._bundle = bundle
        self._shown: list[str] = []

    def show(self) -> bool:
        """Show it; False where no notebook listens."""
        from IPython.core.getipython import get_ipython

        if getattr(get_ipython(), "kernel", None) is None:
            return False
        name = uuid.uuid4().hex
        self._shown.append(name)
        self._publish(name, update=False)
        return True

    def again(self) -> None:
        """Draw it anew wherever it is shown."""
        for name in self._shown:
            with contextlib.suppress(Exception):  # the kernel may be on its way out
                self._publish(name, update=True)

    def _publish(self, name: str, *, update: bool) -> None:
        from IPython.core.interactiveshell import InteractiveShell

        shown = self._bundle()
        data, metadata = shown if isinstance(shown, tuple) else (shown, {})
        InteractiveShell.instance().display_pub.publish(
            data=data, metadata=metadata, transient={"display_id": name}, update=update
        )
