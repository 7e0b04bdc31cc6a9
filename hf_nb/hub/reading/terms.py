"""Every licence the Hub has an id for, in one plain sentence each. A help to read by, not legal advice.

An id the Hub calls `other` may carry a `license_name`; the well-known ones among those are here too.
"""

from typing import NamedTuple

from hf_nb.values.licence import Sort


class Terms(NamedTuple):
    """What is allowed: None where it depends on a text somebody has to read."""

    sort: Sort
    sentence: str
    commercial: bool | None = True
    changes: bool | None = True
    share_alike: bool | None = False
    attribution: bool | None = True


class Entry(NamedTuple):
    """One id of the Hub."""

    name: str
    terms: Terms


NOTICE = Terms("open", "Use, change and sell it freely; keep its copyright notice.")
APACHE = Terms("open", "Use, change and sell it freely; keep its notices and say what you changed.")
NAMED = Terms("open", "Use, change and sell it freely; name the author and say what you changed.")
NOTHING = Terms("open", "Do with it whatever you like; nothing is asked in return.", attribution=False)
RENAMED = Terms("open", "Use, change and sell it freely; a changed version must say so or take another name.")
COPYLEFT = Terms(
    "conditions",
    "Use, change and sell it; whoever gets a copy or something built on it gets its source under the same licence.",
    share_alike=True,
)
NETWORK = Terms(
    "conditions",
    "Use, change and sell it; whoever gets a copy, or uses it over a network, gets its source under the same licence.",
    share_alike=True,
)
WEAK = Terms(
    "conditions",
    "Use, change and sell it, also inside closed work; changes to its own parts stay under this licence.",
    share_alike=True,
)
SHARED = Terms(
    "conditions",
    "Use, change and sell it; name the author, and share what you change under the same licence.",
    share_alike=True,
)
UNCHANGED = Terms(
    "conditions",
    "Use and sell it unchanged, naming the author; changed versions may not be shared.",
    changes=False,
)
RAIL = Terms(
    "conditions",
    "Use, change and sell it, except for the uses its list forbids; hand that list on with every copy.",
)
FONT = Terms(
    "conditions",
    "Use and change it, also commercially; it may not be sold by itself, and changed fonts keep this licence.",
    share_alike=True,
)
COMPUTE = Terms(
    "conditions",
    "Compute with the data freely, also commercially; hand the data on only under the same agreement.",
    share_alike=True,
)
NC = Terms("non-commercial", "Use and change it, naming the author, but not commercially.", commercial=False)
NC_SHARED = NC._replace(
    sentence="Use and change it, naming the author, but not commercially; share changes under the same licence.",
    share_alike=True,
)
NC_UNCHANGED = NC._replace(
    sentence="Use it unchanged, naming the author, but not commercially; changed versions may not be shared.",
    changes=False,
)
RESEARCH = NC._replace(
    sentence="For research only, not commercially; read its text before you pass anything on.", changes=None
)
LLAMA = Terms(
    "custom",
    "Use and change it, also commercially, below 700 million monthly users; name Llama and follow Meta's list of "
    "forbidden uses.",
)
GEMMA = Terms(
    "custom",
    "Use and change it, also commercially, within Google's list of forbidden uses; hand its terms on with every copy.",
)
GROK = Terms(
    "custom",
    "Use it for research, and commercially up to a yearly revenue it names; do not train other models with it.",
    commercial=None,
)
FAMILY = "one of several licences, and the card does not say which"
UNSURE = Terms(
    "unknown", f"It is {FAMILY}: look before you use it commercially or change it.", None, None, None, None
)
NONE_SAID = Terms(
    "unknown",
    "No licence is stated, so nothing beyond looking is granted: ask the author.",
    None,
    None,
    None,
    None,
)
OWN = Terms(
    "custom", "Its author wrote terms of their own: read them before you use it.", None, None, None, None
)

TERMS: dict[str, Entry] = {
    "apache-2.0": Entry("Apache License 2.0", APACHE),
    "mit": Entry("MIT License", NOTICE),
    "openrail": Entry("OpenRAIL licence family", RAIL),
    "openrail++": Entry("Open RAIL++-M", RAIL),
    "bigscience-openrail-m": Entry("BigScience OpenRAIL-M", RAIL),
    "creativeml-openrail-m": Entry("CreativeML OpenRAIL-M", RAIL),
    "bigscience-bloom-rail-1.0": Entry("BigScience BLOOM RAIL 1.0", RAIL),
    "bigcode-openrail-m": Entry("BigCode Open RAIL-M v1", RAIL),
    "afl-3.0": Entry("Academic Free License 3.0", APACHE),
    "artistic-2.0": Entry("Artistic License 2.0", RENAMED),
    "bsl-1.0": Entry("Boost Software License 1.0", NOTICE),
    "bsd": Entry("BSD licence family", NOTICE),
    "bsd-2-clause": Entry('BSD 2-Clause "Simplified"', NOTICE),
    "bsd-3-clause": Entry('BSD 3-Clause "New"', NOTICE),
    "bsd-3-clause-clear": Entry("BSD 3-Clause Clear", NOTICE),
    "c-uda": Entry("Computational Use of Data Agreement", COMPUTE),
    "cc": Entry("Creative Commons licence family", UNSURE),
    "cc0-1.0": Entry("Creative Commons Zero 1.0", NOTHING),
    "cc-by-2.0": Entry("Creative Commons Attribution 2.0", NAMED),
    "cc-by-2.5": Entry("Creative Commons Attribution 2.5", NAMED),
    "cc-by-3.0": Entry("Creative Commons Attribution 3.0", NAMED),
    "cc-by-4.0": Entry("Creative Commons Attribution 4.0", NAMED),
    "cc-by-sa-3.0": Entry("Creative Commons Attribution Share-Alike 3.0", SHARED),
    "cc-by-sa-4.0": Entry("Creative Commons Attribution Share-Alike 4.0", SHARED),
    "cc-by-nc-2.0": Entry("Creative Commons Attribution Non-Commercial 2.0", NC),
    "cc-by-nc-3.0": Entry("Creative Commons Attribution Non-Commercial 3.0", NC),
    "cc-by-nc-4.0": Entry("Creative Commons Attribution Non-Commercial 4.0", NC),
    "cc-by-nd-4.0": Entry("Creative Commons Attribution No-Derivatives 4.0", UNCHANGED),
    "cc-by-nc-nd-3.0": Entry("Creative Commons Attribution Non-Commercial No-Derivatives 3.0", NC_UNCHANGED),
    "cc-by-nc-nd-4.0": Entry("Creative Commons Attribution Non-Commercial No-Derivatives 4.0", NC_UNCHANGED),
    "cc-by-nc-sa-2.0": Entry("Creative Commons Attribution Non-Commercial Share-Alike 2.0", NC_SHARED),
    "cc-by-nc-sa-3.0": Entry("Creative Commons Attribution Non-Commercial Share-Alike 3.0", NC_SHARED),
    "cc-by-nc-sa-4.0": Entry("Creative Commons Attribution Non-Commercial Share-Alike 4.0", NC_SHARED),
    "cdla-sharing-1.0": Entry("Community Data License Agreement Sharing 1.0", SHARED),
    "cdla-permissive-1.0": Entry("Community Data License Agreement Permissive 1.0", NOTICE),
    "cdla-permissive-2.0": Entry("Community Data License Agreement Permissive 2.0", NOTICE),
    "wtfpl": Entry("Do What The F*ck You Want To Public License", NOTHING),
    "ecl-2.0": Entry("Educational Community License 2.0", APACHE),
    "epl-1.0": Entry("Eclipse Public License 1.0", WEAK),
    "epl-2.0": Entry("Eclipse Public License 2.0", WEAK),
    "etalab-2.0": Entry("Etalab Open License 2.0", NAMED),
    "eupl-1.1": Entry("European Union Public License 1.1", COPYLEFT),
    "eupl-1.2": Entry("European Union Public License 1.2", NETWORK),
    "agpl-3.0": Entry("GNU Affero General Public License 3.0", NETWORK),
    "gfdl": Entry("GNU Free Documentation License", COPYLEFT),
    "gpl": Entry("GNU General Public License family", COPYLEFT),
    "gpl-2.0": Entry("GNU General Public License 2.0", COPYLEFT),
    "gpl-3.0": Entry("GNU General Public License 3.0", COPYLEFT),
    "lgpl": Entry("GNU Lesser General Public License family", WEAK),
    "lgpl-2.1": Entry("GNU Lesser General Public License 2.1", WEAK),
    "lgpl-3.0": Entry("GNU Lesser General Public License 3.0", WEAK),
    "lgpl-lr": Entry("Lesser General Public License For Linguistic Resources", WEAK),
    "isc": Entry("ISC License", NOTICE),
    "h-research": Entry("H Research License", RESEARCH),
    "intel-research": Entry("Intel Research Use License", RESEARCH),
    "lppl-1.3c": Entry("LaTeX Project Public License 1.3c", RENAMED),
    "ms-pl": Entry("Microsoft Public License", WEAK),
    "apple-ascl": Entry("Apple Sample Code License", NOTICE),
    "apple-amlr": Entry("Apple Model License for Research", RESEARCH),
    "mpl-2.0": Entry("Mozilla Public License 2.0", WEAK),
    "odc-by": Entry("Open Data Commons Attribution", NAMED),
    "odbl": Entry("Open Database License", SHARED),
    "openmdw-1.0": Entry("Open Model, Data & Weights 1.0", NOTICE),
    "openmdw-1.1": Entry("Open Model, Data & Weights 1.1", NOTICE),
    "osl-3.0": Entry("Open Software License 3.0", NETWORK),
    "postgresql": Entry("PostgreSQL License", NOTICE),
    "ofl-1.1": Entry("SIL Open Font License 1.1", FONT),
    "ncsa": Entry("University of Illinois/NCSA Open Source License", NOTICE),
    "unlicense": Entry("The Unlicense", NOTHING),
    "zlib": Entry("zlib License", RENAMED),
    "pddl": Entry("Open Data Commons Public Domain Dedication", NOTHING),
    "deepfloyd-if-license": Entry("DeepFloyd IF Research License", RESEARCH),
    "fair-noncommercial-research-license": Entry("FAIR Noncommercial Research License", RESEARCH),
    "llama2": Entry("Llama 2 Community License", LLAMA),
    "llama3": Entry("Llama 3 Community License", LLAMA),
    "llama3.1": Entry("Llama 3.1 Community License", LLAMA),
    "llama3.2": Entry("Llama 3.2 Community License", LLAMA),
    "llama3.3": Entry("Llama 3.3 Community License", LLAMA),
    "llama4": Entry("Llama 4 Community License", LLAMA),
    "grok2-community": Entry("Grok 2 Community License", GROK),
    "gemma": Entry("Gemma Terms of Use", GEMMA),
    "unknown": Entry("no licence stated", NONE_SAID),
    "other": Entry("a licence of its own", OWN),
    # names seen under `other`
    "psf-2.0": Entry("Python Software Foundation License 2.0", APACHE),
}
