"""A Hub of one's own: it speaks the real Hub's protocol on 127.0.0.1, from a folder, with no network.

running.start() ── a child process ── server/ (two ports) ── store.py ── hub.sqlite + blobs/
                                                                ▲
content/        recipes of small real repositories ─────────────┘

store.py      everything that writes      blobs.py, lfs.py, trees.py, history.py   files, as git keeps them
schema.py     the tables                  people.py, community.py                  who, and what they say
repos.py      made, renamed, indexed      derive/     metadata worked out from files
search.py     lists in SQL                reading.py  one repository as the API shows it
"""
