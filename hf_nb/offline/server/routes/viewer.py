"""The dataset viewer's routes. What a table has to be read for is asked of a process of its own, in the loop."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from functools import partial, wraps
from typing import Any
from urllib.parse import quote

from hf_nb.offline.engine import Wrong
from hf_nb.offline.server import refusals
from hf_nb.offline.server.answers import Answer, as_json, as_text
from hf_nb.offline.server.ask import Ask
from hf_nb.offline.server.refusals import Redirect, Refusal
from hf_nb.offline.server.routes.files import HARMLESS
from hf_nb.offline.server.viewer import asked, links, refused, said
from hf_nb.offline.server.viewer.conversion import Config, Conversion, Split
from hf_nb.offline.server.viewer.making import Conversions, answer

Handler = Callable[[Ask], Answer]
_HIDDEN = frozenset(("RepoNotFound", "GatedRepo", "DisabledRepo"))


def _as_viewer(handler: Handler) -> Handler:
    """A dataset one may not know of, in the viewer's words; a renamed one is found under its present name."""

    @wraps(handler)
    def handled(ask: Ask) -> Answer:
        try:
            return handler(ask)
        except Redirect:
            raise
        except Refusal as refusal:
            if refusal.code in _HIDDEN:
                raise refused.no_dataset(ask.who) from None
            raise

    return handled


@_as_viewer
def is_valid(ask: Ask) -> Answer:
    """`/datasets-server/is-valid`."""
    found, configs = _wanted(ask, needed=False)
    split = ask.one("split")
    some = [config for config in configs if not split or config.split(split)]
    return _json(found, said.valid(some))


@_as_viewer
def splits(ask: Ask) -> Answer:
    """`/datasets-server/splits`."""
    found, configs = _wanted(ask)
    return _json(found, said.splits(found, configs))


@_as_viewer
def parquet(ask: Ask) -> Answer:
    """`/datasets-server/parquet`."""
    found, configs = _wanted(ask)
    return _json(found, said.parquet(found, configs, ask.site.url))


@_as_viewer
def size(ask: Ask) -> Answer:
    """`/datasets-server/size`."""
    found, configs = _wanted(ask)
    return _json(found, said.size(found, configs, one=bool(ask.one("config"))))


@_as_viewer
def info(ask: Ask) -> Answer:
    """`/datasets-server/info`."""
    found, configs = _wanted(ask)
    return _json(found, said.info(found, configs, one=bool(ask.one("config"))))


@_as_viewer
def first_rows(ask: Ask) -> Answer:
    """`/datasets-server/first-rows`."""
    return _asked(ask, "first-rows", named=True)


@_as_viewer
def rows(ask: Ask) -> Answer:
    """`/datasets-server/rows`."""
    return _asked(ask, "rows", offset=asked.offset(ask), length=asked.length(ask))


@_as_viewer
def matching(ask: Ask) -> Answer:
    """`/datasets-server/filter`."""
    where, order = asked.sql(ask, "where"), asked.sql(ask, "orderby")
    offset, length = asked.offset(ask), asked.length(ask)
    return _asked(ask, "filter", where=where, orderby=order, offset=offset, length=length)


@_as_viewer
def search(ask: Ask) -> Answer:
    """`/datasets-server/search`."""
    for name in ("dataset", "config", "split"):
        asked.required(ask, name)
    query, offset, length = asked.required(ask, "query"), asked.offset(ask), asked.length(ask)
    return _asked(ask, "search", query=query, offset=offset, length=length)


@_as_viewer
def statistics(ask: Ask) -> Answer:
    """`/datasets-server/statistics`."""
    return _asked(ask, "statistics")


def asset(ask: Ask) -> Answer:
    """`/datasets-server/assets/…`: a picture or a sound of a row; its address is the right to see it."""
    viewer = _viewer(ask)
    if not links.signed(ask):
        raise refusals.not_allowed("Access denied: the link is not signed, or its time is over")
    revision, config_name, split_name, row, steps = links.parts(ask)
    conversion = viewer.at(revision)
    config = conversion.config(config_name) if conversion else None
    split = config.split(split_name) if config else None
    if config is None or split is None:
        raise refused.not_there()
    question = _question("cell", config, split, row=row, steps=steps)
    return Answer(later=partial(_content, viewer, question))


def files(ask: Ask) -> Answer:
    """`/api/datasets/{id}/parquet[/config[/split]]`: addresses of the converted files."""
    row = ask.readable()
    found = _viewer(ask).of(ask, row)
    _checked(found, found.configs)
    base = f"{ask.site.url}/api/datasets/{quote(found.id)}/parquet"
    every = {
        config.name: {
            split.name: [
                f"{base}/{quote(config.name)}/{quote(split.name)}/{place}.parquet"
                for place in range(len(split.files))
            ]
            for split in config.splits
        }
        for config in found.configs
        if not config.wrong
    }
    told: Any = every
    for name in ("config", "split"):
        if name in ask.names:
            if ask.names[name] not in told:
                raise refusals.not_found()
            told = told[ask.names[name]]
    return as_json(told, headers={"x-revision": found.revision})


def file(ask: Ask) -> Answer:
    """`/api/datasets/{id}/parquet/{config}/{split}/{n}.parquet`: where that file is."""
    row = ask.readable()
    found = _viewer(ask).of(ask, row)
    config = found.config(ask.names["config"])
    split = config.split(ask.names["split"]) if config else None
    number = ask.names["file"].removesuffix(".parquet")
    if split is None or not number.isdecimal() or int(number) >= len(split.files):
        raise refusals.not_found()
    location = said.address(ask.site.url, found.id, split.files[int(number)].path)
    return as_text(f"Found. Redirecting to {location}", status=302, headers={"location": location})


def conversion(ask: Ask) -> Conversion:
    """The dataset that is asked about, as the caller may see it."""
    asked.dataset(ask)
    try:
        row = ask.readable()
    except Redirect:  # it has another name by now, and is found all the same
        row = ask.database.one(
            "SELECT r.* FROM aliases a JOIN repos r ON r.rid = a.rid WHERE a.type = 'dataset' AND a.folded = ?"
            " UNION SELECT * FROM repos WHERE type = 'dataset' AND folded = ?",
            *(f"{ask.names['ns']}/{ask.names['name']}".lower(),) * 2,
        )
        ask.names |= dict(zip(("ns", "name"), row["id"].split("/"), strict=True))
        ask.__dict__.pop("repo", None)
        row = ask.readable()
    return _viewer(ask).of(ask, row)


def question(
    ask: Ask, kind: str, found: Conversion, config: Config, split: Split, **what: Any
) -> dict[str, Any]:
    """What the process is asked about rows, with what it needs to sign the addresses of pictures in them."""
    assets = links.told(ask.site, found, config.name, split.name)
    return _question(kind, config, split, assets=assets, **what)


def _question(kind: str, config: Config, split: Split, **what: Any) -> dict[str, Any]:
    places = [{"path": str(file.place), "rows": file.rows} for file in split.files]
    return {"kind": kind, "files": places, "features": config.features, **what}


def _viewer(ask: Ask) -> Conversions:
    if ask.site.viewer is None:
        raise refused.no_viewer()
    return ask.site.viewer


def _wanted(ask: Ask, *, needed: bool = True) -> tuple[Conversion, tuple[Config, ...]]:
    """The configurations that are asked about; `needed`: what cannot be read is refused."""
    found = conversion(ask)
    name = ask.one("config")
    configs = found.configs
    if name:
        configs = tuple(one for one in configs if one.name == name)
        if not configs and needed and not found.wrong:
            raise refused.not_there()
    if needed:
        _checked(found, configs)
    return found, configs


def _checked(found: Conversion, configs: tuple[Config, ...]) -> None:
    wrong = found.wrong or (configs[0].wrong if len(configs) == 1 else None)
    if wrong:
        raise refused.because(*wrong)


def _json(found: Conversion, value: Mapping[str, Any]) -> Answer:
    return as_json(value, headers={"x-revision": found.revision} if found.revision else None)


def _asked(ask: Ask, kind: str, *, named: bool = False, **what: Any) -> Answer:
    """What will be the answer; `named` repeats what was asked about in it."""
    names = [asked.required(ask, name) for name in ("dataset", "config", "split")]
    found = conversion(ask)
    config = found.config(names[1])
    if found.wrong or (config and config.wrong):
        _checked(found, (config,) if config else ())
    split = config.split(names[2]) if config else None
    if config is None or split is None:
        raise refused.not_there()
    wanted = question(ask, kind, found, config, split, **what)
    first = {"dataset": found.id, "config": config.name, "split": split.name} if named else {}
    return Answer(
        headers={"x-revision": found.revision}, later=partial(_answered, _viewer(ask), wanted, first)
    )


async def _answered(viewer: Conversions, wanted: Mapping[str, Any], first: Mapping[str, Any]) -> Answer:
    return as_json({**first, **await ask_of(viewer, wanted)})


async def ask_of(viewer: Conversions, wanted: Mapping[str, Any]) -> Any:
    """The answer of the process, or its refusal as one of ours."""
    try:
        return await answer(viewer.engine, wanted)
    except Wrong as wrong:
        if wrong.kind == "Busy":
            raise refused.not_ready() from None
        raise refused.because(wrong.kind, wrong.problem) from None


async def _content(viewer: Conversions, wanted: Mapping[str, Any]) -> Answer:
    told = await ask_of(viewer, wanted)
    headers = {**HARMLESS, "content-type": told["type"], "cache-control": "private, max-age=3600"}
    return Answer(200, headers, base64.b64decode(told["data"]))
