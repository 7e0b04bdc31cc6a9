"""`python -m hf_nb`: the same as `hf-nb`."""

from hf_nb.terminal import main

main()
