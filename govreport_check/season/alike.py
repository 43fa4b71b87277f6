"""Reports whose prose is all but the same, names and figures apart: one unit's text that another has taken.

A text is the set of its runs of six characters (shingles); two are compared by the share that they have in common (Jaccard 1901), runs
that very many reports have apart. Only pairs that share enough of a fixed sample of runs are compared (Broder 1997, "On the resemblance
and containment of documents"), so that two thousand texts take seconds; nothing is drawn by chance.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from govreport_check.expr.columns import Array
from govreport_check.figures import normal
from govreport_check.form import Form
from govreport_check.model import Report

LENGTH = 6
LEAST = 50
"""Per cent of the runs of both texts that a pair has in common when it is told."""
LEAST_OWN = 60
"""A text with fewer runs of its own says too little to be anybody's."""
MANY, MANY_OF = 10, 20
"""Runs in more than ten reports, and in more than one of twenty, are what everybody writes."""
_SAMPLE = 8
_NOT_WORDS = re.compile(r"[\W\d_]+")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts by their positions; ``share`` is what they have in common, in whole per cent."""

    first: int
    second: int
    share: int


def own_words(report: Report, form: Form, names: Iterable[str]) -> str:
    """What a unit writes itself: the parts of its report without ``names``, figures and punctuation."""
    sections = report.sections or {}
    text = normal("".join(sections[name].text for name in form.sections if name in sections))
    for name in names:
        text = text.replace(name, "")
    return _NOT_WORDS.sub("", text)


def alike(texts: Sequence[str]) -> list[Pair]:
    """The pairs of texts that have at least :data:`LEAST` per cent in common, in their order."""
    shingles = [_shingles(text) for text in texts]
    kept = _without_common(shingles)
    found = ((a, b, _share(kept[a], kept[b])) for a, b in _candidates(kept))
    return [Pair(a, b, share) for a, b, share in found if share >= LEAST]


def _shingles(text: str) -> Array:
    """Every run of :data:`LENGTH` characters as a number of 64 bits, ascending, each once."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    number = len(codes) - LENGTH + 1
    if number < 1:
        return np.zeros(0, np.uint64)
    mixed = np.zeros(number, np.uint64)
    for at in range(LENGTH):
        mixed = mixed * np.uint64(0x100000001B3) + codes[at : at + number]
    mixed ^= mixed >> np.uint64(29)
    return np.unique(mixed * np.uint64(0x9E3779B97F4A7C15))


def _most(reports: int) -> int:
    return max(MANY, reports // MANY_OF)


def _without_common(shingles: Sequence[Array]) -> list[Array]:
    if not shingles:
        return []
    runs, counts = np.unique(np.concatenate(shingles), return_counts=True)
    common = runs[counts > _most(len(shingles))]
    return [np.setdiff1d(own, common, assume_unique=True) for own in shingles]


def _candidates(kept: Sequence[Array]) -> Iterator[tuple[int, int]]:
    """Pairs that share a good part of the sampled runs, in order."""
    sampled = [own[(own >> np.uint64(32)) % np.uint64(_SAMPLE) == 0] if len(own) >= LEAST_OWN else own[:0] for own in kept]
    sizes = np.array([len(own) for own in sampled], np.intp)
    owners = np.repeat(np.arange(len(sampled)), sizes)
    runs = np.concatenate([*sampled, np.zeros(0, np.uint64)])
    order = np.argsort(runs, kind="stable")
    shared = _shared_by_pair(runs[order], owners[order], len(kept))
    for code, count in sorted(shared.items()):
        a, b = divmod(code, len(kept))
        if 300 * count >= LEAST * min(sizes[a], sizes[b]):  # a sample errs: a third less than what is looked for
            yield a, b


def _shared_by_pair(runs: Array, owners: Array, reports: int) -> Mapping[int, int]:
    """How many sampled runs two reports share, by ``first * reports + second``. Of a run, owners stand together in ascending order."""
    shared: dict[int, int] = {}
    for apart in range(1, _most(reports)):
        same = runs[apart:] == runs[:-apart] if apart < len(runs) else np.zeros(0, bool)
        if not same.any():
            break
        codes, counts = np.unique(owners[:-apart][same] * reports + owners[apart:][same], return_counts=True)
        for code, count in zip(codes.tolist(), counts.tolist(), strict=True):
            shared[code] = shared.get(code, 0) + count
    return shared


def _share(a: Array, b: Array) -> int:
    both = len(np.intersect1d(a, b, assume_unique=True))
    return 100 * both // (len(a) + len(b) - both)
