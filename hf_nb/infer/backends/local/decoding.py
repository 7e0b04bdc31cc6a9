"""`generate` without its loop: what transformers makes of prompts and settings, to go through in a way of our own."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hf_nb.infer.backends.local import threads
from hf_nb.infer.backends.local.model import Loaded

FILLED = 64  # tokens that may fill up the rows of one pass over prompts: about as many as a pass more costs


@dataclass
class Prepared:
    """Rows of tokens and what the model is told beside them. `ids` ends with tokens it has not read yet."""

    model: Any
    ids: Any
    processors: Any
    how: dict[str, Any]

    @property
    def cache(self) -> Any:
        """What the model keeps of the tokens it has read."""
        return self.how.get("past_key_values")

    def first(self, *, whole: bool = False) -> Any:
        """Read the prompts; the scores of each row's next token. `whole`: all of them in one pass."""
        groups = [] if whole else self._alike()
        if len(groups) < 2:
            return self._passed(self.ids, self.how, None)[:, -1]
        return self._joined([self._read(rows, filled) for rows, filled in groups], groups)

    def next(self, tokens: Any) -> Any:
        """One more token for each row; the scores of those that follow."""
        import torch

        self._longer(self.how, 1)
        self.ids = torch.cat([self.ids, tokens[:, None]], dim=-1)
        return self._passed(self.ids, self.how, 1)[:, -1]

    def ahead(self, token: int, draft: list[int]) -> Any:
        """One more token, and some that may follow it, in one pass; the scores after each. Then `keep`."""
        import torch

        self._longer(self.how, 1)
        both = torch.cat([self.ids, self.ids.new_tensor([[token, *draft]])], dim=-1)
        self.ids = both[:, : both.shape[1] - len(draft)]
        how = dict(self.how)
        self._longer(how, len(draft))
        said = self._passed(both, how, 1 + len(draft))
        self.how["past_key_values"] = how["past_key_values"]
        return said[0]

    def keep(self, draft: list[int], held: int) -> None:
        """Of the tokens that `ahead` tried, the first `held` stay; what was read of the others is forgotten."""
        import torch

        if held:
            self._longer(self.how, held)
            self.ids = torch.cat([self.ids, self.ids.new_tensor([draft[:held]])], dim=-1)
        if held < len(draft):
            self.cache.crop(held - len(draft))

    def forget(self, tokens: int) -> None:
        """The last tokens were never read."""
        self.cache.crop(-tokens)
        self.ids = self.ids[:, : self.ids.shape[1] - tokens]
        for name in ("attention_mask", "position_ids", "decoder_attention_mask", "decoder_position_ids"):
            of_encoder = name == "attention_mask" and self.model.config.is_encoder_decoder
            if not of_encoder and (one := self.how.get(name)) is not None:
                self.how[name] = one[..., : one.shape[-1] - tokens]

    def changed(self, ids: Any, scores: Any) -> Any:
        """Scores after what the caller and the model's settings do to them; `ids` are all tokens so far."""
        import torch

        with torch.inference_mode():
            return self.processors(ids, scores)

    def only(self, rows: list[int]) -> None:
        """Go on with these rows alone."""
        import torch

        at, count = torch.tensor(rows, device=self.ids.device), self.ids.shape[0]
        with torch.inference_mode():
            self.ids = self.ids[at]
            self.cache.batch_select_indices(at)
            for name, one in self.how.items():
                if isinstance(one, torch.Tensor) and one.dim() and one.shape[0] == count:
                    self.how[name] = one[at]
            for one in self.processors:
                ignored = getattr(one, "prompt_ignore_length", None)  # of each row, what fills it up
                if isinstance(ignored, torch.Tensor) and ignored.shape[0] == count:
                    one.prompt_ignore_length = ignored[at]
            if (read := self.how.get("encoder_outputs")) is not None:
                for name, one in read.items():
                    if isinstance(one, torch.Tensor):
                        read[name] = one[at]

    def _alike(self) -> list[tuple[list[int], int]]:
        """Rows that are read together, and how far all of them are filled up.

        Short ones beside a long one would take as long to read as that. On a GPU one pass is quicker still, and an
        encoder has read its text before.
        """
        mask, rows = self.how.get("attention_mask"), self.ids.shape[0]
        whole = [([*range(rows)], 0)]
        if rows == 1 or self.model.config.is_encoder_decoder or self.ids.device.type != "cpu":
            return whole
        if mask is None or mask.shape != self.ids.shape or not plain(self.cache):
            return whole
        filled = (self.ids.shape[1] - mask.sum(dim=-1)).tolist()
        groups: list[tuple[list[int], int]] = []
        more = 0
        for row in sorted(range(rows), key=lambda one: filled[one]):
            more += filled[row] - groups[-1][1] if groups else 0
            if not groups or more > FILLED:
                groups.append(([], filled[row]))
                more = 0
            groups[-1][0].append(row)
        return groups

    def _read(self, rows: list[int], filled: int) -> tuple[Any, Any]:
        """Some of the prompts, without what fills all of them up: scores, and what the model keeps of them."""
        import torch

        at = torch.tensor(rows)
        how = {name: self._of(one, at, filled) for name, one in self.how.items()}
        how["past_key_values"] = copy.deepcopy(self.cache)
        scores = self._passed(self._of(self.ids, at, filled), how, None)[:, -1]
        return scores, how["past_key_values"]

    def _of(self, one: Any, rows: Any, filled: int) -> Any:
        import torch

        if not isinstance(one, torch.Tensor) or one.dim() < 2 or one.shape[0] != self.ids.shape[0]:
            return one
        return one[rows, filled:] if one.shape[1] == self.ids.shape[1] else one[rows]

    def _joined(self, read: list[tuple[Any, Any]], groups: list[tuple[list[int], int]]) -> Any:
        """All rows as if they had been read at once."""
        import torch

        order = torch.tensor([row for rows, _ in groups for row in rows]).argsort()
        with torch.inference_mode():
            kept = [one.layers for _, one in read]
            for number, layer in enumerate(kept[0]):
                for name in ("keys", "values"):
                    some = [
                        torch.nn.functional.pad(getattr(one[number], name), (0, 0, filled, 0))
                        for one, (_, filled) in zip(kept, groups, strict=True)
                    ]
                    setattr(layer, name, torch.cat(some)[order])
                for one in kept[1:]:
                    one[number].keys = one[number].values = None
            self.how["past_key_values"] = read[0][1]
            return torch.cat([scores for scores, _ in read])[order]

    def _longer(self, how: dict[str, Any], tokens: int) -> None:
        import torch

        seq2seq = self.model.config.is_encoder_decoder
        with torch.inference_mode():
            self.model._update_model_kwargs_for_generation(  # noqa: SLF001 -- as every custom loop does
                {}, how, is_encoder_decoder=seq2seq, num_new_tokens=tokens
            )

    def _passed(self, ids: Any, how: dict[str, Any], width: int | None) -> Any:
        import torch

        tokens = ids.numel() if width is None else width * ids.shape[0]
        with threads.computing(self.model, tokens):
            inputs = self.model.prepare_inputs_for_generation(
                ids, next_sequence_length=width, is_first_iteration=width is None, **how
            )
            if "logits_to_keep" in inputs:
                inputs["logits_to_keep"] = width or 1
            said = self.model(**inputs, return_dict=True)
            how["past_key_values"] = said.get("past_key_values")
            return said.logits[:, -(width or 1) :].to(torch.float32, copy=True)


def prepared(loaded: Loaded, ids: Any, mask: Any, config: Any, changed: list[Any]) -> Prepared:
    """What `generate` would begin with."""
    from transformers import LogitsProcessorList

    def taken(model: Any, input_ids: Any, logits_processor: Any, **rest: Any) -> Prepared:
        for name in ("stopping_criteria", "generation_config"):
            rest.pop(name)
        return Prepared(model, input_ids, logits_processor, rest)

    quickened(loaded)
    made: Prepared = loaded.model.generate(
        input_ids=ids,
        attention_mask=mask,
        generation_config=config,
        logits_processor=LogitsProcessorList(changed),
        custom_generate=taken,
    )
    return made


def ours(loaded: Loaded, config: Any) -> bool:
    """Whether the model writes by transformers' own loop, and keeps what it has read: then ours says the same."""
    from transformers import GenerationMixin

    kind = type(loaded.model)
    same = all(
        getattr(kind, name, None) is getattr(GenerationMixin, name) for name in ("generate", "_sample")
    )
    # Those turn every token by how long the longest text of a pass is.
    turned = str(getattr(loaded.config.get_text_config(decoder=True), "rope_parameters", None))
    same = same and not any(one in turned for one in ("dynamic", "longrope"))
    return same and config.use_cache is not False and config.cache_implementation in (None, "dynamic")


def plain(cache: Any) -> bool:
    """Whether what is kept is one key and one value per token and layer, so that tokens and rows can be taken out."""
    from transformers.cache_utils import DynamicLayer

    layers: list[Any] = getattr(getattr(cache, "self_attention_cache", cache), "layers", None) or []
    return bool(layers) and all(type(one) is DynamicLayer for one in layers)


def quickened(loaded: Loaded) -> None:
    """As `Loaded.passed` does before its first pass."""
    loaded.quicken()


@contextlib.contextmanager
def decoding(model: Any) -> Iterator[None]:
    """What `generate` switches while it writes."""
    switch = getattr(model, "_optimize_model_for_decode", contextlib.nullcontext)
    with switch():
        yield
