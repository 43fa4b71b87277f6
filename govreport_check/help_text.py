"""What ``--help`` says, in Chinese where the environment says so: looked up by the English text, which stands at each option."""

from __future__ import annotations

from collections.abc import Iterable

import click

from govreport_check import console
from govreport_check.help_zh import ZH

_HEADS = {"Options": "选项", "Commands": "命令"}
_EXTRA = {"default: ": "默认：", "required": "必填", "; ": "；"}


def in_chinese(english: str) -> str | None:
    """The Chinese of a help text, or of one that was cut short; None where there is none."""
    text = " ".join(english.split())
    if text in ZH:
        return ZH[text]
    begun = text.removesuffix("...").rstrip(". ")
    return next((zh.partition("。")[0] + "。" for whole, zh in ZH.items() if begun and whole.startswith(begun)), None)


class Formatter(click.HelpFormatter):
    """Click's layout; in Chinese with lines broken where Chinese breaks."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, "用法：" if prefix is None and console.language() == "zh" else prefix)

    def write_heading(self, heading: str) -> None:
        chinese = console.language() == "zh"
        self.write(
            f"{'':>{self.current_indent}}{_HEADS.get(heading, heading)}：\n" if chinese else f"{'':>{self.current_indent}}{heading}:\n"
        )

    def write_text(self, text: str) -> None:
        zh = in_chinese(text) if console.language() == "zh" else None
        if zh is None:
            super().write_text(text)
            return
        blank = " " * self.current_indent
        parts = [_lines(part, self.width - self.current_indent) for part in zh.split("\n\n")]
        self.write("\n\n".join("\n".join(blank + line for line in lines) for lines in parts) + "\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        if console.language() != "zh":
            super().write_dl(rows, col_max, col_spacing)
            return
        rows = list(rows)
        first = min(max(len(name) for name, _ in rows), col_max) + col_spacing + self.current_indent
        for name, text in rows:
            said, mark, extra = text.strip().partition("  [")
            said, mark, extra = ("", "[", said[1:]) if said.startswith("[") else (said, mark, extra)
            told = (in_chinese(said) or said) + (f"（{_extra(extra.removesuffix(']'))}）" if mark else "")
            lines = _lines(told, self.width - first)
            head = f"{'':>{self.current_indent}}{name}"
            lead = [f"{head:<{first}}{lines[0]}"] if len(head) < first - 1 else [head, f"{'':>{first}}{lines[0]}"]
            self.write("".join(f"{line}\n" for line in [*lead, *(f"{'':>{first}}{line}" for line in lines[1:])]))


def _extra(text: str) -> str:
    for english, chinese in _EXTRA.items():
        text = text.replace(english, chinese)
    return text


def _lines(text: str, width: int) -> list[str]:
    from govreport_check.renderers.lines import wrap

    return wrap(text, max(width, 20)) or [""]


class Context(click.Context):
    formatter_class = Formatter


def localise(command: click.Command) -> None:
    """Lets a command and those below it say their help in the language of the environment."""
    command.context_class = Context
    for below in command.commands.values() if isinstance(command, click.Group) else ():
        localise(below)
