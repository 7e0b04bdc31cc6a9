"""What the Hub says about a model, from its card, its config and its file names."""

from typing import Any

from hf_nb.offline.derive import card, results
from hf_nb.offline.derive.facts import Facts, Snapshot, unique, words
from hf_nb.offline.derive.gguf import gguf
from hf_nb.offline.derive.weights import safetensors

# The last part of an architecture's name: (auto class, task, processor).
_HEADS: dict[str, tuple[str, str, str]] = {
    "ForSequenceClassification": (
        "AutoModelForSequenceClassification",
        "text-classification",
        "AutoTokenizer",
    ),
    "ForTokenClassification": ("AutoModelForTokenClassification", "token-classification", "AutoTokenizer"),
    "ForQuestionAnswering": ("AutoModelForQuestionAnswering", "question-answering", "AutoTokenizer"),
    "ForMaskedLM": ("AutoModelForMaskedLM", "fill-mask", "AutoTokenizer"),
    "ForCausalLM": ("AutoModelForCausalLM", "text-generation", "AutoTokenizer"),
    "LMHeadModel": ("AutoModelForCausalLM", "text-generation", "AutoTokenizer"),
    "ForConditionalGeneration": ("AutoModelForSeq2SeqLM", "text2text-generation", "AutoTokenizer"),
    "MTModel": ("AutoModelForSeq2SeqLM", "translation", "AutoTokenizer"),
    "ForImageClassification": (
        "AutoModelForImageClassification",
        "image-classification",
        "AutoImageProcessor",
    ),
    "ForObjectDetection": ("AutoModelForObjectDetection", "object-detection", "AutoImageProcessor"),
    "ForSemanticSegmentation": (
        "AutoModelForSemanticSegmentation",
        "image-segmentation",
        "AutoImageProcessor",
    ),
    "ForAudioClassification": (
        "AutoModelForAudioClassification",
        "audio-classification",
        "AutoFeatureExtractor",
    ),
    "ForSpeechSeq2Seq": ("AutoModelForSpeechSeq2Seq", "automatic-speech-recognition", "AutoProcessor"),
    "ForCTC": ("AutoModelForCTC", "automatic-speech-recognition", "AutoProcessor"),
    "Model": ("AutoModel", "feature-extraction", "AutoTokenizer"),
}
_FRAMEWORKS = (
    ("pytorch", (".bin", ".pt", ".pth")),
    ("tf", ("tf_model.h5",)),
    ("jax", ("flax_model.msgpack",)),
    ("onnx", (".onnx",)),
    ("safetensors", (".safetensors",)),
    ("gguf", (".gguf",)),
)
_TOKENS = ("bos_token", "eos_token", "pad_token", "unk_token", "mask_token", "cls_token", "sep_token")
_PREFIXED = (("datasets", "dataset:"), ("license", "license:"))


def model(id: str, files: Snapshot) -> Facts:
    """Everything about a model."""
    text = files.bytes("README.md").decode("utf-8", "replace")
    front = card.metadata(text)
    config = files.json("config.json")
    head = _head(config)
    library = _library(front, files, config)
    weights, one_file = safetensors(files), gguf(files)
    task = next(iter(words(front.get("pipeline_tag"))), None) or _task(library, head)
    bases = words(front.get("base_model"))
    relation = next(iter(words(front.get("base_model_relation"))), None) or _relation(files)
    details: dict[str, Any] = {
        "cardData": front or None,
        "config": _public_config(config, files),
        "transformersInfo": _transformers_info(head, task) if library == "transformers" and head else None,
        "safetensors": weights,
        "gguf": one_file,
        "mask_token": _token(files.json("tokenizer_config.json").get("mask_token")),
        "widgetData": front.get("widget"),
        "model-index": front.get("model-index"),
        "evalResults": results.entries(files) or None,
    }
    return Facts(
        tags=_tags(
            files, front, config, library=library, task=task, text=text, bases=bases, relation=relation
        ),
        pipeline=task,
        library=library,
        parameters=(weights or one_file or {}).get("total"),
        links=[("base", base, relation) for base in bases]
        + [("dataset", name, "") for name in words(front.get("datasets"))],
        details={key: value for key, value in details.items() if value is not None},
    )


def _tags(
    files: Snapshot,
    front: dict[str, Any],
    config: dict[str, Any],
    *,
    library: str | None,
    task: str | None,
    text: str,
    bases: list[str],
    relation: str,
) -> list[str]:
    found = [library or ""]
    found += [name for name, ends in _FRAMEWORKS if any(path.endswith(ends) for path in files.blobs)]
    found += words(config.get("model_type"))
    found += [task or "", *words(front.get("tags"))]
    if task == "text-generation" and _template(files):
        found.append("conversational")
    if "model-index" in front:
        found.append("model-index")
    found += words(front.get("language"))
    for key, prefix in _PREFIXED:
        found += [prefix + word for word in words(front.get(key))]
    found += card.papers(text)
    for base in bases:
        found += [f"base_model:{base}", f"base_model:{relation}:{base}"]
    if library in ("transformers", "sentence-transformers"):
        found.append("endpoints_compatible")
    return unique([*found, "region:us"])


def _head(config: dict[str, Any]) -> tuple[str, str, str] | None:
    name = next(iter(words(config.get("architectures"))), "")
    return next((_HEADS[end] for end in _HEADS if name.endswith(end)), None)


def _task(library: str | None, head: tuple[str, str, str] | None) -> str | None:
    if library == "sentence-transformers":
        return "sentence-similarity"
    return head[1] if library == "transformers" and head else None


def _library(front: dict[str, Any], files: Snapshot, config: dict[str, Any]) -> str | None:
    named = next(iter(words(front.get("library_name"))), None)
    if named:
        return named
    for path, library in (
        ("modules.json", "sentence-transformers"),
        ("model_index.json", "diffusers"),
        ("adapter_config.json", "peft"),
    ):
        if path in files.blobs:
            return library
    return "transformers" if "model_type" in config else None


def _relation(files: Snapshot) -> str:
    if "adapter_config.json" in files.blobs:
        return "adapter"
    return "quantized" if any(path.endswith(".gguf") for path in files.blobs) else "finetune"


def _public_config(config: dict[str, Any], files: Snapshot) -> dict[str, Any] | None:
    found: dict[str, Any] = {
        key: config[key]
        for key in ("architectures", "auto_map", "model_type", "quantization_config")
        if key in config
    }
    tokenizer = files.json("tokenizer_config.json")
    special = {key: word for key in _TOKENS if (word := _token(tokenizer.get(key))) is not None}
    if template := _template(files):
        special["chat_template"] = template
    if config or tokenizer:
        found["tokenizer_config"] = special
    if "peft" in files.json("adapter_config.json"):
        found["peft"] = files.json("adapter_config.json")
    return found or None


def _template(files: Snapshot) -> Any:
    """How it wants a conversation written down, if it knows one at all."""
    written = files.json("tokenizer_config.json").get("chat_template")
    return written or files.bytes("chat_template.jinja").decode("utf-8", "replace")


def _token(value: object) -> str | None:
    """A special token is written as a word or as an object with its content."""
    if isinstance(value, dict):
        value = value.get("content")
    return value if isinstance(value, str) else None


def _transformers_info(head: tuple[str, str, str], task: str | None) -> dict[str, Any]:
    auto, usual, processor = head
    return {"auto_model": auto, "pipeline_tag": task or usual, "processor": processor}
