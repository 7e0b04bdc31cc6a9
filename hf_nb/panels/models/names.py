"""Tasks, libraries and languages as people call them."""

from __future__ import annotations

from hf_nb.hub.finding import words

CATEGORIES: dict[str, str] = {
    "multimodal": "Multimodal",
    "vision": "Images and video",
    "nlp": "Text",
    "audio": "Audio",
    "tabular": "Tables",
    "reinforcement-learning": "Reinforcement learning",
    "other": "Other",
}
# Where the Hub's word with spaces is not what one says.
_TASKS: dict[str, str] = {
    "automatic-speech-recognition": "Speech recognition",
    "any-to-any": "Any to any",
    "feature-extraction": "Embeddings",
    "fill-mask": "Fill in the gap",
    "graph-ml": "Graphs",
    "image-to-3d": "Image to 3D",
    "text-to-3d": "Text to 3D",
    "text2text-generation": "Text to text",
    "time-series-forecasting": "Time series",
    "token-classification": "Entities in text",
    "zero-shot-classification": "Zero-shot classification",
}
LIBRARIES: dict[str, str] = {
    "transformers": "Transformers",
    "sentence-transformers": "Sentence Transformers",
    "diffusers": "Diffusers",
    "gguf": "GGUF",
    "onnx": "ONNX",
    "safetensors": "Safetensors",
    "transformers.js": "Transformers.js",
    "peft": "PEFT",
    "timm": "timm",
    "mlx": "MLX",
    "pytorch": "PyTorch",
    "tf": "TensorFlow",
    "jax": "JAX",
    "keras": "Keras",
    "sklearn": "scikit-learn",
    "spacy": "spaCy",
    "flair": "Flair",
    "nemo": "NeMo",
    "speechbrain": "SpeechBrain",
    "espnet": "ESPnet",
    "open_clip": "OpenCLIP",
    "ultralytics": "Ultralytics",
    "setfit": "SetFit",
    "gliner": "GLiNER",
    "fastai": "fastai",
    "fasttext": "fastText",
    "stable-baselines3": "Stable-Baselines3",
    "lerobot": "LeRobot",
}
_LANGUAGES: dict[str, str] = {}
for _name, _code in words.LANGUAGE_NAMES.items():
    _LANGUAGES.setdefault(_code, _name.capitalize())


def task(name: str) -> str:
    """text-classification is Text classification."""
    return _TASKS.get(name) or name.replace("-", " ").capitalize()


def language(code: str) -> str:
    """The name of a code: French; a code nobody has a name for stays one."""
    return _LANGUAGES.get(code, code)
