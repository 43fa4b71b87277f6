"""When the rules of a form are worth being made into steps (:mod:`govreport_check.alone`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from govreport_check.form import Form
from govreport_check.kept import kept_for
from govreport_check.rule import Rule

if TYPE_CHECKING:
    from govreport_check.alone import Plan


class _Ripening:
    """The plan of some rules, made when it is asked for the second time."""

    def __init__(self, form: Form, rules: Sequence[Rule]) -> None:
        self.form, self.rules, self.asked = form, rules, 0
        self.plan: Plan | None = None

    def ask(self) -> Plan | None:
        self.asked += 1
        if self.plan is None and self.asked > 1:
            from govreport_check.alone import plan_of

            self.plan = plan_of(self.form, self.rules)
        return self.plan


_ripening = kept_for(_Ripening)


def plan_for(form: Form, rules: Sequence[Rule]) -> Plan | None:
    """The plan of these rules; None when they are asked for the first time, since making it takes longer than the arrays do for one
    report, and for a form that each report fills in itself."""
    return None if form.members else _ripening(form, rules).ask()
