"""The offline Hub's own content-addressed storage, as Xet clients upload to it.

    hashes    Xet's names: keyed BLAKE3, trees of them, and how they are written
    xorb      many chunks in one body: reading it, checking it against its name
    shard     which chunks of which xorbs make up a file
    cas       xorbs on disk; files put together from them become ordinary LFS contents

A client cuts its files into chunks, sends those it believes are new in xorbs, then a shard for the files. Nothing of
this is seen by those who download: a file is whole under its sha256 before any commit can name it.
"""
