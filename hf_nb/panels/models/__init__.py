"""What the Models panel asks (`labextension/src/panels/models/answers.ts` has the shapes).

facets    what may be filtered by                 search    page by page: the Hub's, or what is on this machine
rows      one model in a list                     cached    what is on this machine, with nothing asked
choices   what fits a task, for a box to type in
here      where models stand on this machine      details   one model, its card, how to try it
pulling   a download, watched and stopped         running   a model tried, its answer while it comes
example   a text to try it with, the code of that
"""
