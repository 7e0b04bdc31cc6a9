"""The inference router: what https://router.huggingface.co answers, below /router of the first origin.

folders    a repository's files as a folder, for that process to read
flow       an answer on its way: asked for in the loop, and ended when the caller goes away
models     who is served, by whom, for how much
"""
