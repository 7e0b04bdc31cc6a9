"""What is wrong with a table before one trains on it, and the table made ready.

Everything streams, and nothing is sampled without saying so.

balance(what, column)              its classes, and how uneven they are
duplicates(what)                   rows that stand there twice, or nearly
leakage(what)                      rows of one split in another
tokens(what, column, tokenizer=…)  how long its texts are for a model
languages(what)                    which languages they are in
personal(what)                     addresses, numbers and keys that belong to somebody; never shown whole
prepare(what, to=…, filter=…)      the table made ready, as Parquet; broken off, it goes on

walking    a table, a few thousand rows at a time        texts    what of a row is text      columns  which are compared
shingles   texts as numbers that say how alike they are  alike    candidates, and which of them are
pieces     a tokenizer                                                                     steps splits journal shards
"""
