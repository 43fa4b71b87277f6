"""Which figures, changed, would make every linear constraint hold (Fellegi and Holt 1976), in exact numbers.

The core knows nothing of reports: variables and constraints in, all smallest sets of cells out (:func:`locate`), and the values that
unknown figures must have (:func:`implied_values`).
"""

from govreport_check.locate.implied import implied_values
from govreport_check.locate.search import Cause, Change, Explanation, Located, locate
from govreport_check.locate.system import Constraint, Variable, constraint

__all__ = ["Cause", "Change", "Constraint", "Explanation", "Located", "Variable", "constraint", "implied_values", "locate"]
