"""What the Playground asks (`labextension/src/panels/playground/answers.ts` has the shapes).

forms      tasks, their controls and examples        given     an input as the page writes it, as the engine takes it
placing    who would answer, and who else could      widgets   the examples that a model's card brings
running    a run, told while it goes on              coding    the same in code
"""
