"""Will it run here: what a model would take of this machine, before anything of it is downloaded.

judge      fit(): the verb                     reading   a repository's config and the Hub's numbers: 300 KB at most
shapes     the model without its weights       trace     what it does with an input, step by step
replay     how long each step takes here, as `infer.machine` keeps it
scratch    what a step takes while it works, by its kind and shape
reckon     memory and seconds of all of it     tracing   a config becomes a verdict
words      the verdict as a sentence
"""
