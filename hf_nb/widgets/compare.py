"""The Compare panel in a cell: who takes part, what they are asked; a saved notebook keeps what they answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hf_nb.infer.own import objects
from hf_nb.panels.data import held
from hf_nb.plumbing import redact
from hf_nb.render import page, plain, units
from hf_nb.render.grid import grid
from hf_nb.values import Contender
from hf_nb.widgets.base import PICTURE, Panel
from hf_nb.widgets.redrawn import Redrawn

AGAIN = "To open it again, run the cell."
NOTHING = "Nothing was compared yet."
MOST = 4  # columns
# Characters of an answer in a saved notebook, and of what they were asked.
SHOWN, ASKED = 2_000, 300
LIVE, ROWS = "compare.live", "compare.rows"
COLUMNS = (
    plain.Column("contender"),
    plain.Column("answered", right=True),
    plain.Column("failed", right=True, keep=1),
    plain.Column("score", right=True),
    plain.Column("seconds", right=True),
)


class Compare(Panel):
    """Models, settings or prompts side by side.

    `contenders`: ids, folders, model objects, or a Contender's fields; `input`: what they are asked; `inputs`: many
    rows, with `column` and `labels` where they are a table; `blind`: two answers without names, to vote on.
    """

    panel = "compare"
    parts = ("compare-more",)

    def __init__(
        self,
        contenders: Sequence[Any] | None = None,
        *,
        input: Any = None,
        text: str | None = None,
        inputs: Any = None,
        column: str | None = None,
        labels: str | None = None,
        task: str | None = None,
        blind: bool | None = None,
        **options: Any,
    ) -> None:
        self._held: list[Any] = []  # the panel's, as long as it is open
        self._shown = Shown()
        self._redrawn = Redrawn(self._repr_mimebundle_)
        rows = None if inputs is None else self._rows(inputs, column, labels)
        super().__init__(
            contenders=[self._contender(one) for one in list(contenders or ())[:MOST]] or None,
            input=input if input is not None else text,
            given=rows,
            source=None if rows is None else "rows",
            task=task,
            blind=blind,
            **options,
        )

    def picture(self) -> tuple[str, str]:
        """Who took part, what they answered, and the verdict."""
        return self._shown.drawn(self.options)

    def close(self) -> None:
        """Take it away; what it held of the notebook's memory goes with it."""
        super().close()
        self._held.clear()

    def _contender(self, given: Any) -> dict[str, Any]:
        if isinstance(given, Contender):
            fields = {**given.to_dict(), "model": given.model if given.held is None else given.held}
        else:
            fields = dict(given) if isinstance(given, Mapping) else {"model": given}
        model = fields.get("model")
        if model is not None and not isinstance(model, str):
            self._held.append(model)
            fields = {"name": objects.named(model), **fields, "model": held.hold(model)}
        return {name: one for name, one in fields.items() if one not in (None, "", {})}

    def _rows(self, inputs: Any, column: str | None, labels: str | None) -> dict[str, Any]:
        named = {"column": column, "labels": labels}
        said = {name: one for name, one in named.items() if one}
        if isinstance(inputs, str):
            return {"kind": "dataset", "id": inputs, **said}
        self._held.append(inputs)
        return {"kind": "variable", "name": held.hold(inputs), **said}

    def _ipython_display_(self) -> None:
        """In a way that lets the output's picture be drawn again: a notebook is saved with what was compared last."""
        if not self._redrawn.show():
            raise NotImplementedError  # as any other widget

    def _hear(self, comm: object, message: object, buffers: Sequence[bytes]) -> None:
        self._shown.heard(message)
        super()._hear(comm, message, buffers)

    def _say(self, message: dict[str, Any], buffers: Sequence[bytes]) -> None:
        super()._say(message, buffers)
        # only where the page says that the panel stands still while its picture is changed
        if self._shown.said(message) and self.options.get("stays"):
            self._redrawn.again()


class Shown:
    """What came of the latest run, gathered from what the page was told."""

    def __init__(self) -> None:
        self._asks: dict[str, tuple[str, dict[str, Any]]] = {}
        self._columns: dict[int, dict[str, Any]] = {}
        self._asked: dict[str, Any] = {}
        self._judged: dict[str, Any] | None = None

    def heard(self, message: object) -> None:
        """A run begins."""
        if not isinstance(message, dict) or message.get("op") not in (LIVE, ROWS):
            return
        self._asks = {str(message.get("id")): (message["op"], message.get("args") or {})}
        self._columns, self._asked, self._judged = {}, message.get("args") or {}, None

    def said(self, message: Mapping[str, Any]) -> bool:
        """Something was told to the page; True where the run has ended."""
        op, _ = self._asks.get(str(message.get("id")), ("", {}))
        if op == LIVE and "event" in message:
            for column in message["event"]["columns"]:
                if column.get("state"):
                    self._columns[column["at"]] = column
        elif op == ROWS and "ok" in message:
            self._judged = message["ok"]
        return bool(op) and "event" not in message

    def drawn(self, options: Mapping[str, Any]) -> tuple[str, str]:
        """As text and as HTML in which nothing acts, no larger than a saved notebook should keep."""
        who = self._asked.get("contenders") or options.get("contenders") or []
        names = [_name(one, at) for at, one in enumerate(who)]
        chars = SHOWN
        while True:
            text, html = self._table(names, chars) if self._judged else self._beside(names, chars)
            if len(html.encode()) <= PICTURE or chars < 100:
                return redact.tokens(plain.clean(text)), redact.tokens(html)
            chars //= 2

    def _beside(self, names: Sequence[str], chars: int) -> tuple[str, str]:
        """Answers to one prompt, a column each."""
        asked = _cut(_words(self._asked.get("input")), ASKED)
        head = f"Compare: {' · '.join(names)}" if names else "Compare"
        said = [(name, *_said(self._columns.get(at), chars)) for at, name in enumerate(names)]
        if not self._columns:
            return f"{head}\n{NOTHING}\n{AGAIN}", _framed(head, f"<div>{NOTHING}</div>")
        text = "\n\n".join([head, *([asked] if asked else []), *("\n".join(part) for part in said), AGAIN])
        cells = "".join(
            f'<div style="flex:1 1 220px;min-width:0"><strong>{page.escape(name)}</strong>'
            f'<div class="foot">{page.escape(took)}</div>'
            f'<div style="white-space:pre-wrap;overflow-wrap:anywhere">{page.escape(answer)}</div></div>'
            for name, took, answer in said
        )
        body = f"<div>{page.escape(asked)}</div>" if asked else ""
        return text, _framed(head, f'{body}<div style="display:flex;flex-wrap:wrap;gap:16px">{cells}</div>')

    def _table(self, names: Sequence[str], chars: int) -> tuple[str, str]:
        """Many rows: the sentence, and a line for each."""
        judged = self._judged or {}
        head = f"Compare: {' · '.join(names)}, {judged.get('rows', 0):,} rows"
        lines = [_line(one) for one in judged.get("lines", ())]
        verdict = _cut(str(judged.get("verdict", "")), chars)
        text = "\n\n".join([head, verdict, plain.table(COLUMNS, lines), AGAIN])
        return text, _framed(head, f"<p>{page.escape(verdict)}</p>{grid(COLUMNS, lines)}")


def _framed(head: str, body: str) -> str:
    again = page.foot(AGAIN).replace(AGAIN, f'<span class="again">{AGAIN}</span>')
    return page.frame(f'<div class="head"><span class="name">{page.escape(head)}</span></div>{body}{again}')


def _name(one: Any, at: int) -> str:
    letter = "ABCD"[at] if at < MOST else str(at + 1)
    said = one if isinstance(one, str) else str(one.get("name") or one.get("model") or "no model")
    return _cut(f"{letter} {said}", ASKED)


def _words(asked: Any) -> str:
    if isinstance(asked, Mapping):
        return next((_words(one) for one in asked.values() if _words(one)), "")
    if isinstance(asked, (list, tuple)):
        return _words(asked[-1]) if asked else ""
    return "" if asked is None else str(asked)


def _said(column: Mapping[str, Any] | None, chars: int) -> tuple[str, str]:
    """What it took, and the answer."""
    if column is None:
        return "", "It was not there yet."
    figures, answer = column.get("figures") or {}, column.get("answer")
    took = [figures.get("method"), units.seconds(figures["seconds"]) if figures else "", column.get("state")]
    if answer is None:
        wrong = column.get("wrong") or {}
        return "", f"{wrong.get('message', 'Stopped.')} {wrong.get('hint', '')}".strip()
    if answer["kind"] == "labels":
        text = "\n".join(f"{one['label']} {one['score']:.1%}" for one in answer["labels"][:5])
    else:
        text = answer["text"]
    return " · ".join(str(one) for one in took if one and one != "done"), _cut(text, chars)


def _line(one: Mapping[str, Any]) -> list[str]:
    score = next(iter(one["scores"]), None)
    seconds = one["seconds"]
    return [
        _cut(one["name"], 80),
        f"{one['ok']:,}",
        f"{one['failed']:,}",
        units.NONE if score is None else f"{score['metric']} {score['value']:.3g}",
        units.NONE if seconds is None else units.seconds(seconds["value"]),
    ]


def _cut(text: str, chars: int) -> str:
    return text if len(text) <= chars else f"{text[: chars - 1]}…"
