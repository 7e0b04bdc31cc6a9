"""The answer to a masked call, as if it had been the call itself: values in texts, places where they stood."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from hf_nb import tasks
from hf_nb.infer.call import Call, Chunk
from hf_nb.infer.privacy.masking import BEGUN, Mask
from hf_nb.tasks import Out

Row = Mapping[str, Any]


class Back:
    """Puts the values back, part by part: a placeholder may be cut between two of them."""

    def __init__(self, call: Call, mask: Mask) -> None:
        self.call, self.mask, self._held = call, mask, ""

    def chunk(self, chunk: Chunk) -> Chunk:
        """One part; what may be the beginning of a placeholder waits for the next."""
        text = self._text(chunk.text)
        if chunk.finish is not None:
            text += self.rest()
        output = chunk.output if chunk.output is None else self._output(chunk.output)
        calls = tuple(replace(one, arguments=self.mask.back(one.arguments)) for one in chunk.calls)
        return replace(chunk, text=text, output=output, calls=calls)

    def rest(self) -> str:
        """What has waited."""
        held, self._held = self._held, ""
        return self.mask.back(held)

    def _text(self, text: str) -> str:
        whole = self._held + text
        begun = BEGUN.search(whole)
        at = len(whole) if begun is None else begun.start()
        self._held = whole[at:]
        return self.mask.back(whole[:at])

    def _output(self, output: Any) -> Any:
        change = _OUTPUTS.get(tasks.TASKS[self.call.task].output)
        return output if change is None else change(self, output)

    def text_of(self, field: str = "") -> str:
        """The text that places are places in."""
        return str(self.call.input[field] if field else self.call.input)

    def place(self, text: str, start: int, end: int) -> tuple[int, int]:
        """A place in the masked text, in the text itself; a part of a placeholder is all of it."""
        _, pieces = self.mask.pieces(text)
        begin, over = start, end
        for one in pieces:
            if start >= one.masked_end:
                begin = start + one.end - one.masked_end
            elif start >= one.masked_start:
                begin = one.start
            if end >= one.masked_end:
                over = end + one.end - one.masked_end
            elif end > one.masked_start:
                over = one.end
        return begin, over


def _named(*fields: str) -> Callable[[Back, Any], Any]:
    """Rows in which these fields are texts."""

    def change(back: Back, output: Any) -> Any:
        if isinstance(output, Mapping):
            return {name: _put(back, one) if name in fields else one for name, one in output.items()}
        return [change(back, one) for one in output]

    return change


def _put(back: Back, value: Any) -> Any:
    if isinstance(value, str):
        return back.mask.back(value)
    return [_put(back, one) for one in value] if isinstance(value, list | tuple) else value


def _spans(back: Back, output: Any) -> Any:
    text = back.text_of()
    return [_placed(back, one, text, "word") for one in output]


def _extract(back: Back, output: Any) -> Any:
    one = output[0] if isinstance(output, list) else output
    return _placed(back, one, back.text_of("context"), "answer")


def _placed(back: Back, row: Row, text: str, name: str) -> dict[str, Any]:
    start, end = back.place(text, int(row["start"]), int(row["end"]))
    return {**row, "start": start, "end": end, name: text[start:end]}


_OUTPUTS: Mapping[Out, Callable[[Back, Any], Any]] = {
    Out.LABELS: _named("label"),
    Out.SPANS: _spans,
    Out.EXTRACT: _extract,
    Out.CELLS: _named("answer", "cells"),
    Out.FILLS: _named("sequence", "token_str"),
}
