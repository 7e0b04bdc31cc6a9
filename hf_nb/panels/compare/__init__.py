"""What the Compare panel asks (`labextension/src/panels/compare/answers.ts` has the shapes).

meant     contenders as a page says them          answers   one answer and its figures, as a column shows it
live      all of them on one input, as it comes   running   what runs, stopped from another request
voting    a pair without names, a vote, a tally   book      votes, a line each in a file
given     where many rows come from               study     a run over them, at work or done
rows      its progress, pairs to vote on          judged    the sentence, figures, the points of the picture
table     its rows and slices                     taking    into the notebook, into files
coding    the same in a cell and in Python
"""
