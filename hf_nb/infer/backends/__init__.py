"""Where a call can be answered. One line each; imported when first asked."""

BACKENDS: dict[str, str] = {
    "local": "hf_nb.infer.backends.local:Local",
}
