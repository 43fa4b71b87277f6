"""``govreport rules …`` and ``govreport explain``: rules listed, tested, documented and explained."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from govreport_check import console

if TYPE_CHECKING:
    from govreport_check.pack import Pack


@click.group()
def rules() -> None:
    """List, test and document rules."""


def _packs(names: Iterable[str]) -> list[Pack]:
    from govreport_check import load_pack, packs_available

    return [load_pack(name) for name in names] or packs_available()


@rules.command("list")
@click.option("--pack", "names", multiple=True, metavar="NAME|FOLDER", help="Only of this pack.")
@click.option("--lang", type=console.LANG, default="zh", show_default=True)
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
def list_rules(names: tuple[str, ...], lang: str, format_: str) -> None:
    """List all rules: severity, id, title."""
    from govreport_check import rule_listing

    pages = [page for pack in _packs(names) for page in rule_listing.pages_of(pack)]
    console.deliver(rule_listing.as_json(pages) if format_ == "json" else rule_listing.as_text(pages, lang), json=format_ == "json")


@rules.command("test")
@click.argument("names", nargs=-1, metavar="[PACK]...")
@click.option("--mutate", is_flag=True, help="Also change every rule a little and list the changes that no example notices.")
def test_rules(names: tuple[str, ...], mutate: bool) -> int:
    """Check every rule against its own examples; of all bundled packs by default."""
    from govreport_check import test_pack

    results = [example for pack in _packs(names) for example in test_pack(pack)]
    broken = [example for example in results if not example.holds]
    for example in broken:
        console.deliver(f"{example.source}:{example.line}: {example.rule}: {example.message}\n")
    total = len({example.rule for example in results})
    if broken:
        console.deliver(f"{len(broken)} of {len(results)} examples of {total} rules do not hold\n")
        return 1
    console.deliver(f"{len(results)} examples of {total} rules hold\n")
    return _mutate(_packs(names)) if mutate else 0


def _mutate(packs: Iterable[Pack]) -> int:
    from govreport_check.audit_told import mutation_as_text
    from govreport_check.mutation import joined, mutate_pack

    found = joined(mutate_pack(pack) for pack in packs)
    console.deliver(mutation_as_text(found))
    return 1 if found.unexplained or found.stale else 0


@rules.command("audit")
@click.argument("names", nargs=-1, metavar="[PACK]...")
@click.option("--lang", type=console.LANG, default="zh", show_default=True)
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
def audit(names: tuple[str, ...], lang: str, format_: str) -> int:
    """Check a rule set as a whole: what contradicts, follows from others, never applies, is not used or leaves figures unguarded.

    Exits with 1 where rules contradict, or a figure is unguarded that the pack wants guarded.
    """
    from govreport_check.audit import audit_pack
    from govreport_check.audit_told import as_json, as_text

    audits = [audit_pack(pack) for pack in _packs(names) if pack.forms]
    console.deliver(as_json(audits) if format_ == "json" else "".join(as_text(one, lang) for one in audits), json=format_ == "json")
    return 0 if all(one.sound for one in audits) else 1


@rules.command("schema")
@click.argument("kind", type=click.Choice(["rule", "form", "pack", "config", "result"]), default="rule")
def schema(kind: str) -> None:
    """Print the JSON Schema of rule, form, pack or settings files, for editors, or of results, for programs."""
    import json

    from govreport_check import rule_schema
    from govreport_check.config_file import config_schema
    from govreport_check.findings import result_schema

    shapes = {"result": result_schema, "config": config_schema}
    shape = shapes[kind]() if kind in shapes else rule_schema()[kind]
    console.deliver(json.dumps(shape, ensure_ascii=False, indent=1) + "\n", json=True)


@rules.command("new")
@click.argument("name")
@click.option(
    "--pack",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("rules"),
    show_default=True,
    metavar="FOLDER",
    help="The pack to write it into; made when it is not there.",
)
@click.option("--extends", "base", default="cn-disclosure", show_default=True, metavar="NAME", help="What a pack that is made extends.")
def new(name: str, folder: Path, base: str) -> None:
    """Write a rule file to begin with, commented and sound as it stands."""
    from govreport_check.new_rule import new_rule

    for path, text in new_rule(name, folder, base):
        path.parent.mkdir(parents=True, exist_ok=True)
        console.deliver(text, path)
        console.deliver(f"{path}\n")


@rules.command("docs")
@click.argument("names", nargs=-1, metavar="[PACK]...")
@click.option("-o", "--output", "folder", type=click.Path(file_okay=False, path_type=Path), required=True, metavar="DIR")
def docs(names: tuple[str, ...], folder: Path) -> None:
    """Write one Markdown page per rule, and their index."""
    from govreport_check import rule_listing

    written = rule_listing.documents(_packs(names))
    for name, text in written.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    console.deliver(f"{len(written)} pages in {folder}\n")


# --- explain -------------------------------------------------------------------------------------------------------------------


@click.command()
@click.argument("rule")
@click.option("--pack", "names", multiple=True, metavar="NAME|FOLDER", help="Look only in this pack.")
@click.option("--lang", type=console.LANG, default="zh", show_default=True)
def explain(rule: str, names: tuple[str, ...], lang: str) -> int:
    """Say what a rule requires, why, by which law, and how to fix it."""
    from govreport_check import rule_listing
    from govreport_check.renderers.lines import paint
    from govreport_check.renderers.rule_page import card

    pages = [page for pack in _packs(names) for page in rule_listing.pages_of(pack)]
    page, near = rule_listing.find(pages, rule)
    if page is None:
        hint = f"; did you mean {' or '.join(near)}?" if near else f"; `{console.COMMAND} rules list` names them all"
        return console.complain([f"{console.COMMAND}: no rule is called {rule}{hint}"], console.FAILED)
    console.deliver(
        paint(card(page, lang=lang, width=min(console.width_of(sys.stdout), console.WIDTH)), color=console.wants_color(sys.stdout))
    )
    return 0
