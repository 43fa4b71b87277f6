"""A rule file to begin with: commented, sound as it stands, about the first table of the newest form of a pack."""

from __future__ import annotations

import re
from pathlib import Path

from govreport_check.errors import UsageError
from govreport_check.form import Form, Table, is_open
from govreport_check.pack import Pack, bundled, load_pack

_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_ID = re.compile(r"[a-z][a-z0-9-]*")

_PACK = """\
schema: govreport-pack/1
id: {id}
version: "0.1.0"
title:
  zh: 本单位规则
  en: Rules of our own
languages: {languages}
# Everything of this pack is taken over; a rule file here takes the place of its rule of the same name.
extends: {base}
# Rules of {base} that are evaluated only when they are selected:
off: []
# Rules of {base} with another severity, and why (obligatory): name: {{to: warning, because: ...}}
severity: {{}}
"""

_RULE = """\
# One requirement. All keys: docs/write-a-rule.md. Prove it with: govreport rules test {folder}
schema: govreport-rule/1
# The requirement in a few words.
title:
  zh: {table_zh}各项数据不超过一百万
  en: No figure of “{table_en}” exceeds a million
# error: the report is wrong; warning: very probably wrong; note: for information.
severity: warning
# preview: only evaluated when selected; stable: always.
status: preview
since: "0.1"
# The law: document and article.
cites:
  - {{document: 本单位规定 (our own rules), at: 第一条}}
# The reports of which years. Without it, every form of the pack.
years: {years}
# Over what it is said: every row of the table. Take a group of the form instead, or leave it out.
for: {{r: {table}.rows}}
# The requirement itself: sums, comparisons, and/or, functions.
assert: {table}[r, {column}] <= 1000000
# The finding: place, figures, difference, what to do. {{left}}, {{right}} and {{difference}} are filled in.
message:
  zh: {table_zh}“{{r}}”行为{{left}}，超过{{right}}。请核对。
  en: "{table_en}, row “{{r}}”: {{left}} exceeds {{right}}. Please check."
# Why it must hold, and how to correct it.
why:
  zh: 超过一百万的数据多为录入错误。
  en: So large a figure is usually a slip of the keyboard.
fix:
  zh: 对照台账核对该数。
  en: Check the figure against the register.
# At least one report that passes and one that fails; undecided and not_applicable may be expected as well.
examples:
  - expect: pass
    given: {{tables: {{{table}: {{{row}: {{{column}: 12}}}}}}}}
    only: {{r: {row}}}
  - expect: fail
    given: {{tables: {{{table}: {{{row}: {{{column}: 1000001}}}}}}}}
    only: {{r: {row}}}
"""


def new_rule(name: str, folder: Path, base: str) -> list[tuple[Path, str]]:
    """The files to write for a rule called ``name``: the rule, and ``pack.yaml`` where ``folder`` is no pack yet.

    A pack that has no forms of its own extends ``base``. Raises UsageError for a name that cannot be a rule's or is taken, PackError.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name}: a rule's name is of small letters, digits and single hyphens, such as fees-within-limit")
    target = folder / f"{name}.yaml"
    if (folder / "pack.yaml").is_file():
        pack, files = load_pack(folder), []
        if any(Path(rule.source).resolve().is_relative_to(folder.resolve()) for rule in pack.rules if rule.name == name):
            raise UsageError(f"{folder} has a rule {name} already")
    else:
        if base not in bundled():
            raise UsageError(f"there is no pack {base}; there are {', '.join(bundled())}")
        pack = load_pack(base)
        files = [(folder / "pack.yaml", _PACK.format(id=_id_of(folder), languages=f"[{', '.join(pack.languages)}]", base=base))]
    if target.exists():
        raise UsageError(f"{target} is there already")
    return [*files, (target, _rule(pack, folder))]


def _id_of(folder: Path) -> str:
    name = folder.resolve().name.lower().replace("_", "-")
    return name if _ID.fullmatch(name) and name not in bundled() and name != "rules" else "own-rules"


def _rule(pack: Pack, folder: Path) -> str:
    form = max(pack.forms.values(), key=lambda form: form.first_year)
    table, row, column = _begin(form)
    return _RULE.format(
        folder=folder.as_posix(),
        years=f'"{form.first_year}-{form.last_year or ""}"',
        table=table.id,
        table_zh=table.name["zh"],
        table_en=table.name["en"],
        row=row,
        column=column,
    )


def _begin(form: Form) -> tuple[Table, str, str]:
    """The first table of the form with a row and a column of counts that stand in every report, with their ids."""
    for table in form.tables.values():
        row = next((name for name in table.rows if not is_open(name)), None)
        counts = (name for name, kind in zip(table.columns, table.kinds, strict=True) if kind.name == "count" and not is_open(name))
        column = next(counts, None)
        if row is not None and column is not None:
            return table, row, column
    raise UsageError(f"the form {form.id} has no table of counts to begin with; see docs/write-a-rule.md")
