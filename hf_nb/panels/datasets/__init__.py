"""What the Datasets panel asks (`labextension/src/panels/datasets/answers.ts` has the shapes).

facets    what may be filtered by                 search    page by page: the Hub's, or what is on this machine
rows      one dataset in a list                   cached    what is on this machine, with nothing asked
here      where datasets stand on this machine    details   one dataset: its card, files, configurations
pulling   a download, watched and stopped
"""
