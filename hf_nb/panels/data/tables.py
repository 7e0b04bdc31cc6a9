"""Opened tables, and views of them: the last used are kept, by what the page calls them.

Nothing else is state: what is not kept any more is opened again, so a page never notices.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from hf_nb.data import finding
from hf_nb.data.files import meter
from hf_nb.data.query import view as views
from hf_nb.errors import Refused
from hf_nb.panels.data import asked, held, loaded

if TYPE_CHECKING:
    from hf_nb.data.query.view import View
    from hf_nb.data.source import Source
    from hf_nb.panels.data.asked import Of
    from hf_nb.panels.desk import Ask
    from hf_nb.values.data import Column

TABLES, VIEWS = 16, 24
LOOK = 0.02

Thing = TypeVar("Thing")


class Kept(Generic[Thing]):
    """A few things by name. What two ask for at the same time is made once."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, Thing] = OrderedDict()
        self._made: dict[Hashable, threading.Thread] = {}  # by whom
        self._guard = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Thing]) -> Thing:
        """The thing of this name, made where it is not kept."""
        here = threading.current_thread()
        while True:
            with self._guard:
                if key in self._kept:
                    self._kept.move_to_end(key)
                    return self._kept[key]
                maker = self._made.get(key)
                if maker is None or maker is here or not maker.is_alive():
                    self._made[key] = here
                    break
            maker.join(LOOK)
            meter.look()
        try:
            return self.put(key, make())
        finally:
            with self._guard:
                self._made.pop(key, None)

    def put(self, key: Hashable, thing: Thing) -> Thing:
        """Keep it; the one used longest ago goes."""
        with self._guard:
            self._kept[key] = thing
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return thing

    def known(self, key: Hashable) -> Thing | None:
        """The thing of this name, if it is kept."""
        with self._guard:
            return self._kept.get(key)

    def forget(self, fits: Callable[[Any], bool]) -> None:
        """Let go of those whose names fit."""
        with self._guard:
            for key in [one for one in self._kept if fits(one)]:
                del self._kept[key]


_tables: Kept[Source] = Kept(TABLES)
_views: Kept[View] = Kept(VIEWS)
_columns: WeakKeyDictionary[Source, tuple[Any, dict[str, Column]]] = WeakKeyDictionary()


def source(ask: Ask, of: Of) -> Source:
    """The table a page means."""
    _load(ask, of)
    if of.in_memory:
        if not ask.kernel:
            raise Refused("This table is in a kernel's memory.", "Start the kernel, and run its cell again.")
        held.held(of.what)  # one that is gone is gone, although its columns may still be kept
    return _tables.get(_key(ask, of), lambda: _opened(ask, of))


def _load(ask: Ask, of: Of) -> None:
    here = of.in_memory or os.path.exists(of.what)  # noqa: PTH110 -- whatever was typed: this one never raises
    (loaded.reading if here else loaded.finding)(ask)


def opened_anew(ask: Ask, of: Of) -> tuple[Of, Source]:
    """The table as it is now, and the name under which it stays that one: a branch may have moved on."""
    _load(ask, of)
    if of.revision is not None or of.in_memory:
        return of, source(ask, of)
    base = asked.Of(of.what, of.config, of.split)
    now = _opened(ask, base)
    origin = now.origin
    pinned = asked.Of(of.what, origin.config or of.config, origin.split or of.split, origin.revision)
    kept = _tables.known(_key(ask, pinned)) if origin.revision else None
    _tables.put(_key(ask, pinned), kept or now)
    if of.sql is None:
        return pinned, kept or now
    named = asked.Of(pinned.what, pinned.config, pinned.split, pinned.revision, of.sql)
    return named, source(ask, named)


def view(ask: Ask, of: Of, said: Mapping[str, Any] | None) -> View:
    """A table as it is looked at."""
    wanted = asked.wanted(said)
    if not wanted.all or wanted.sort is not None:
        loaded.asking(ask)
    table = source(ask, of)
    made = _views.get((_key(ask, of), asked.key(said)), lambda: views.View(table, asked.wanted(said)))
    if made.source is not table:  # the table was opened again meanwhile
        made = _views.put((_key(ask, of), asked.key(said)), views.View(table, asked.wanted(said)))
    return made


def columns(table: Source) -> dict[str, Column]:
    """A table's columns by name: of thousands it takes a while to say what they are, and a page is asked for often."""
    schema = table.schema
    known = _columns.get(table)
    if known is None or known[0] is not schema:
        known = schema, {one.name: one for one in reversed(table.columns)}
        _columns[table] = known
    return known[1]


def let_go(handle: str) -> None:
    """A panel was closed: what it had opened of the notebook's objects goes with it."""
    held.let_go(handle)
    _views.forget(lambda key: key[0][1].what == handle)
    _tables.forget(lambda key: key[1].what == handle)


def _key(ask: Ask, of: Of) -> tuple[str, Of]:
    return ask.session.settings.endpoint, of


def _opened(ask: Ask, of: Of) -> Source:
    if of.sql is not None:
        loaded.asking(ask)
        from hf_nb.data.query import sql

        base = source(ask, asked.Of(of.what, of.config, of.split, of.revision))
        return sql.run(of.sql, {"t": base})
    thing = held.held(of.what) if of.in_memory else of.what
    return finding.open(thing, config=of.config, split=of.split, revision=of.revision, session=ask.session)
