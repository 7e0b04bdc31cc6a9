"""Which classes a text belongs to: those the model knows, or any that are named."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from hf_nb.errors import BadInput, TooLarge
from hf_nb.infer.backends.local.model import Loaded, unfit
from hf_nb.infer.backends.local.passes import Work
from hf_nb.infer.call import Call

TEMPLATE = "This example is {}."
APPLIED = ("softmax", "sigmoid", "none")


def classify(loaded: Loaded, call: Call) -> Work:
    """The model's own classes. A text longer than its window is read in pieces; each counts by its length."""
    own, top = _own(loaded), count(call, "top_k")
    apply, names = _applied(call, own), own.names
    pieces = loaded.reader.pieces(call.input)

    def made(scores: list[Any]) -> tuple[Any, str]:
        mean = weighed(scores, pieces).tolist()
        output = [{"label": names[at], "score": score} for at, score in enumerate(mean)]
        if top is not None:
            output = sorted(output, key=lambda one: -one["score"])[:top]
        return output, split(loaded, len(pieces))

    return Work(
        pieces,
        lambda said, _: apply(said.logits.float()).cpu(),
        lambda scores, at, _: scores[at],
        made,
        alone=own.alone,
    )


def zero_shot(loaded: Loaded, call: Call) -> Work:
    """Any classes: for each, how well the sentence that names it follows from the text."""
    import torch

    labels, text = call.input["candidate_labels"], call.input["text"]
    template = call.params.get("hypothesis_template") or TEMPLATE
    hypotheses = _hypotheses(template, labels)
    entails = _entailment(loaded, call)
    several = bool(call.params.get("multi_label")) or len(labels) == 1
    texts = _premises(loaded, text, hypotheses, call)

    def made(rows: list[Any]) -> tuple[Any, str]:
        logits = torch.stack(rows).reshape(len(texts), len(labels), -1)
        if several:
            against = -1 if entails == 0 else 0
            scores = torch.softmax(logits[..., [against, entails]], dim=-1)[..., 1]
        else:
            scores = torch.softmax(logits[..., entails], dim=-1)
        weights = torch.tensor([float(len(part)) for part in texts])
        mean = (scores * weights[:, None]).sum(dim=0) / weights.sum()
        output = [
            {"label": label, "score": score} for label, score in zip(labels, mean.tolist(), strict=True)
        ]
        return output, split(loaded, len(texts))

    return Work(
        [loaded.reader.plain(part, pair=one) for part in texts for one in hypotheses],
        lambda said, _: said.logits.float().cpu(),
        lambda logits, at, _: logits[at],
        made,
        alone=loaded.config.pad_token_id is None,
    )


def weighed(rows: list[Any], pieces: list[Any]) -> Any:
    """The mean over the pieces of a text, each by its length."""
    if len(rows) == 1:
        return rows[0]
    import torch

    sizes = torch.tensor([float(len(one.ids)) for one in pieces])
    return (torch.stack(rows) * (sizes / sizes.sum())[:, None]).sum(dim=0)


def split(loaded: Loaded, windows: int, how: str = "averaged") -> str:
    """The note about a text that was longer than the window."""
    if windows < 2:
        return ""
    return f"longer than the model's {loaded.window} tokens: read in {windows} pieces, {how}"


def count(call: Call, name: str, default: int | None = None) -> int | None:
    """A parameter that is a number of things."""
    value = call.params.get(name, default)
    if value is None:
        return default
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise BadInput(f"{name} is a whole number from 1 up, not {value!r}.")
    return value


class Own(NamedTuple):
    """What a model's own settings say of its classes."""

    names: Mapping[int, str]
    apply: str
    alone: bool


def _own(loaded: Loaded) -> Own:
    """Looked up once: transformers searches through several layers for each. A model of the kernel may be changed."""
    found: Own | None = loaded.kept.get("classes")
    if found is None or loaded.folder is None:
        config = loaded.config
        kind = config.problem_type
        if kind == "regression":
            apply = "none"
        elif kind == "multi_label_classification" or config.num_labels == 1:
            apply = "sigmoid"
        else:
            apply = "softmax"
        found = loaded.kept["classes"] = Own(config.id2label, apply, config.pad_token_id is None)
    return found


def _applied(call: Call, own: Own) -> Any:
    import torch

    named = call.params.get("function_to_apply")
    if named is not None and named not in APPLIED:
        raise BadInput(f"function_to_apply is {', '.join(APPLIED)}, not {named!r}.")
    named = named or own.apply
    if named == "none":
        return lambda logits: logits
    return torch.sigmoid if named == "sigmoid" else lambda logits: torch.softmax(logits, dim=-1)


def _hypotheses(template: str, labels: list[str]) -> list[str]:
    if not isinstance(template, str) or "{}" not in template:
        raise BadInput("hypothesis_template holds {} where the label goes.", f'For example: "{TEMPLATE}"')
    if len(set(labels)) < len(labels):
        raise BadInput("candidate_labels names a label twice.")
    return [template.replace("{}", label) for label in labels]


def _entailment(loaded: Loaded, call: Call) -> int:
    for label, at in loaded.config.label2id.items():
        if str(label).lower().startswith("entail"):
            return int(at)
    names = ", ".join(str(one) for one in list(loaded.config.id2label.values())[:4])
    raise unfit(loaded.name, call.task, f"it tells {names}, not entailment")


def _premises(loaded: Loaded, text: str, hypotheses: list[str], call: Call) -> list[str]:
    reader = loaded.reader
    longest = max(len(reader.plain("", pair=one).ids) for one in hypotheses)
    whole = len(reader.plain(text, special=False).ids)
    room = loaded.window - longest
    if whole <= room:
        return [text]
    if room < loaded.window // 4:
        raise TooLarge(
            f"A label with its template has {longest} tokens; {loaded.name} reads {loaded.window} at once.",
            "Shorten the labels.",
        )
    reader.need_places(call.task)
    return reader.slices(text, room - 2)  # cut elsewhere, a word may become more tokens
