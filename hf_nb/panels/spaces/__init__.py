"""What the Spaces panel asks (`labextension/src/panels/spaces/answers.ts` has the shapes).

search    page by page, and what may be filtered by     details   one Space: its card, why it does not run
stages    the Hub's stages in seven words               states    how Spaces stand now, asked for as seldom as can be
watch     news of some, as long as somebody looks       restart   one started anew, followed until it rests
owner     which of them the token in use may restart    rows      one Space in a list
"""
