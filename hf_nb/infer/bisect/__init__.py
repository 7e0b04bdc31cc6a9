"""What changed the answer: halving, until one thing is left.

commits("owner/name", "I love it")                          which commit of the model
parameters("owner/name", "…", old={…}, new={…})             which parameters, the fewest that do it
releases("owner/name", "…", "transformers", ["5.1", …])     which release of a library

narrowing       which one, of things in a row; which few, of things together
answers         an answer in short, and when two are alike
among_commits   a model's history: a commit whose files are those of one that was asked is not asked again
tensors         what of its weights another commit changed
among_parameters  among_releases    the same for what stands in the call, and for what is installed
once            one answer in a process of its own
"""

from hf_nb.infer.bisect.among_commits import commits
from hf_nb.infer.bisect.among_parameters import parameters
from hf_nb.infer.bisect.among_releases import releases

__all__ = ["commits", "parameters", "releases"]
