"""Tables into files, and to the Hub: streamed, whole or not at all.

save("owner/name", "out.parquet", where="score > 0.5")     Parquet, CSV, JSONL or Arrow, by its ending
push(frame, "me/reviews")                                  one commit: Parquet with a page index, a card with the schema

batches     a source in pieces of a few megabytes      parquet csv jsonl arrow     how each is written
"""

from hf_nb.data.saving.file import save
from hf_nb.data.saving.sending import push

__all__ = ["push", "save"]
