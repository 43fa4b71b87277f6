"""The command ``govreport``: options in, text and an exit code out. It decides nothing about a report.

Everything heavy is imported where it is used, so that ``--help`` and ``--version`` answer at once.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from threading import RLock
from types import ModuleType, TracebackType
from typing import Any

import click

from govreport_check import console, help_text
from govreport_check.errors import GovreportError, PackError, SourceError

SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command on ``argv`` (the process's own when None) and return its exit code."""
    console.prepare()
    _be_quick()
    if argv is None:  # the process is this command's own, and ends with it: its garbage need not be told from the rest
        atexit.register(gc.freeze)
        _put_off("numpy")
    sys.excepthook = _last_words
    try:
        code = govreport.main(args=None if argv is None else list(argv), prog_name=console.COMMAND, standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return console.FAILED
    except (click.Abort, KeyboardInterrupt):
        return console.INTERRUPTED
    except SourceError as error:
        return console.complain([str(error)], console.NOTHING)
    except PackError as error:
        return console.complain([*map(str, error.complaints), _told(len(error.complaints))], console.FAILED)
    except GovreportError as error:
        return console.complain([f"{console.COMMAND}: {error}"], console.FAILED)
    return int(code or 0)


def _be_quick() -> None:
    """What a short command can do without: looking for garbage while rule files are loaded, numpy's threads, and pydantic's plugins
    (for which it would look in every installed package)."""
    gc.set_threshold(100_000, 50, 50)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")


class _Later(ModuleType):
    """A module that is imported when something of it is first used. (importlib's LazyLoader imports it at the next ``import``.)

    Who imports a module of it before anything else of it is used executes that one twice; nothing that is imported here does.
    """

    def __getattr__(self, name: str) -> Any:
        with _IMPORTING:
            if sys.modules.get(self.__name__) is self:
                del sys.modules[self.__name__]
            found = vars(self)[name] = getattr(import_module(self.__name__), name)
        return found


_IMPORTING = RLock()


def _put_off(name: str) -> None:
    """A report in which all is right needs none of it."""
    spec = None if name in sys.modules else find_spec(name)
    if spec is not None:
        sys.modules[name] = module = _Later(name)
        module.__spec__ = spec


def _told(count: int) -> str:
    return f"{console.COMMAND}: {count} {'mistake' if count == 1 else 'mistakes'}; nothing was checked"


def _last_words(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """A mistake of this program: one line and exit 2, since an unchecked report must never look like a checked one."""
    if os.environ.get("GOVREPORT_DEBUG"):
        sys.__excepthook__(kind, error, trace)
    else:
        words = " ".join(str(error).split())
        told = f"internal error: {kind.__name__}: {words}; please report it (GOVREPORT_DEBUG=1 shows more)"
        print(f"{console.COMMAND}: {told}", file=sys.stderr)  # noqa: T201
    raise SystemExit(console.FAILED)


def _version(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"{console.COMMAND} {version('govreport-check')}")
        context.exit()


_HOMES = {
    "check": "cli_check",
    "read": "cli_read",
    "rules": "cli_rules",
    "explain": "cli_rules",
    "waive": "cli_waive",
    "diff": "cli_gate",
    "attest": "cli_gate",
    "verify": "cli_gate",
    "serve": "cli_serve",
    "bundle": "cli_bundle",
    "form": "cli_form",
    "doctor": "cli_doctor",
    "season": "cli_season",
    "archive": "cli_archive",
    "letter": "cli_letters",
}
"""The module of every command, where it has the command's name, or this one."""
_NAMED = {"letter": "letters"}


class _Commands(click.Group):
    """The commands, each imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_HOMES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _HOMES:
            return None
        if cmd_name not in self.commands:
            found: click.Command = getattr(import_module(f"govreport_check.{_HOMES[cmd_name]}"), _NAMED.get(cmd_name, cmd_name))
            help_text.localise(found)
            self.commands[cmd_name] = found
        return self.commands[cmd_name]


@click.group(cls=_Commands, context_settings=SETTINGS)
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version and exit.")
def govreport() -> None:
    """Check government transparency reports against rule files, and name the figure that is wrong.

    Exit codes: 0 every report is clean, 1 findings or not verified, 2 the work could not be done, 3 nothing was checked.
    """


help_text.localise(govreport)
