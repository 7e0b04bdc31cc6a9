"""What the verbs return: frozen, without HTML. `render` shows them, one file per kind, when somebody looks.

Value
├── SearchResult of Row                     a search                              repos
├── RepoInfo with File, Score               one repository                        info
├── Licence                                 what one may do with it               licence
├── Pulled of PulledFile                    what came, or would come              transfer
├── Pushed of PushedFile                    what was sent, or would be            push
├── CacheStatus, Trimmed of CachedRevision  the local cache                       cache
├── Refs of Ref, Log of Commit              names and commits                     history
├── Diff of FileChange, Change              what changed between two              diff
├── Discussions of Discussion, Thread       what is said                          discuss
├── AccessRequests, Asked                   who may enter, or would               access
├── Repository                              made, renamed, copied                 repositories
├── Lock, LockCheck                         what a notebook stands on             lock
├── Who, Tokens, LoggedOut, Panel           who one is, with what                 login
├── Limits of Allowance, ResponseCache      how often, how many                   limits
├── Checkup of Symptom                      why it fails or is slow               doctor
├── Sets of Set                             settings                              settings
├── Labels of Label                         an answer: classes, scores            answers
├── Written, Reply with ToolCall            a text; a turn of a conversation      texts
├── Spans of Span, Extract                  places in a text                      spans
├── Fills of Fill, Cells                    words for a gap; cells of a table     fills
├── Vectors, Similarities of Similarity     texts as vectors                      vectors
├── Stats of Stat, Plot                     what the calls of a session came to   numbers
├── LoadedModels of LoadedModel, Unloaded   models in memory                      loaded
├── Advice of Tip                           what would save most                   advice
├── KeptAnswers                             answers that need not be asked for     remembered
├── Controls of Control                     what can be set of a task              controls
├── Runs of Run                             what was run in a playground           runs
├── Parity of Way                           a model's quicker copies beside it     parity
├── Bisection of Trial, TensorChange        what changed an answer                  bisections
├── Comparison of Showing (Contender)       several models on the same inputs       comparisons
├── Standings of Standing                   quality against seconds or cost         standings
├── Fit; Picks of Pick                      will it run here; which one to take   fits, picks
├── Rows, Cost, Saved of Origin, Column     a table's rows; what they cost          rows, data
├── Estimate of Group, Bound; Quote         an answer from a part of the bytes      estimates
├── Description of Summary (Ranges, Values) what a table's columns hold             description, summaries
├── Balance of ClassCount                 a column's classes                      balance
├── Duplicates of Alike, Leakage of Leak    rows that are the same, or nearly       alike, looked
├── Lengths with Cut; Languages of Language how long texts are, in which languages  lengths, languages
├── Personal of Trace                       what belongs to somebody                personal
├── Prepared of Shard                       a table made ready                      prepared
├── Source with Attempt                     who answered, after how many tries    answers
├── Official                                what an official command said         official
├── Code                                    the plain Python of a line            code
└── Text, Table                             lines as they are; rows of anything   base

Each module loads when one of its names is asked for: sixty dataclasses take a tenth of a second.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hf_nb.values.access import AccessRequest as AccessRequest
    from hf_nb.values.access import AccessRequests as AccessRequests
    from hf_nb.values.access import Asked as Asked
    from hf_nb.values.advice import Advice as Advice
    from hf_nb.values.advice import Tip as Tip
    from hf_nb.values.alike import Alike as Alike
    from hf_nb.values.alike import Duplicates as Duplicates
    from hf_nb.values.alike import Leak as Leak
    from hf_nb.values.alike import Leakage as Leakage
    from hf_nb.values.answers import Attempt as Attempt
    from hf_nb.values.answers import Label as Label
    from hf_nb.values.answers import Labels as Labels
    from hf_nb.values.answers import Source as Source
    from hf_nb.values.balance import Balance as Balance
    from hf_nb.values.balance import ClassCount as ClassCount
    from hf_nb.values.base import Kind as Kind
    from hf_nb.values.base import Listing as Listing
    from hf_nb.values.base import Table as Table
    from hf_nb.values.base import Text as Text
    from hf_nb.values.base import Value as Value
    from hf_nb.values.batches import Batch as Batch
    from hf_nb.values.batches import BatchRow as BatchRow
    from hf_nb.values.batches import FailedRow as FailedRow
    from hf_nb.values.bisections import Bisection as Bisection
    from hf_nb.values.bisections import TensorChange as TensorChange
    from hf_nb.values.bisections import Trial as Trial
    from hf_nb.values.cache import CachedRevision as CachedRevision
    from hf_nb.values.cache import CacheState as CacheState
    from hf_nb.values.cache import CacheStatus as CacheStatus
    from hf_nb.values.cache import Trimmed as Trimmed
    from hf_nb.values.code import Code as Code
    from hf_nb.values.comparisons import Beside as Beside
    from hf_nb.values.comparisons import Comparison as Comparison
    from hf_nb.values.comparisons import Contender as Contender
    from hf_nb.values.comparisons import Forecast as Forecast
    from hf_nb.values.comparisons import Likeness as Likeness
    from hf_nb.values.comparisons import Line as Line
    from hf_nb.values.comparisons import Showing as Showing
    from hf_nb.values.controls import Control as Control
    from hf_nb.values.controls import Controls as Controls
    from hf_nb.values.data import Column as Column
    from hf_nb.values.data import Origin as Origin
    from hf_nb.values.description import Description as Description
    from hf_nb.values.diff import Change as Change
    from hf_nb.values.diff import Diff as Diff
    from hf_nb.values.diff import FileChange as FileChange
    from hf_nb.values.discuss import Discussion as Discussion
    from hf_nb.values.discuss import Discussions as Discussions
    from hf_nb.values.discuss import Event as Event
    from hf_nb.values.discuss import Thread as Thread
    from hf_nb.values.doctor import Checkup as Checkup
    from hf_nb.values.doctor import Symptom as Symptom
    from hf_nb.values.estimates import Bound as Bound
    from hf_nb.values.estimates import Estimate as Estimate
    from hf_nb.values.estimates import Group as Group
    from hf_nb.values.estimates import Quote as Quote
    from hf_nb.values.fills import Cells as Cells
    from hf_nb.values.fills import Fill as Fill
    from hf_nb.values.fills import Fills as Fills
    from hf_nb.values.fits import Fit as Fit
    from hf_nb.values.history import Commit as Commit
    from hf_nb.values.history import Log as Log
    from hf_nb.values.history import Ref as Ref
    from hf_nb.values.history import Refs as Refs
    from hf_nb.values.info import Access as Access
    from hf_nb.values.info import File as File
    from hf_nb.values.info import RepoInfo as RepoInfo
    from hf_nb.values.info import Runtime as Runtime
    from hf_nb.values.info import Scan as Scan
    from hf_nb.values.info import Score as Score
    from hf_nb.values.info import Security as Security
    from hf_nb.values.info import Split as Split
    from hf_nb.values.info import Subset as Subset
    from hf_nb.values.info import Weights as Weights
    from hf_nb.values.languages import Language as Language
    from hf_nb.values.languages import Languages as Languages
    from hf_nb.values.lengths import Cut as Cut
    from hf_nb.values.lengths import Lengths as Lengths
    from hf_nb.values.licence import Licence as Licence
    from hf_nb.values.limits import Allowance as Allowance
    from hf_nb.values.limits import Limits as Limits
    from hf_nb.values.limits import ResponseCache as ResponseCache
    from hf_nb.values.loaded import LoadedModel as LoadedModel
    from hf_nb.values.loaded import LoadedModels as LoadedModels
    from hf_nb.values.loaded import Unloaded as Unloaded
    from hf_nb.values.lock import CheckedRepo as CheckedRepo
    from hf_nb.values.lock import Finding as Finding
    from hf_nb.values.lock import Lock as Lock
    from hf_nb.values.lock import LockCheck as LockCheck
    from hf_nb.values.lock import LockedRepo as LockedRepo
    from hf_nb.values.login import LoggedOut as LoggedOut
    from hf_nb.values.login import Membership as Membership
    from hf_nb.values.login import Panel as Panel
    from hf_nb.values.login import Token as Token
    from hf_nb.values.login import Tokens as Tokens
    from hf_nb.values.login import Who as Who
    from hf_nb.values.looked import Looked as Looked
    from hf_nb.values.numbers import Plot as Plot
    from hf_nb.values.numbers import Stat as Stat
    from hf_nb.values.numbers import Stats as Stats
    from hf_nb.values.official import Official as Official
    from hf_nb.values.official import OfficialParts as OfficialParts
    from hf_nb.values.official import OfficialRecord as OfficialRecord
    from hf_nb.values.official import OfficialResult as OfficialResult
    from hf_nb.values.official import OfficialRows as OfficialRows
    from hf_nb.values.official import OfficialText as OfficialText
    from hf_nb.values.parity import Parity as Parity
    from hf_nb.values.parity import Way as Way
    from hf_nb.values.personal import Personal as Personal
    from hf_nb.values.personal import Trace as Trace
    from hf_nb.values.picks import Pick as Pick
    from hf_nb.values.picks import Picks as Picks
    from hf_nb.values.prepared import Prepared as Prepared
    from hf_nb.values.prepared import Shard as Shard
    from hf_nb.values.push import Pushed as Pushed
    from hf_nb.values.push import PushedFile as PushedFile
    from hf_nb.values.push import Secret as Secret
    from hf_nb.values.remembered import KeptAnswers as KeptAnswers
    from hf_nb.values.repos import Row as Row
    from hf_nb.values.repos import SearchResult as SearchResult
    from hf_nb.values.repositories import Repository as Repository
    from hf_nb.values.rows import Cost as Cost
    from hf_nb.values.rows import Rows as Rows
    from hf_nb.values.rows import Saved as Saved
    from hf_nb.values.runs import Run as Run
    from hf_nb.values.runs import Runs as Runs
    from hf_nb.values.settings import Set as Set
    from hf_nb.values.settings import Sets as Sets
    from hf_nb.values.spans import Extract as Extract
    from hf_nb.values.spans import Span as Span
    from hf_nb.values.spans import Spans as Spans
    from hf_nb.values.standings import Standing as Standing
    from hf_nb.values.standings import Standings as Standings
    from hf_nb.values.summaries import Ranges as Ranges
    from hf_nb.values.summaries import Summary as Summary
    from hf_nb.values.summaries import Values as Values
    from hf_nb.values.texts import Reply as Reply
    from hf_nb.values.texts import ToolCall as ToolCall
    from hf_nb.values.texts import Written as Written
    from hf_nb.values.transfer import Pulled as Pulled
    from hf_nb.values.transfer import PulledFile as PulledFile
    from hf_nb.values.vectors import Similarities as Similarities
    from hf_nb.values.vectors import Similarity as Similarity
    from hf_nb.values.vectors import Vectors as Vectors

# module -> its names
_WHERE: dict[str, str] = {
    "access": "AccessRequest AccessRequests Asked",
    "advice": "Advice Tip",
    "alike": "Alike Duplicates Leak Leakage",
    "answers": "Attempt Label Labels Source",
    "balance": "Balance ClassCount",
    "base": "Kind Listing Table Text Value",
    "batches": "Batch BatchRow FailedRow",
    "bisections": "Bisection TensorChange Trial",
    "cache": "CachedRevision CacheState CacheStatus Trimmed",
    "code": "Code",
    "comparisons": "Beside Comparison Contender Forecast Likeness Line Showing",
    "controls": "Control Controls",
    "data": "Column Origin",
    "description": "Description",
    "diff": "Change Diff FileChange",
    "discuss": "Discussion Discussions Event Thread",
    "doctor": "Checkup Symptom",
    "estimates": "Bound Estimate Group Quote",
    "fills": "Cells Fill Fills",
    "fits": "Fit",
    "history": "Commit Log Ref Refs",
    "info": "Access File RepoInfo Runtime Scan Score Security Split Subset Weights",
    "languages": "Language Languages",
    "lengths": "Cut Lengths",
    "licence": "Licence",
    "limits": "Allowance Limits ResponseCache",
    "loaded": "LoadedModel LoadedModels Unloaded",
    "lock": "CheckedRepo Finding Lock LockCheck LockedRepo",
    "login": "LoggedOut Membership Panel Token Tokens Who",
    "looked": "Looked",
    "numbers": "Plot Stat Stats",
    "official": "Official OfficialParts OfficialRecord OfficialResult OfficialRows OfficialText",
    "parity": "Parity Way",
    "personal": "Personal Trace",
    "picks": "Pick Picks",
    "prepared": "Prepared Shard",
    "push": "Pushed PushedFile Secret",
    "remembered": "KeptAnswers",
    "repos": "Row SearchResult",
    "repositories": "Repository",
    "rows": "Cost Rows Saved",
    "runs": "Run Runs",
    "settings": "Set Sets",
    "spans": "Extract Span Spans",
    "standings": "Standing Standings",
    "summaries": "Ranges Summary Values",
    "texts": "Reply ToolCall Written",
    "transfer": "Pulled PulledFile",
    "vectors": "Similarities Similarity Vectors",
}
_MODULE = {name: module for module, names in _WHERE.items() for name in names.split()}
__all__ = sorted(_MODULE)  # noqa: PLE0605 -- the table above is the list


def __getattr__(name: str) -> Any:
    if name not in _MODULE:
        raise AttributeError(f"module 'hf_nb.values' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"hf_nb.values.{_MODULE[name]}"), name)
    globals()[name] = value
    return value
