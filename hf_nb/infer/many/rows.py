"""A row on its way, and what a row is checked for before anybody is asked."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from hf_nb.errors import BadInput, HfNbError
from hf_nb.infer import asked
from hf_nb.tasks import FIELDS, In, Task


@dataclass(slots=True, eq=False)
class Row:
    """`input` as a Call holds it; `mark`: of the input alone; `twins`: later rows with the same input.

    `refused`: at which places (their `id()`), of those that had answered nothing yet.
    """

    number: int
    input: Any
    mark: str
    tries: int = 0
    wrong: HfNbError | None = None
    twins: list[int] = field(default_factory=list)
    refused: set[int] = field(default_factory=set)


def checked(number: int, given: Any, task: Task) -> Row | HfNbError:
    """A row that can be asked about, or what is wrong with it."""
    if isinstance(given, HfNbError):
        return given
    try:
        value = _plain(given, task)
        made = asked.checked(task, value)
        text = json.dumps(made, ensure_ascii=False, sort_keys=True, default=str)
        mark = hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
    except HfNbError as wrong:
        return wrong
    except UnicodeEncodeError:
        return BadInput("The text holds half a character (a lone surrogate), which no tokenizer reads.")
    except RecursionError:
        return BadInput("The input is nested too deeply.")
    except Exception as wrong:  # noqa: BLE001 -- an object of anybody's may stand in a row
        return BadInput(f"This row cannot be read: {type(wrong).__name__}.")
    return Row(number, made, mark)


def _plain(given: Any, task: Task) -> Any:
    """No row of a table is a list of texts, and what is missing there is nothing, not a number."""
    if task.input is In.TEXT and isinstance(given, dict) and len(given) == 1:
        (given,) = given.values()
    if _missing(given):
        raise BadInput(f"This row is empty, and {task.name} needs {_needs(task)}.")
    if task.input is In.TEXT and not isinstance(given, str):
        raise BadInput(f"{task.name} reads a text, not {type(given).__name__}.")
    return given


def _needs(task: Task) -> str:
    return "a text" if not FIELDS[task.input] else " and ".join(FIELDS[task.input])


def _missing(given: Any) -> bool:
    """None, NaN, and what pandas puts where nothing stands."""
    return given is None or (not isinstance(given, (str, dict, list, tuple)) and _unequal(given))


def _unequal(given: Any) -> bool:
    if type(given).__name__ in ("NAType", "NaTType"):
        return True
    try:
        return bool(given != given)  # noqa: PLR0124 -- that is what NaN is
    except Exception:  # noqa: BLE001 -- an object's own
        return False
