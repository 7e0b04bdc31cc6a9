"""Models of one's own, wherever an id stands.

objects    what the kernel holds: a model, (model, tokenizer), a Pipeline, a SentenceTransformer
folders    what lies on the disk: a model, a checkpoint, an adapter; and what is wrong with it
digest     what stands for the commit of such a model, so that an answer is known to be of these weights
trust      a repository's own code, refused unless it is named with its commit
"""
