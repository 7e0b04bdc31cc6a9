"""A text, or code, goes on."""

from __future__ import annotations

from dataclasses import replace

from hf_nb.infer.backends.local import grammar
from hf_nb.infer.backends.local.generating import Job, written
from hf_nb.infer.backends.local.model import Loaded
from hf_nb.infer.backends.local.options import options
from hf_nb.infer.backends.local.plans import Plan, Said
from hf_nb.infer.call import Call, Chunk, Parts, Terms, Usage


def go_on(loaded: Loaded, call: Call, terms: Terms) -> Parts:
    """What the model writes after the text; with `return_full_text` after a repetition of it."""
    yield from written(loaded, _job(loaded, call), terms)


def plan(loaded: Loaded, call: Call) -> Plan:
    """The same, for many side by side."""
    job = _job(loaded, call)

    def made(said: list[Said]) -> Chunk:
        (one,) = said
        return Chunk(
            job.before + one.text,
            seconds=one.seconds,
            finish=one.finish,
            usage=Usage(len(job.ids), one.written),
            note=job.options.note,
        )

    return Plan([job], made)


def _job(loaded: Loaded, call: Call) -> Job:
    ids = loaded.reader.plain(call.input).ids or [loaded.tokenizer.bos_token_id or 0]
    if ids[-1] == loaded.tokenizer.eos_token_id and len(ids) > 1 and ids[-1] != loaded.tokenizer.bos_token_id:
        ids = ids[:-1]  # some tokenizers end every text, and after its end nothing goes on
    if keep := call.params.get("truncate"):
        ids = ids[-int(keep) :]
    before = call.input if call.params.get("return_full_text") else ""
    how = options(loaded, call, len(ids))
    rules = grammar.rules(loaded, call.params.get("grammar"), len(ids))
    if rules is not None:
        how = replace(how, beams=1)
    return Job(ids, how, before, continues=True, grammar=rules)
