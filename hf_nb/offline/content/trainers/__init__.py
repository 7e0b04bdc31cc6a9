"""What several recipes share.

networks.py   three small networks as pure functions     loop.py       one training loop (Muon and AdamW)
grammar.py    generated opinions with a grade            sentiment.py  trains a classifier on them
pydoc.py      the standard library's documentation     language.py   trains a Llama on it
digits.py     scikit-learn's digits as pictures        vision.py     trains a ViT on them
tables.py     scikit-learn's tables                    tabular.py    logistic regression as safetensors
"""
