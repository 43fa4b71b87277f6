"""Which unit a name means: its own name or an alias, else one that differs in an ending alone, else none, with those that are near."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from govreport_check.figures import normal
from govreport_check.roster import Unit

NEAR = 0.6
"""Names whose share of common characters (Ratcliff and Obershelp's) is at least this, places apart, are near."""
MOST = 3


@dataclass(frozen=True)
class Names:
    """The names of a roster's units. ``endings``: lists of endings that may stand for one another (``pack.yaml``, ``season``);
    ``places``: how names of places end."""

    units: tuple[Unit, ...]
    endings: tuple[tuple[str, ...], ...] = ()
    places: tuple[str, ...] = ()

    @cached_property
    def _exact(self) -> Mapping[str, str]:
        return {normal(name): unit.name for unit in self.units for name in (unit.name, *unit.aliases)}

    @cached_property
    def _loose(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for name, unit in self._exact.items():
            found[self.without_ending(name)].add(unit)
        return {name: frozenset(units) for name, units in found.items()}

    @cached_property
    def territories(self) -> tuple[str, ...]:
        """The places that units govern, the longest first: a unit's name without an ending that a government has."""
        stems = {self.without_ending(name) for name in self._exact if self._ends(name)}
        return tuple(sorted(stems, key=lambda stem: (-len(stem), stem)))

    @cached_property
    def _own_parts(self) -> tuple[tuple[tuple[str, str], str], ...]:
        return tuple((self._parted(name), unit) for name, unit in self._exact.items())

    def unit(self, stated: str) -> str | None:
        """The unit that goes by this name or alias; where none does, the only one that differs in an ending."""
        name = normal(stated)
        if name in self._exact:
            return self._exact[name]
        same = self._loose.get(self.without_ending(name), frozenset())
        return next(iter(same)) if len(same) == 1 else None

    def is_exact(self, stated: str) -> bool:
        return normal(stated) in self._exact

    def near(self, stated: str) -> tuple[str, ...]:
        """The units that this name may mean, the nearest first: of other places none, of the very name without a place those alone."""
        place, own = self._parted(normal(stated))
        like: dict[str, float] = {}
        for (there, part), unit in self._own_parts:
            if place.startswith(there) or there.startswith(place):
                whole = 0.0 if place else _alike(own, f"{there}{part}")
                like[unit] = max(like.get(unit, 0.0), _alike(own, part), whole)
        least = 1.0 if 1.0 in like.values() else NEAR
        found = sorted((-share, unit) for unit, share in like.items() if share >= least)
        return tuple(unit for _, unit in found[:MOST])

    def named_in(self, text: str) -> tuple[str, ...]:
        """The units whose name or alias stands in a text such as a file's name, the longest names alone where one holds another."""
        said = normal(text)
        found = {name: unit for name, unit in self._exact.items() if name and name in said}
        longest = {unit: None for name, unit in found.items() if not any(name != other and name in other for other in found)}
        return tuple(longest)

    def without_ending(self, name: str) -> str:
        """The name without the longest ending that may stand for another, itself where it has none."""
        return name.removesuffix(max(self._ends(name), key=len, default=""))

    def _ends(self, name: str) -> list[str]:
        return [end for group in self.endings for end in group if end and name.endswith(end) and name != end]

    def _parted(self, name: str) -> tuple[str, str]:
        """The place that a name begins with, the last of several (海西省青山县水利局), and what follows; '' where it begins with none."""
        place = ""
        while found := next((one for one in self.territories if name.startswith(one) and name != one), ""):
            place, name = found, name.removeprefix(found)
        return place, name

    def spoken(self, chain: Iterable[str]) -> tuple[str, ...]:
        """What a unit and its superiors are called in prose, the longest first: names, aliases, places with and without their ending."""
        aliases = {unit.name: unit.aliases for unit in self.units}
        names = {normal(name) for unit in chain for name in (unit, *aliases.get(unit, ()))}
        names |= {piece for name in tuple(names) for piece in self._pieces(name)}
        return tuple(sorted((name for name in names if len(name) > 1), key=lambda name: (-len(name), name)))

    def _pieces(self, name: str) -> Iterator[str]:
        stem = self.without_ending(name)
        over = next((place for place in self.territories if stem.startswith(place) and stem != place), "")
        for piece in (stem, over, stem.removeprefix(over)):
            yield piece
            yield from (piece.removesuffix(end) for end in self.places if piece.endswith(end))


def _alike(a: str, b: str) -> float:
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= NEAR else 0.0


def paths_of(units: Sequence[Unit]) -> dict[str, tuple[str, ...]]:
    """The superiors of every unit, from the top down."""
    parents = {unit.name: unit.parent for unit in units}
    found: dict[str, tuple[str, ...]] = {}
    for unit in units:
        chain: list[str] = []
        above = unit.parent
        while above is not None and above not in chain:
            chain.insert(0, above)
            above = parents.get(above)
        found[unit.name] = tuple(chain)
    return found


def counties_of(units: Sequence[Unit], level: str = "county") -> dict[str, str]:
    """Below whom every unit is listed: the nearest superior of ``level`` that has none of it above, else the topmost, else itself."""
    levels = {unit.name: unit.about.get("level") for unit in units}
    found = {}
    for name, path in paths_of(units).items():
        chain = (*path, name)
        found[name] = next((one for one in chain if levels.get(one) == level), chain[0])
    return found
