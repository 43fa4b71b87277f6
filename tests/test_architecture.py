"""The house: imports go down only, files and functions stay small, and the words are those of the house."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from some_reports import ROOT

PACKAGE = ROOT / "govreport_check"
FILES = sorted(PACKAGE.rglob("*.py"))
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in FILES}

BOTTOM = (
    *("wording", "labels", "open_form", "form", "form_file", "figures", "findings", "marked", "model", "outline", "errors"),
    *("kept", "sieve", "beside", "form_building", "frozen", "literals", "patterns", "record"),
)
LAYERS = (
    ("__main__",),
    ("cli",),
    ("cli_archive",),
    (
        "cli_bundle",
        "cli_check",
        "cli_doctor",
        "cli_form",
        "cli_gate",
        "cli_letters",
        "cli_read",
        "cli_rules",
        "cli_season",
        "cli_serve",
        "cli_waive",
    ),
    ("cli_config", "cli_copies", "cli_output", "help_text", "help_zh"),
    ("bundle", "serve"),
    ("copies",),
    ("workbook",),
    ("filled_form",),
    ("equations",),
    ("__init__", "renderers", "rule_listing", "new_rule", "console"),
    ("flat",),
    ("verification", "doctor", "archive"),
    ("settings", "difference", "manifest"),
    ("season",),
    ("essence",),
    ("audit_told",),
    ("audit", "audit_names", "coverage", "mutation"),
    ("engine", "examples", "batch", "batch_told", "regular_frame", "roster", "roster_file", "summing"),
    ("parallel",),
    ("drafts",),
    ("jobs",),
    ("excusing",),
    ("subject",),
    ("waivers", "baseline", "config_file", "config_spec"),
    ("alone", "built_in", "verdict", "explain", "case", "selection", "recognition", "tabular", "alignment", "splitting", "suspects"),
    ("records", "excerpt", "as_printed", "listed", "evaluation"),
    ("pack", "pack_cache", "pack_file", "pack_loading", "pack_season", "extending"),
    ("constraints", "rule_conditions"),
    ("rule", "rule_file"),
    ("frame", "frame_tables", "frame_facts", "plain_facts"),
    ("expr",),
    ("conditions",),
    ("simplex",),
    ("locate",),
    BOTTOM,
)
"""From the top down. ``readers`` stand beside: they rest on the bottom row alone, and only who takes reports in may ask them."""

READERS_ARE_ASKED_BY = {
    "filled_form",
    "tabular",
    "drafts",
    "parallel",
    "engine",
    "essence",
    "difference",
    "manifest",
    "jobs",
    "examples",
    "listed",
    "recognition",
    "splitting",
    "batch",
    "batch_told",
    "regular_frame",
    "roster",
    "roster_file",
    "season",
    "summing",
    "workbook",
    "audit_names",
    "archive",
    "cli_check",
    "cli_read",
    "serve",
    "copies",
    "cli_season",
    "__init__",
}


def module(path: Path) -> str:
    """``expr.parse`` for govreport_check/expr/parse.py; a package by its own name."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


def imported(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """The modules of the package that a file imports, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "govreport_check":
            inside = (node.module or "").removeprefix("govreport_check").lstrip(".")
            yield from (
                (f"{inside}.{one.name}".lstrip(".") if is_module(inside, one.name) else inside or "__init__", node.lineno)
                for one in node.names
            )
        elif isinstance(node, ast.Import):
            yield from (
                (one.name.partition(".")[2] or "__init__", node.lineno) for one in node.names if one.name.startswith("govreport_check")
            )


def is_module(inside: str, name: str) -> bool:
    folder = PACKAGE.joinpath(*filter(None, inside.split(".")))
    return (folder / f"{name}.py").is_file() or (folder / name / "__init__.py").is_file()


def layer(name: str) -> int | None:
    if name == "bundle.start":  # a program of its own, which starts the command
        return 0
    top = name.partition(".")[0]
    return next((i for i, layer_ in enumerate(LAYERS) if top in layer_), None)


def test_every_module_has_its_layer() -> None:
    known = {module(path).partition(".")[0] for path in FILES}
    assert sorted(name for name in known if layer(name) is None and name != "readers") == []


@pytest.mark.parametrize("path", FILES, ids=module)
def test_imports_go_down(path: Path) -> None:
    own = module(path)
    upward = []
    for name, line in imported(TREES[path]):
        top = name.partition(".")[0]
        if top == own.partition(".")[0]:
            continue
        if own.startswith(("readers", "renderers")):
            wrong = top not in BOTTOM and name not in ("__init__", "season.model")  # a season's data, which rests on the bottom row alone
        elif top == "readers":
            wrong = own.partition(".")[0] not in READERS_ARE_ASKED_BY
        else:
            here, there = layer(own), layer(name)
            wrong = here is None or there is None or there < here
        upward += [f"line {line}: {name}"] if wrong else []
    assert upward == []


def test_there_is_an_arrow_for_the_test_to_find(tmp_path: Path) -> None:
    tree = ast.parse("from govreport_check.engine import check\nfrom govreport_check import pack\nimport govreport_check.expr.parse")
    assert [name for name, _ in imported(tree)] == ["engine", "pack", "expr.parse"]
    assert layer("engine") < layer("pack") < layer("expr.parse") < layer("model")  # type: ignore[operator]


@pytest.mark.parametrize("path", FILES, ids=module)
def test_files_and_functions_are_small(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
    functions = [node for node in ast.walk(TREES[path]) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    assert [node.name for node in functions if (node.end_lineno or 0) - node.lineno + 1 > 40 and not is_command(node)] == []


def is_command(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """A command of the command line has a parameter for each of its options: its body is counted, not its head."""
    body = (node.end_lineno or 0) - node.body[0].lineno + 1
    return body <= 40 and any("command" in ast.unparse(decorator) for decorator in node.decorator_list)


@pytest.mark.parametrize("path", FILES, ids=module)
def test_nothing_is_caught_blindly_or_asserted(path: Path) -> None:
    nodes = list(ast.walk(TREES[path]))
    assert [node.lineno for node in nodes if isinstance(node, ast.Assert)] == []
    caught = [node for node in nodes if isinstance(node, ast.ExceptHandler)]
    assert [node.lineno for node in caught if node.type is None or "Exception" in ast.unparse(node.type).split(".")] == []


def test_no_module_is_a_drawer() -> None:
    assert [
        path.stem for path in FILES if path.stem.strip("_") in {"utils", "util", "helpers", "helper", "manager", "common", "misc"}
    ] == []


@pytest.mark.parametrize("path", FILES, ids=module)
def test_every_module_and_public_function_says_what_it_is(path: Path) -> None:
    tree = TREES[path]
    assert ast.get_docstring(tree) or not path.read_text(encoding="utf-8").strip()


def test_importing_the_package_imports_nothing_heavy() -> None:
    import subprocess
    import sys

    program = (
        "import sys, govreport_check; print([m for m in ('numpy', 'pydantic', 'yaml', 'rich', 'cerberus', 'click') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"
