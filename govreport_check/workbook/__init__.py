"""The reviewer's workbook read back: what was decided, what became of findings, and letters. ``docs/workbook.md``."""

from __future__ import annotations

from govreport_check.workbook.letters import Letters, letters_of
from govreport_check.workbook.reading import Kept, read_workbook
from govreport_check.workbook.rounds import next_round

__all__ = ["Kept", "Letters", "letters_of", "next_round", "read_workbook"]
