"""The layer over the official client's output object and bars; imported when the first official word is used."""

from __future__ import annotations

import functools
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import huggingface_hub.utils
from huggingface_hub.cli import _output

from hf_nb.commands.official import said
from hf_nb.plumbing.progress import Progress

_UNITS = {"B": "bytes"}
Mode = _output.OutputFormat


class Layer(_output.Output):
    """Inside a call everything is kept for it; anywhere else this is the official object itself."""

    @property
    def mode(self) -> Any:
        """Each call has its own."""
        here = said.current()
        return self.__dict__["mode"] if here is None else Mode(here.mode)

    @mode.setter
    def mode(self, value: Any) -> None:
        self.__dict__["mode"] = value

    def set_mode(self, mode: Any = Mode.auto) -> None:
        """The format a line asks for is the call's alone."""
        here = said.current()
        if here is None:
            super().set_mode(mode)
        elif mode != Mode.auto:
            here.asked = here.mode = str(mode.value)

    def set_no_truncate(self, no_truncate: bool) -> None:  # noqa: FBT001 -- the official signature
        """The same."""
        here = said.current()
        if here is None:
            super().set_no_truncate(no_truncate)
        else:
            here.no_truncate = no_truncate

    def text(self, msg: str | None = None, *, human: str | None = None, agent: str | None = None) -> None:
        """Kept for both kinds of reader."""
        here = said.current()
        if here is None:
            super().text(msg, human=human, agent=agent)
        else:
            bare = said.bare(msg) if msg is not None else None
            here.add(
                said.Text(said.bare(human) if human is not None else bare, agent if msg is None else bare)
            )

    def table(
        self,
        items: Sequence[dict[str, Any]],
        *,
        headers: list[str] | None = None,
        id_key: str | None = None,
        alignments: dict[str, str] | None = None,
    ) -> None:
        """Kept as it is, with the types it has."""
        here = said.current()
        if here is None:
            super().table(items, headers=headers, id_key=id_key, alignments=alignments)
        else:
            here.add(said.Rows(list(items), headers, id_key))

    def dict(self, data: Any, *, id_key: str | None = None) -> None:
        """The same."""
        here = said.current()
        if here is None:
            super().dict(data, id_key=id_key)
        else:
            here.add(said.Record(data, id_key))

    def result(self, message: str, **data: Any) -> None:
        """The same."""
        here = said.current()
        if here is None:
            super().result(message, **data)
        else:
            here.add(said.Result(said.bare(message), data))

    def confirm(
        self, message: str, *, default: bool = False, yes: bool = False, confirm_param: str = "--yes"
    ) -> None:
        """A notebook is not asked: what destroys has to be said on the line."""
        here = said.current()
        if here is None or here.confirm is None:
            super().confirm(message, default=default, yes=yes, confirm_param=confirm_param)
        elif not yes:
            here.confirm(said.bare(message), confirm_param)

    def status(self, message: str | None = None) -> Any:
        """A line that changes becomes one of ours."""
        here = said.current()
        if here is None:
            return super().status(message)
        status = _Status(here)
        if message is not None:
            status.update(message)
        return status

    def warning(self, message: str) -> None:
        """Shown under the answer."""
        if not self._note("warning", message):
            super().warning(message)

    def error(self, message: str) -> None:
        """What an exit code stands for."""
        if not self._note("error", message):
            super().error(message)

    def log(self, message: str) -> None:
        """Shown under the answer."""
        if not self._note("log", message):
            super().log(message)

    def hint(self, message: str) -> None:
        """Shown as the last line."""
        if not self._note("hint", message):
            super().hint(message)

    def _note(self, kind: str, message: str) -> bool:
        here = said.current()
        if here is not None:
            here.note(kind, message)
        return here is not None


class _Status:
    """`Waiting for …` as a line of progress."""

    def __init__(self, here: said.Said) -> None:
        self._here = here

    def update(self, msg: str) -> None:
        """Another one."""
        with said.outside():
            self._here.hear.say(said.bare(msg))

    def done(self, msg: str) -> None:
        """The last one."""
        self.update(msg)


def install() -> None:
    """Once a process: the objects stay the same, so whoever holds one already is served too."""
    if not isinstance(_output.out, Layer):
        _output.out.__class__ = Layer
        _hear_bars()


def _hear_bars() -> None:
    """The official progress bars: inside a call they count for our progress and draw nothing."""
    bars: Any = huggingface_hub.utils.tqdm
    begin, step = bars.__init__, bars.update

    @functools.wraps(begin)
    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:  # noqa: N807 -- it becomes the class's own
        here = said.of_thread()
        begin(self, *args, **(kwargs | ({"disable": True} if here else {})))
        self._hf_nb = here and _Count(here, kwargs)

    @functools.wraps(step)
    def update(self: Any, n: float | None = 1) -> Any:
        if self._hf_nb is None:
            return step(self, n)
        return self._hf_nb.step(n or 0, getattr(self, "total", None))

    bars.__init__, bars.update = __init__, update


class _Count:
    """One bar's steps, told to the face."""

    def __init__(self, here: said.Said, bar: Mapping[str, Any]) -> None:
        self._here = here
        self._what = str(bar.get("desc") or "").strip().rstrip(":")
        self._unit = _UNITS.get(str(bar.get("unit", "it")), "files")
        self._done = float(bar.get("initial") or 0)
        self._total = bar.get("total")

    def step(self, more: float, total: float | None) -> None:
        """Further on; a bar may learn its total late."""
        self._done += more
        total = total or self._total
        with said.outside():
            self._here.hear.show(
                Progress(self._what, int(self._done), int(total) if total else None, unit=self._unit)
            )


def replayed(events: Sequence[said.Event], mode: str, *, no_truncate: bool) -> str:
    """The events as the official formats print them, by the official code itself."""
    printer = _output.Output.__new__(_output.Output)
    printer.mode, printer.no_truncate = Mode(mode), no_truncate
    with said.listening(said.Said(mode)) as printed:
        for event in events:
            match event:
                case said.Rows():
                    printer.table(
                        list(map(dict, event.items)),
                        headers=list(event.headers) if event.headers else None,
                        id_key=event.id,
                    )
                case said.Record():
                    printer.dict(event.data, id_key=event.id)
                case said.Result():
                    printer.result(event.message, **event.data)
                case said.Text():
                    printer.text(human=event.human, agent=event.agent)
                case said.Printed():
                    sys.stdout.write(event.text)
    return "".join(event.text for event in printed.events if isinstance(event, said.Printed))
