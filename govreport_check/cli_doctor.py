"""``govreport doctor``: whether this installation can do its work."""

from __future__ import annotations

import click

from govreport_check import console


@click.command()
@click.option("--lang", type=console.LANG, help="Language of what is said.")
def doctor(lang: str | None) -> int:
    """Look at Python, packages, extras, LibreOffice, fonts, the cache folder and the packs, and say what is missing.

    Exits with 1 where it cannot do its work; what is only needed for some formats is told and is no failure.
    """
    from govreport_check.doctor import as_text, examine

    chosen = lang or console.language()
    findings = examine(chosen)
    console.deliver(as_text(findings, chosen))
    return 1 if any(one.state == "bad" for one in findings) else 0
