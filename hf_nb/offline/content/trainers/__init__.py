"""What several recipes share.

networks.py   three small networks as pure functions     loop.py       one training loop (Muon and AdamW)
grammar.py    generated opinions with a grade            sentiment.py  trains a classifier on them
pydoc.py      the standard library's documentation     language.py   trains a Llama on it
digits.py     scikit-learn's digits as pictures        vision.py     trains a ViT on them
tables.py     scikit-learn's tables                    tabular.py    logistic regression as safetensors
topics.py     sentences by topic                       modules.py    one training loop for transformers' own classes
entities.py   sentences with names                     tagging.py    trains a tagger on them
answers.py    passages with questions                  reading.py    trains a model that points at answers
rewriting.py  small jobs on words and numbers          sequences.py  trains an encoder-decoder on these three
translation.py  English and French sentences           notes.py      notes and their summaries
encoder.py    a ModernBERT's body                      masked.py     fills masks in documentation
bert.py       a BERT's body                            scenes.py, entailment.py   pairs of sentences, and what follows
adapter.py    LoRA by hand                             similar.py    vectors of sentences
wordpieces.py a tokenizer from texts                   talk.py       messages, and the chat template
conversations.py  generated conversations              chatting.py   trains a Llama on them
sheets.py     tables and questions             tapas.py      trains a TAPAS on them
"""
