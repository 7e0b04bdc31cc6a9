"""Summaries, translations and other texts made from a text. transformers 5 has no pipelines for them any more."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hf_nb.errors import BadInput
from hf_nb.infer.backends.local.generating import Halt, Job, threaded, write
from hf_nb.infer.backends.local.model import Loaded, unfit
from hf_nb.infer.backends.local.options import options
from hf_nb.infer.backends.local.plans import Plan, Said
from hf_nb.infer.call import Call, Chunk, Parts, Terms, Usage

# After the end of a sentence, in most scripts, or at a line's end.
# \uff01 and \uff1f are the wide ! and ?.
BORDER = re.compile(r"(?<=[.!?…。\uff01\uff1f؟।])[\"'”’»)\]]*\s+|(?<=[。\uff01\uff1f])|\n+")


def rewrite(loaded: Loaded, call: Call, terms: Terms) -> Parts:
    """One text from another; one longer than the window goes piece by piece, each as it is done."""
    jobs = _jobs(loaded, call)
    joint, tidy = _joint(call), _tidy(call)

    def work(put: Callable[[Chunk], None], halt: Halt) -> None:
        said: list[Said] = []
        for at, job in enumerate(jobs):
            halt.check()
            kept: list[str] = []
            say = _keep(kept) if tidy else _say(put, joint if at else "")
            done = write(loaded, job, halt, say)
            text = "".join([*kept, done.rest])
            if tidy:
                text = (joint if at else "") + loaded.tokenizer.clean_up_tokenization(text)
            said.append(Said([text], done.written, done.finish, done.seconds))
            last = at == len(jobs) - 1
            put(_last(loaded, jobs, said, text) if last else Chunk(text, seconds=done.seconds))

    yield from threaded(loaded, work, terms)


def plan(loaded: Loaded, call: Call) -> Plan:
    """The same, for many side by side: the pieces of a long text are side by side as well."""
    jobs = _jobs(loaded, call)

    def made(said: list[Said]) -> Chunk:
        texts = [one.text for one in said]
        if _tidy(call):
            texts = [loaded.tokenizer.clean_up_tokenization(one) for one in texts]
        whole = texts[0] + "".join(_joint(call) + one for one in texts[1:] if one or _tidy(call))
        return replace(_last(loaded, jobs, said, whole), seconds=sum(one.seconds for one in said))

    return Plan(jobs, made)


def _jobs(loaded: Loaded, call: Call) -> list[Job]:
    prefix = _prefix(loaded, call)
    source, forced = _languages(loaded, call)
    jobs = []
    for ids in _pieces(loaded, call, prefix, source):
        how = options(loaded, call, len(ids))
        if forced is not None:
            how.config.forced_bos_token_id = forced
        jobs.append(Job(ids, how, seq2seq=bool(loaded.config.is_encoder_decoder)))
    return jobs


def _joint(call: Call) -> str:
    """What stands between two pieces."""
    return "\n" if "\n" in call.input and call.task != "summarization" else " "


def _tidy(call: Call) -> bool:
    return bool(call.params.get("clean_up_tokenization_spaces"))


def _last(loaded: Loaded, jobs: list[Job], said: list[Said], text: str) -> Chunk:
    """The end of the answer."""
    return Chunk(
        text,
        seconds=said[-1].seconds,
        finish="length" if any(one.finish == "length" for one in said) else said[-1].finish,
        usage=Usage(sum(len(one.ids) for one in jobs), sum(one.written for one in said)),
        note=_note(loaded, len(jobs), jobs[-1].options.note),
    )


def sentences(text: str) -> list[str]:
    """A text cut after its sentences; put together again they are the text."""
    made, at = [], 0
    for border in BORDER.finditer(text):
        if border.end() > at:
            made.append(text[at : border.end()])
            at = border.end()
    if text[at:]:
        made.append(text[at:])
    return made


def _say(put: Callable[[Chunk], None], joint: str) -> Callable[[str, float], None]:
    began = [not joint]

    def say(text: str, seconds: float) -> None:
        before = "" if began[0] else joint
        began[0] = True
        put(Chunk(before + text, seconds=seconds))

    return say


def _keep(kept: list[str]) -> Callable[[str, float], None]:
    def keep(text: str, seconds: float) -> None:
        kept.append(text)

    return keep


def _note(loaded: Loaded, count: int, other: str) -> str:
    long = (
        f"longer than the model's {loaded.window} tokens: done in {count} pieces, cut between sentences"
        if count > 1
        else ""
    )
    return "; ".join(filter(None, (long, other)))


def _pieces(loaded: Loaded, call: Call, prefix: str, read: Callable[[str], list[int]]) -> list[list[int]]:
    """Tokens of each piece: as many whole sentences as fit; a longer one is cut where it must be."""
    whole = read(prefix + call.input)
    if len(whole) <= loaded.window or call.params.get("truncation") in ("only_first", "longest_first"):
        return [whole[: loaded.window]]
    pieces: list[list[int]] = []
    held = ""
    queue = sentences(call.input)
    while queue:
        one = queue.pop(0)
        if len(read(prefix + held + one)) <= loaded.window:
            held += one
        elif held.strip():
            pieces.append(read(prefix + held.strip()))
            held = ""
            queue.insert(0, one)
        else:
            held = ""
            queue[:0] = _halves(one, loaded, prefix, read)
    if held.strip():
        pieces.append(read(prefix + held.strip()))
    return pieces


def _halves(one: str, loaded: Loaded, prefix: str, read: Callable[[str], list[int]]) -> list[str]:
    """A sentence that is too long alone: cut at the space nearest its middle, or anywhere."""
    if len(one) < 2:
        raise BadInput(f"{loaded.name} has no room for a text: it reads {loaded.window} tokens.")
    middle = len(one) // 2
    spaces = [at for at in (one.rfind(" ", 1, middle), one.find(" ", middle)) if at > 0]
    cut = min(spaces, key=lambda at: abs(at - middle)) if spaces else middle
    return [part for part in (one[:cut], one[cut:]) if part]


def _prefix(loaded: Loaded, call: Call) -> str:
    """What the model was trained to find before a text."""
    config = loaded.config
    said: dict[str, Any] = getattr(config, "task_specific_params", None) or {}
    if call.task == "translation":
        source, target = call.params.get("src_lang"), call.params.get("tgt_lang")
        names = [one for one in said if one.startswith("translation")]
        wanted = f"translation_{source}_to_{target}" if source and target else None
        if wanted in said:
            return str(said[wanted].get("prefix") or "")
        if wanted and names:
            raise BadInput(f"{loaded.name} knows {', '.join(names)}, not {wanted}.")
        if names:
            return str(said[names[0]].get("prefix") or "")
    if call.task in said:
        return str(said[call.task].get("prefix") or "")
    return str(getattr(config, "prefix", None) or "")


def _languages(loaded: Loaded, call: Call) -> tuple[Callable[[str], list[int]], int | None]:
    """How to read a text in the language it is in, and the token that names the one to write."""
    source, target = call.params.get("src_lang"), call.params.get("tgt_lang")
    tokenizer = loaded.tokenizer
    if not (source or target) or not hasattr(tokenizer, "src_lang"):
        return lambda text: list(loaded.reader.plain(text).ids), None
    unknown = getattr(tokenizer, "unk_token_id", None)
    for one in filter(None, (source, target)):
        if _code(tokenizer, one) in (None, unknown):
            raise unfit(loaded.name, call.task, f"it has no language {one}")

    def read(text: str) -> list[int]:
        with loaded.lock:
            if source:
                tokenizer.src_lang = source
            return list(tokenizer(text)["input_ids"])

    return read, _code(tokenizer, target) if target else None


def _code(tokenizer: Any, language: str) -> int | None:
    if hasattr(tokenizer, "get_lang_id"):
        try:
            return int(tokenizer.get_lang_id(language))
        except KeyError:
            return None
    found = tokenizer.convert_tokens_to_ids(language)
    return None if found is None else int(found)
