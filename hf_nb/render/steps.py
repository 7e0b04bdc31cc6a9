"""What one would do next with a repository: a line to run."""

from hf_nb.values import RepoInfo

_WEIGHTS = {
    "model.safetensors",
    "model.safetensors.index.json",
}  # what `infer` loads; an adapter's are not among them
_PICKLES = (".bin", ".pkl", ".pickle", ".pt", ".pth", ".ckpt")


def following(repo: RepoInfo) -> str:
    """The last line of an output."""
    names = {file.path for file in repo.files}
    match repo.kind:
        case "model" if repo.access and repo.access.granted is False:
            return "Once you have access, log in: %hf login"
        case "model" if not _safe(names) and any(name.endswith(_PICKLES) for name in names):
            return (
                "Its weights are pickles, which can run code when they are loaded: nothing here loads them."
            )
        case "model" if repo.task == "text-classification" and _WEIGHTS & names:
            return f'Try it: %hf infer -m {repo.id} "some text"'
        case "model":
            return _in_python(repo) or f"Download it: %hf pull {repo.id}"
        case "dataset":
            subset = f", {repo.subsets[0].name!r}" if len(repo.subsets) > 1 else ""
            return f"In Python: datasets.load_dataset({repo.id!r}{subset})"
        case _:
            return (
                f"More: %hf search spaces --author {repo.author}"
                if repo.author
                else "More: %hf search spaces"
            )


def ask(repo: RepoInfo) -> str:
    """How to get in."""
    return f"%hf access {repo.full} --ask"


def _in_python(repo: RepoInfo) -> str:
    gguf = next((one.paths[0] for one in repo.weights if one.format == "GGUF"), None)
    match repo.library:
        case "sentence-transformers":
            return f"In Python: SentenceTransformer({repo.id!r})"
        case "peft" if repo.base_models:
            base = f"AutoModel.from_pretrained({repo.base_models[0]!r})"
            return f"In Python: PeftModel.from_pretrained({base}, {repo.id!r})"
        case "transformers":
            return f"In Python: from_pretrained({repo.id!r})"
    return f"In Python: from_pretrained({repo.id!r}, gguf_file={gguf!r})" if gguf else ""


def _safe(names: set[str]) -> bool:
    return any(name.endswith((".safetensors", ".safetensors.index.json", ".gguf", ".onnx")) for name in names)
