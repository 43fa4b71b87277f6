"""``python -m govreport_check``"""

from __future__ import annotations

import sys

from govreport_check.cli import main

sys.exit(main())
