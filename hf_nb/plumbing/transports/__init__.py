"""Wrappers around one verb, `handle_request`; `plumbing/http.py` composes them."""
