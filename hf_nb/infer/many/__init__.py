"""Thousands of inputs through one model, or several places that have it: each row an answer, or why there is none.

batch (the verb)   inputs (lists, columns, tables, files, anything that can be walked through)   rows (checked, alike)
choice             who may answer, equals first
line               rows that wait; whoever is free takes the next ones
places             one place and how it does: its pace, its pauses, when it is out
answering          a group of rows at one place: together, or one by one
hands              the threads that take rows and tell what became of them
work   made        all of it at once: reads, writes down, counts   what has become of the rows so far
journal            what is finished, on disk as it comes: a killed kernel goes on from there
answers            an answer in short: in memory, and in a line of the journal
"""
