"""Causes that have nothing to do with one another: told apart, ten explanations of one are not ten times those of the other."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from math import prod
from typing import TYPE_CHECKING

from govreport_check.locate.system import Constraint, Key, System, Variable

if TYPE_CHECKING:
    from govreport_check.locate.search import Explanation


class Groups:
    """Things joined to one another, and so to whatever those are joined to."""

    def __init__(self) -> None:
        self._above: dict[Hashable, Hashable] = {}

    def of(self, thing: Hashable) -> Hashable:
        """The one that stands for all that are joined to ``thing``."""
        above = self._above.setdefault(thing, thing)
        while above != thing:
            thing, above = above, self._above[above]
        return thing

    def join(self, things: Iterable[Hashable]) -> None:
        first: Hashable = None
        for i, thing in enumerate(things):
            head = self.of(thing)
            if i == 0:
                first = head
            else:
                self._above[head] = first


def components(
    variables: Mapping[Key, Variable], constraints: Sequence[Constraint]
) -> Iterator[tuple[tuple[Key, ...], tuple[Constraint, ...]]]:
    """The constraints that share figures that may change, with all figures in them, in the order given."""
    groups = Groups()
    for one in constraints:
        groups.join([("constraint", id(one)), *(key for _, key in one.terms if not variables[key].fixed)])
    together: dict[Hashable, list[Constraint]] = {}
    for one in constraints:
        together.setdefault(groups.of(("constraint", id(one))), []).append(one)
    order = {key: i for i, key in enumerate(variables)}
    for mine in together.values():
        keys = {key for one in mine for _, key in one.terms}
        yield tuple(sorted(keys, key=order.__getitem__)), tuple(mine)


def independent(
    explanations: Sequence[Explanation], broken: Sequence[Key], constraints: Sequence[Constraint], whole: System
) -> list[tuple[tuple[Key, ...], list[Explanation]]]:
    """The explanations by the broken constraints that they settle together; all as one where they do not combine freely."""
    groups = Groups()
    holding = _holding(constraints, whole)
    names = set(broken)
    for one in explanations:
        for part in _parts(one, holding):
            groups.join(name for key in part for name in holding[key] if name in names)
    blocks: dict[Hashable, list[Key]] = {}
    for name in broken:
        blocks.setdefault(groups.of(name), []).append(name)
    if len(blocks) < 2 or not explanations:
        return [(tuple(broken), list(explanations))]
    split = [(tuple(mine), list(_projected(explanations, set(mine), holding))) for mine in blocks.values()]
    return split if prod(len(own) for _, own in split) == len(explanations) else [(tuple(broken), list(explanations))]


def _holding(constraints: Sequence[Constraint], whole: System) -> dict[Key, set[Key]]:
    """The names of the constraints in which each figure stands; those that share an unknown figure count as one another's."""
    unknown = {key for key, one in zip(whole.keys, whole.variables, strict=True) if one.value is None}
    linked = Groups()
    for one in constraints:
        linked.join([("name", one.name), *(("key", key) for _, key in one.terms if key in unknown)])
    names: dict[Hashable, set[Key]] = {}
    for one in constraints:
        names.setdefault(linked.of(("name", one.name)), set()).add(one.name)
    holding: dict[Key, set[Key]] = {key: set() for key in whole.keys}
    for one in constraints:
        for _, key in one.terms:
            holding[key] |= names[linked.of(("name", one.name))]
    return holding


def _parts(one: Explanation, holding: Mapping[Key, set[Key]]) -> Iterator[list[Key]]:
    """The cells of an explanation that stand in constraints together."""
    groups = Groups()
    for change in one.changes:
        groups.join([("key", change.key), *(("name", name) for name in holding[change.key])])
    parts: dict[Hashable, list[Key]] = {}
    for change in one.changes:
        parts.setdefault(groups.of(("key", change.key)), []).append(change.key)
    yield from parts.values()


def _projected(explanations: Sequence[Explanation], names: set[Key], holding: Mapping[Key, set[Key]]) -> Iterator[Explanation]:
    """What the explanations say of some of the broken constraints, each once."""
    seen: set[frozenset[Key]] = set()
    for one in explanations:
        mine = {key for part in _parts(one, holding) if any(holding[key] & names for key in part) for key in part}
        if mine not in seen:
            seen.add(frozenset(mine))
            yield one.part(frozenset(mine))
