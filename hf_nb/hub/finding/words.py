"""The words a search understands, and what each means to the Hub.

    number("7B")  bytes_of("5GB")  size_class("1k-10k")      amounts
    task  category  domain  language  licence  modality      one word of a list
    file_format  status  hardware  sort                      the same

An unknown word is refused with the nearest known ones, before anything is asked.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping

from hf_nb import tasks
from hf_nb.errors import BadInput

# As many words as a refusal lists.
_FEW = 20
_POWERS = {"": 0, "k": 3, "m": 6, "b": 9, "g": 9, "t": 12}
_AMOUNT = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(?:e(\d{1,2}))?\s*([kmbgt]?)", re.IGNORECASE)
_BYTES = re.compile(r"(\d+(?:\.\d*)?|\.\d+)\s*([kmgt]?)(i?)b?", re.IGNORECASE)

# The Hub's classes of datasets by their number of rows, smallest first.
SIZE_CLASSES = (
    "n<1K 1K<n<10K 10K<n<100K 100K<n<1M 1M<n<10M 10M<n<100M 100M<n<1B 1B<n<10B 10B<n<100B 100B<n<1T n>1T"
).split()
MODALITIES = "3d audio document geospatial image tabular text timeseries video".split()
FILE_FORMATS = (
    "agent-traces arrow audiofolder csv documentfolder imagefolder json lance optimized-parquet parquet text "
    "webdataset"
).split()
# What people call a field: the tag the Hub has for it.
DOMAINS: dict[str, str] = {
    "agent": "agent", "art": "art", "biology": "biology", "chemistry": "chemistry", "climate": "climate",
    "code": "code", "finance": "finance", "legal": "legal", "medical": "medical", "music": "music",
    "biological": "biology", "chemical": "chemistry", "financial": "finance", "health": "medical",
    "healthcare": "medical", "law": "legal", "medicine": "medical", "programming": "code", "software": "code",
}  # fmt: skip
# A Space's runtime stages, in the words people use.
STATUSES: dict[str, tuple[str, ...]] = {
    "running": ("RUNNING", "RUNNING_BUILDING", "RUNNING_APP_STARTING"),
    "building": ("BUILDING", "APP_STARTING"),
    "sleeping": ("SLEEPING",),
    "paused": ("PAUSED",),
    "stopped": ("STOPPED", "DELETING"),
    "error": ("BUILD_ERROR", "CONFIG_ERROR", "RUNTIME_ERROR", "NO_APP_FILE"),
}
SDKS = ("gradio", "streamlit", "docker", "static")
# The Hub's groups of tasks, as its own filter shows them.
CATEGORIES: dict[str, tuple[str, ...]] = {
    "multimodal": tuple(
        "any-to-any audio-text-to-text document-question-answering image-text-to-image image-text-to-text "
        "image-text-to-video video-text-to-text visual-document-retrieval visual-question-answering".split()
    ),
    "vision": tuple(
        "depth-estimation image-classification image-feature-extraction image-segmentation image-to-3d "
        "image-to-image image-to-text image-to-video keypoint-detection mask-generation object-detection "
        "text-to-3d text-to-image text-to-video unconditional-image-generation video-classification "
        "video-to-video zero-shot-image-classification zero-shot-object-detection".split()
    ),
    "nlp": tuple(
        "feature-extraction fill-mask multiple-choice question-answering sentence-similarity summarization "
        "table-question-answering table-to-text text-classification text-generation text-ranking "
        "text-retrieval text2text-generation token-classification translation "
        "zero-shot-classification".split()
    ),
    "audio": tuple(
        "audio-classification audio-to-audio automatic-speech-recognition text-to-audio text-to-speech "
        "voice-activity-detection".split()
    ),
    "tabular": tuple(
        "tabular-classification tabular-regression tabular-to-text time-series-forecasting".split()
    ),
    "reinforcement-learning": ("reinforcement-learning", "robotics"),
    "other": ("graph-ml", "other"),
}
LICENCES = (
    "afl-3.0 agpl-3.0 apache-2.0 apple-amlr apple-ascl artistic-2.0 bigcode-openrail-m bigscience-bloom-rail-1.0 "
    "bigscience-openrail-m bsd bsd-2-clause bsd-3-clause bsd-3-clause-clear bsl-1.0 c-uda cc cc-by-2.0 cc-by-2.5 "
    "cc-by-3.0 cc-by-4.0 cc-by-nc-2.0 cc-by-nc-3.0 cc-by-nc-4.0 cc-by-nc-nd-3.0 cc-by-nc-nd-4.0 cc-by-nc-sa-2.0 "
    "cc-by-nc-sa-3.0 cc-by-nc-sa-4.0 cc-by-nd-4.0 cc-by-sa-3.0 cc-by-sa-4.0 cc0-1.0 cdla-permissive-1.0 "
    "cdla-permissive-2.0 cdla-sharing-1.0 creativeml-openrail-m deepfloyd-if-license ecl-2.0 epl-1.0 epl-2.0 "
    "etalab-2.0 eupl-1.1 eupl-1.2 fair-noncommercial-research-license gemma gfdl gpl gpl-2.0 gpl-3.0 "
    "h-research intel-research isc lgpl lgpl-2.1 lgpl-3.0 lgpl-lr llama2 llama3 llama3.1 llama3.2 llama3.3 "
    "llama4 lppl-1.3c mit mpl-2.0 ms-pl ncsa odbl odc-by ofl-1.1 open-mdw openmdw-1.0 openrail openrail++ osl-3.0 "
    "other pddl postgresql unknown unlicense wtfpl zlib"
).split()
LANGUAGE_NAMES: dict[str, str] = {
    "afrikaans": "af", "albanian": "sq", "amharic": "am", "arabic": "ar", "armenian": "hy", "basque": "eu",
    "belarusian": "be", "bengali": "bn", "bosnian": "bs", "breton": "br", "bulgarian": "bg", "burmese": "my",
    "catalan": "ca", "chinese": "zh", "croatian": "hr", "czech": "cs", "danish": "da", "dutch": "nl",
    "english": "en", "esperanto": "eo", "estonian": "et", "finnish": "fi", "french": "fr", "galician": "gl",
    "georgian": "ka", "german": "de", "greek": "el", "gujarati": "gu", "hausa": "ha", "hebrew": "he",
    "hindi": "hi", "hungarian": "hu", "icelandic": "is", "igbo": "ig", "indonesian": "id", "irish": "ga",
    "italian": "it", "japanese": "ja", "javanese": "jv", "kannada": "kn", "kazakh": "kk", "khmer": "km",
    "korean": "ko", "kurdish": "ku", "lao": "lo", "latin": "la", "latvian": "lv", "lithuanian": "lt",
    "luxembourgish": "lb", "macedonian": "mk", "malay": "ms", "malayalam": "ml", "maltese": "mt",
    "marathi": "mr", "mongolian": "mn", "nepali": "ne", "norwegian": "no", "pashto": "ps", "persian": "fa",
    "polish": "pl", "portuguese": "pt", "punjabi": "pa", "romanian": "ro", "russian": "ru", "sanskrit": "sa",
    "serbian": "sr", "sinhala": "si", "slovak": "sk", "slovenian": "sl", "somali": "so", "spanish": "es",
    "swahili": "sw", "swedish": "sv", "tamil": "ta", "telugu": "te", "thai": "th", "tibetan": "bo",
    "turkish": "tr", "ukrainian": "uk", "urdu": "ur", "uzbek": "uz", "vietnamese": "vi", "welsh": "cy",
    "yoruba": "yo", "zulu": "zu",
    "deutsch": "de", "español": "es", "espanol": "es", "français": "fr", "francais": "fr", "italiano": "it",
    "nederlands": "nl", "português": "pt", "portugues": "pt", "svenska": "sv", "türkçe": "tr",
}  # fmt: skip


def number(value: int | str | None, name: str) -> int | None:
    """7B, 350M, 1.5k, 2e9, 1_000 as a number."""
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0):
        return value
    found = _AMOUNT.fullmatch(_digits(value))
    if found is None:
        raise BadInput(f"{name} cannot be {value!r}.", "Write 7B, 350M, 1.5k or a whole number.")
    return _scaled(found[1], int(found[2] or 0) + _POWERS[found[3].lower()])


def bytes_of(value: int | str | None, name: str) -> int | None:
    """5GB, 500 MB, 1GiB as bytes; thousands as the Hub counts them, unless there is an i."""
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0):
        return value
    found = _BYTES.fullmatch(_digits(value))
    if found is None:
        raise BadInput(f"{name} cannot be {value!r}.", "Write 5GB, 500MB or a number of bytes.")
    power = _POWERS[found[2].lower()]
    return int(float(found[1]) * 1024 ** (power // 3)) if found[3] else _scaled(found[1], power)


def range_of(value: str, name: str) -> tuple[int | None, int | None]:
    """`min:6B,max:128B`, the official way of saying both ends at once."""
    ends: dict[str, int | None] = {}
    for piece in value.split(","):
        end, colon, amount = piece.strip().partition(":")
        if not colon or end not in ("min", "max"):
            raise BadInput(f"{name} cannot be {value!r}.", "Write min:6B,max:128B, or one of the two.")
        ends[end] = number(amount, name)
    return ends.get("min"), ends.get("max")


def size_class(value: str) -> str:
    """1K<n<10K, also written 1k-10k, <1K or >1T (a shell takes < and > for itself)."""
    known = {_bare(one): one for one in SIZE_CLASSES}
    found = known.get(_bare(value))
    if found is None:
        raise BadInput(
            f"The Hub has no size class {value!r}.", "Classes: <1k, 1k-10k, 10k-100k, 100k-1m, … 100b-1t, >1t"
        )
    return found


def task(value: str) -> str:
    """A task of the Hub."""
    hub = tasks.HUB_TASKS
    same = {other: one.name for one in tasks.TASKS.values() if one.name in hub for other in one.also}
    return _known(value, hub, "task", same)


def category(value: str) -> str:
    """A group of tasks."""
    same = {
        "cv": "vision",
        "image": "vision",
        "text": "nlp",
        "speech": "audio",
        "rl": "reinforcement-learning",
    }
    return _known(value, CATEGORIES, "category of tasks", same)


def domain(value: str) -> str:
    """The tag of a field: medical, legal, finance."""
    return _known(value, dict.fromkeys(DOMAINS.values()), "domain", DOMAINS, other="--tag WORD takes any tag")


def language(value: str) -> str:
    """A code; names of larger languages are understood, and three letters stand for the rest of ISO 639."""
    word = _fold(value)
    if re.fullmatch(r"[a-z]{3}(-[a-z]{4})?|[a-z]{2}-[a-z]{2,4}", word):
        return word
    return _known(value, tasks.LANGUAGES, "language", LANGUAGE_NAMES, other="Codes are like en, fr, zh, swh")


def licence(value: str) -> str:
    """A licence as the Hub spells it."""
    word = _fold(value.removeprefix("license:"))
    same = {"apache": "apache-2.0", "apache2": "apache-2.0", "apache-2": "apache-2.0", "cc0": "cc0-1.0"}
    other = f"--tag license:{word} takes any other"
    return _known(word, LICENCES, "licence", same, other=other)


def modality(value: str) -> str:
    """What a dataset is made of."""
    same = {"images": "image", "time-series": "timeseries", "table": "tabular", "speech": "audio"}
    return _known(value, MODALITIES, "modality", same)


def file_format(value: str) -> str:
    """What a dataset's files are."""
    same = {"jsonl": "json", "txt": "text", "tsv": "csv", "images": "imagefolder", "audio": "audiofolder"}
    return _known(value, FILE_FORMATS, "format of datasets", same)


def library(value: str) -> str:
    """A library's tag; the Hub's list of them is open, so any word passes."""
    same = {
        "scikit-learn": "sklearn",
        "tensorflow": "tf",
        "torch": "pytorch",
        "stable-baselines": "stable-baselines3",
    }
    return same.get(_fold(value), value.strip())


def sdk(value: str) -> str:
    """What a Space is made with."""
    return _known(value, SDKS, "SDK of Spaces")


def status(value: str) -> tuple[str, ...]:
    """The runtime stages a word stands for; a stage's own name stands for itself."""
    stages = {stage.lower(): (stage,) for stage in {one for some in STATUSES.values() for one in some}}
    same = {"broken": "error", "failed": "error", "asleep": "sleeping", "starting": "building"}
    word = _known(value, {**STATUSES, **stages}, "status of Spaces", same, shown=STATUSES)
    return STATUSES.get(word) or stages[word]


def hardware(value: str) -> tuple[str, ...]:
    """The flavours a word stands for: t4-small itself, t4 both, gpu all but the CPUs.

    New ones keep coming, so a word that is like none of those known may be one.
    """
    from huggingface_hub import SpaceHardware

    flavours = [flavour.value for flavour in SpaceHardware]
    word = _fold(value)
    if word in flavours:
        return (word,)
    if word == "gpu":
        return tuple(one for one in flavours if not one.startswith("cpu"))
    family = tuple(one for one in flavours if re.match(rf"{re.escape(word)}(x\d|-)", one))
    if family or not difflib.get_close_matches(word, flavours, n=1):
        return family or (word,)
    return (_known(value, flavours, "hardware of Spaces"),)


def sort(value: str, sorts: Mapping[str, str]) -> tuple[str, bool]:
    """A sort and whether it goes upward; `hf`'s own spellings and `:asc` are understood."""
    same = {"last_modified": "updated", "created_at": "created", "trending_score": "trending"}
    word, _, direction = value.strip().lower().partition(":")
    found = next((one for one in (same.get(word, word), word) if one in sorts), None)
    if found is None or direction not in ("", "asc", "desc"):
        nearest = difflib.get_close_matches(word, [*sorts, *same], n=1)
        raise BadInput(
            f"Cannot sort by {value!r}.{f' Nearest: {same.get(nearest[0], nearest[0])}.' if nearest else ''}",
            f"Sorts: {', '.join(sorts)}; the other way round: created:asc",
        )
    return found, direction == "asc"


def _known(
    value: str,
    known: Iterable[str],
    what: str,
    same: Mapping[str, str] | None = None,
    *,
    other: str = "",
    shown: Iterable[str] | None = None,
) -> str:
    """The word as the Hub spells it, or a refusal with the nearest ones."""
    spelled = {_fold(word): meant for word, meant in (same or {}).items()} | {
        _fold(one): one for one in known
    }
    found = spelled.get(_fold(value))
    if found is not None:
        return found
    close = difflib.get_close_matches(_fold(value), spelled, n=3, cutoff=0.6)
    listed = list(shown if shown is not None else dict.fromkeys(spelled.values()))
    step = ""
    if close:
        step = f"Nearest: {', '.join(dict.fromkeys(spelled[one] for one in close))}"
    elif len(listed) <= _FEW or not other:
        step = f"Known: {', '.join(listed[:_FEW])}{' …' if len(listed) > _FEW else ''}"
    raise BadInput(f"The Hub has no {what} {value!r}.", ". ".join(part for part in (step, other) if part))


def _fold(word: str) -> str:
    return re.sub(r"[\s_]+", "-", word.strip().lower())


def _bare(size: str) -> str:
    """1K<n<10K, 1k-10k and 1k – 10k are 1k-10k; n<1K and <1k are <1k."""
    plain = re.sub(r"\s", "", size.lower()).replace("<n<", "-").replace("–", "-")
    return re.sub(r"^n(?=[<>])", "", plain)


def _digits(value: object) -> str:
    return str(value).strip().replace(",", "").replace("_", "")


def _scaled(digits: str, power: int) -> int:
    whole, _, part = digits.partition(".")
    return int(f"{whole or 0}{part[:power].ljust(power, '0')}")
