"""Which model to take, under what it has to keep to: ranked, each with its reasons.

choosing   pick(): candidates from the search, what keeps them out, the rest in order
results    what is stated of it, in its card and in its repository's .eval_results
merits     what a model has going for it: stated results, use, speed, age; and the words for it
"""
