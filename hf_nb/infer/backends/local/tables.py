"""The cells of a table that answer a question, and what is to be done with them."""

from __future__ import annotations

import time
from typing import Any

from hf_nb.errors import TooLarge
from hf_nb.infer.backends.local.model import Loaded, unfit
from hf_nb.infer.call import Call, Chunk, Parts, Terms
from hf_nb.plumbing.extras import require


def select(loaded: Loaded, call: Call, terms: Terms) -> Parts:
    """Cells, as TAPAS marks them. Rows that do not fit into its window are left out, and that is said."""
    import torch

    if not hasattr(loaded.config, "aggregation_labels"):
        raise unfit(loaded.name, call.task, "it marks no cells")
    table = require("pandas", "data", "Reading a table").DataFrame(call.input["table"]).astype(str)
    began = time.perf_counter()
    read = _read(loaded, table, call.input["query"])
    terms.check()
    with torch.inference_mode():
        said = loaded.model(**read.to(loaded.device))
    coordinates, how = _cells(loaded, read, said)
    cells = [table.iat[place] for place in coordinates]
    output = {
        "answer": ("" if how == "NONE" else f"{how} > ") + ", ".join(cells),
        "coordinates": [list(place) for place in coordinates],
        "cells": cells,
        "aggregator": how,
    }
    seen = int(read["token_type_ids"][0, :, 2].max())
    note = "" if seen >= len(table) else f"only {seen} of {len(table)} rows fit into {loaded.window} tokens"
    yield Chunk(output=output, seconds=time.perf_counter() - began, finish="stop", note=note)


def _read(loaded: Loaded, table: Any, question: str) -> Any:
    """Question and table as tokens; its tokenizer is no fast one, so one thread at a time."""
    large = TooLarge(
        f"The question and one row of the table do not fit into {loaded.name}: it reads {loaded.window} tokens.",
        "Fewer columns, or a shorter question.",
    )
    with loaded.lock:
        if len(loaded.tokenizer.tokenize(question)) > loaded.window // 2:
            raise large
        try:
            return loaded.tokenizer(
                table, question, return_tensors="pt", truncation="drop_rows_to_fit", padding=True
            )
        except ValueError as wrong:  # not even its first row fits
            raise large from wrong


def _cells(loaded: Loaded, read: Any, said: Any) -> tuple[list[tuple[int, int]], str]:
    labels = loaded.config.aggregation_labels
    plain = {name: one.cpu() for name, one in read.items()}
    logits = said.logits.float().cpu()
    if labels and loaded.config.num_aggregation_labels:
        places, hows = loaded.tokenizer.convert_logits_to_predictions(
            plain, logits, said.logits_aggregation.float().cpu()
        )
        how = hows[0]
        none = loaded.config.no_aggregation_label_index
        name = labels.get(how, labels.get(str(how), "NONE"))
        return list(places[0]), "NONE" if how == none else str(name)
    (places,) = loaded.tokenizer.convert_logits_to_predictions(plain, logits)
    return list(places[0]), "NONE"
