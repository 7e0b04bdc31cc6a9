"""The Hub's words for tasks, libraries and languages."""

# pipeline tag: (as shown, its kind). Tasks no library runs any more stay: the Hub keeps their tags.
TASKS: dict[str, tuple[str, str]] = {
    "any-to-any": ("Any-to-Any", "multimodal"),
    "audio-classification": ("Audio Classification", "audio"),
    "audio-text-to-text": ("Audio-Text-to-Text", "multimodal"),
    "audio-to-audio": ("Audio-to-Audio", "audio"),
    "automatic-speech-recognition": ("Automatic Speech Recognition", "audio"),
    "depth-estimation": ("Depth Estimation", "cv"),
    "document-question-answering": ("Document Question Answering", "multimodal"),
    "visual-document-retrieval": ("Visual Document Retrieval", "multimodal"),
    "feature-extraction": ("Feature Extraction", "nlp"),
    "fill-mask": ("Fill-Mask", "nlp"),
    "graph-ml": ("Graph Machine Learning", "other"),
    "image-classification": ("Image Classification", "cv"),
    "image-feature-extraction": ("Image Feature Extraction", "cv"),
    "image-segmentation": ("Image Segmentation", "cv"),
    "image-text-to-text": ("Image-Text-to-Text", "multimodal"),
    "image-text-to-image": ("Image-Text-to-Image", "multimodal"),
    "image-text-to-video": ("Image-Text-to-Video", "multimodal"),
    "image-to-3d": ("Image-to-3D", "cv"),
    "image-to-image": ("Image-to-Image", "cv"),
    "image-to-text": ("Image-to-Text", "cv"),
    "image-to-video": ("Image-to-Video", "cv"),
    "keypoint-detection": ("Keypoint Detection", "cv"),
    "mask-generation": ("Mask Generation", "cv"),
    "multiple-choice": ("Multiple Choice", "nlp"),
    "object-detection": ("Object Detection", "cv"),
    "question-answering": ("Question Answering", "nlp"),
    "reinforcement-learning": ("Reinforcement Learning", "rl"),
    "robotics": ("Robotics", "rl"),
    "sentence-similarity": ("Sentence Similarity", "nlp"),
    "summarization": ("Summarization", "nlp"),
    "table-question-answering": ("Table Question Answering", "nlp"),
    "table-to-text": ("Table to Text", "nlp"),
    "tabular-classification": ("Tabular Classification", "tabular"),
    "tabular-regression": ("Tabular Regression", "tabular"),
    "tabular-to-text": ("Tabular to Text", "tabular"),
    "text-classification": ("Text Classification", "nlp"),
    "text-generation": ("Text Generation", "nlp"),
    "text-ranking": ("Text Ranking", "nlp"),
    "text-retrieval": ("Text Retrieval", "nlp"),
    "text-to-3d": ("Text-to-3D", "cv"),
    "text-to-audio": ("Text-to-Audio", "audio"),
    "text-to-image": ("Text-to-Image", "cv"),
    "text-to-speech": ("Text-to-Speech", "audio"),
    "text-to-video": ("Text-to-Video", "cv"),
    "text2text-generation": ("Text2Text Generation", "nlp"),
    "time-series-forecasting": ("Time Series Forecasting", "tabular"),
    "token-classification": ("Token Classification", "nlp"),
    "translation": ("Translation", "nlp"),
    "unconditional-image-generation": ("Unconditional Image Generation", "cv"),
    "video-classification": ("Video Classification", "cv"),
    "video-text-to-text": ("Video-Text-to-Text", "multimodal"),
    "video-to-video": ("Video-to-Video", "cv"),
    "visual-question-answering": ("Visual Question Answering", "multimodal"),
    "voice-activity-detection": ("Voice Activity Detection", "audio"),
    "zero-shot-classification": ("Zero-Shot Classification", "nlp"),
    "zero-shot-image-classification": ("Zero-Shot Image Classification", "cv"),
    "zero-shot-object-detection": ("Zero-Shot Object Detection", "cv"),
}

LIBRARIES: dict[str, str] = {
    "pytorch": "PyTorch",
    "tf": "TensorFlow",
    "jax": "JAX",
    "safetensors": "Safetensors",
    "transformers": "Transformers",
    "peft": "PEFT",
    "gguf": "GGUF",
    "diffusers": "Diffusers",
    "stable-baselines3": "stable-baselines3",
    "onnx": "ONNX",
    "sentence-transformers": "sentence-transformers",
    "setfit": "setfit",
    "timm": "timm",
    "adapter-transformers": "Adapters",
    "transformers.js": "Transformers.js",
    "flair": "Flair",
    "keras": "Keras",
    "spacy": "spaCy",
    "espnet": "ESPnet",
    "fastai": "fastai",
    "sklearn": "Scikit-learn",
    "mlx": "MLX",
    "speechbrain": "speechbrain",
    "openvino": "OpenVINO",
    "fasttext": "fastText",
    "joblib": "Joblib",
}

LANGUAGES: dict[str, str] = {
    "ar": "Arabic",
    "bg": "Bulgarian",
    "bn": "Bengali",
    "ca": "Catalan",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "et": "Estonian",
    "fa": "Persian",
    "fi": "Finnish",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "hr": "Croatian",
    "hu": "Hungarian",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "multilingual": "multilingual",
    "nl": "Dutch",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sk": "Slovak",
    "sl": "Slovenian",
    "sv": "Swedish",
    "sw": "Swahili",
    "ta": "Tamil",
    "th": "Thai",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "vi": "Vietnamese",
    "zh": "Chinese",
}

# What the part before a tag's colon says it is.
_MODEL_PREFIXES = {"license": "license", "dataset": "dataset", "region": "region"}
_DATASET_PREFIXES = {
    name: name
    for name in (
        "task_categories",
        "task_ids",
        "language",
        "size_categories",
        "license",
        "format",
        "modality",
        "library",
        "region",
        "benchmark",
    )
}


def describe(type: str, tag: str) -> dict[str, str]:
    """A tag as tags-by-type lists it."""
    start, colon, rest = tag.partition(":")
    kind = (_MODEL_PREFIXES if type == "model" else _DATASET_PREFIXES).get(start) if colon else None
    if kind:
        return {
            "id": tag,
            "label": LANGUAGES.get(rest, rest) if kind == "language" else TASKS.get(rest, (rest, ""))[0],
            "type": kind,
        }
    if type == "model":
        if tag in TASKS:
            return {"id": tag, "label": TASKS[tag][0], "type": "pipeline_tag", "subType": TASKS[tag][1]}
        for known, kind in ((LIBRARIES, "library"), (LANGUAGES, "language")):
            if tag in known:
                return {"id": tag, "label": known[tag], "type": kind}
    return {"id": tag, "label": tag, "type": "other"}
