"""What the documentation promises: its links lead somewhere, its programs run, its rule proves itself, its tables are complete."""

from __future__ import annotations

import importlib.util
import inspect
import os
import re
import shutil
import subprocess
import sys
from html import unescape
from pathlib import Path
from types import ModuleType

import pytest

from govreport_check import check, check_many, load_pack, read, render, test_pack
from govreport_check.expr.functions import FUNCTIONS
from govreport_check.expr.typecheck import _SPECIAL
from govreport_check.pack import rules_folder
from govreport_check.renderers.lines import plain
from govreport_check.renderers.listing import lay_out
from govreport_check.rule import SPECIAL
from govreport_check.rule_file import RuleFile

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")), ROOT / "docs" / "examples" / "README.md"]
WRITE = (ROOT / "docs" / "write-a-rule.md").read_text(encoding="utf-8")
WALKED = "requests/outcome-within-received.yaml"


def fenced(page: Path, kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", page.read_text(encoding="utf-8"), flags=re.M | re.S)


PROGRAMS = [
    pytest.param(block, id=f"{page.stem}-{number}")
    for page in (
        ROOT / "README.md",
        ROOT / "docs" / "python.md",
        ROOT / "docs" / "flat-tables.md",
        ROOT / "docs" / "html-report.md",
        ROOT / "docs" / "papers.md",
        ROOT / "docs" / "workbook.md",
    )
    for number, block in enumerate(fenced(page, "python"), 1)
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_program_runs_and_says_something(program: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.strip()


def test_the_rule_that_is_walked_through_proves_itself(tmp_path: Path) -> None:
    shutil.copytree(rules_folder() / "cn-disclosure", tmp_path / "pack")
    (tmp_path / "pack" / WALKED).write_text(fenced(ROOT / "docs" / "write-a-rule.md", "yaml")[0], encoding="utf-8")
    results = [result for result in test_pack(load_pack(tmp_path / "pack")) if result.rule == "cn-disclosure/outcome-within-received"]
    assert [(result.expected, result.message) for result in results] == [("pass", ""), ("fail", ""), ("undecided", "")]


def test_the_tables_name_every_function_and_no_other() -> None:
    table = WRITE.partition("### Functions")[2].partition("\n\nIn `present`")[0]
    cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    assert {name for cell in cells for name in re.findall(r"`([a-z]+)\(", cell)} == {*FUNCTIONS, *_SPECIAL}


def test_the_tables_name_every_key_of_a_rule_and_every_placeholder() -> None:
    keys = {field.alias or name for name, field in RuleFile.model_fields.items()} - {"built_in", "outcome"}  # of built-in rules only
    assert {key for key in keys if f"`{key}`" not in WRITE.partition("### What `for`")[0]} == set()
    assert {name for name in SPECIAL if name != "reading" and f"`{{{name}}}`" not in WRITE} == set()


def test_the_architecture_names_every_module() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    modules = {path.stem for folder in ("", "expr") for path in (ROOT / "govreport_check" / folder).glob("*.py")}
    assert {name for name in modules if not name.startswith("__") and f"`{name}`" not in page and f"`expr/{name}`" not in page} == set()


def test_the_page_on_python_names_every_argument() -> None:
    page = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    for function in (check, check_many, read, render):
        signature = re.search(rf"^\| `{function.__name__}\((.*?)\)` \|", page, flags=re.M)
        assert signature is not None, function.__name__
        assert re.findall(r"\w+", signature[1]) == list(inspect.signature(function).parameters), function.__name__


def test_the_readme_shows_the_rule_as_its_file_has_it() -> None:
    shown = fenced(ROOT / "README.md", "yaml")[0]
    written = (rules_folder() / "cn-disclosure" / "requests" / "requests-balance.yaml").read_text(encoding="utf-8")
    assert {" ".join(line.split()) for line in shown.splitlines()} <= {" ".join(line.split()) for line in written.splitlines()}


@pytest.fixture(scope="module")
def drawing() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_listing", ROOT / "docs" / "make_listing.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def words(text: str) -> str:
    return "".join(text.split())


def drawn(svg: str) -> str:
    """What a picture says, its title apart; the texts stand in it from top to bottom."""
    return words(unescape("".join(re.findall(r"<text class=\"[^\"]*-r\d+\"[^>]*>([^<]*)", svg))))


def test_the_pictures_show_what_the_program_says(drawing: ModuleType) -> None:
    for picture in drawing.PICTURES:
        lines = lay_out(picture.result(), lang=picture.lang, width=picture.width, color=True, notes=False)
        said = words("".join(plain(line) for line in lines))
        assert drawn((ROOT / "docs" / picture.name).read_text(encoding="utf-8")) == said, "run: python docs/make_listing.py"


def test_characters_of_two_widths_never_share_a_text_of_a_picture(drawing: ModuleType) -> None:
    texts = [unescape(text) for text in re.findall(r"<text class=\"[^\"]*-r\d+\"[^>]*>([^<]*)", drawing.draw(drawing.PICTURES[0]))]
    assert [text for text in texts if len({drawing.cells(char) for char in text if char != "\n"}) > 1] == []


def test_the_finding_that_is_taken_apart_is_a_real_one() -> None:
    report = "docs/examples/yunling-2024-mistakes.txt"
    listing = render(check((ROOT / report).read_bytes(), name=report), width=100)
    shown = [re.sub(r"\s+[①-⑧]$", "", line) for line in fenced(ROOT / "docs" / "read-a-finding.md", "text")[0].splitlines()]
    assert [line for line in shown if line not in listing.splitlines()] == []
