"""Five thousand findings over a thousand reports, in every format: time and memory of a process of its own."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from govreport_check.findings import Result
from govreport_check.renderers import OUTPUTS

SECONDS, MEGABYTES = 10, 500

PROGRAM = """
import json, pickle, sys, time
from pathlib import Path
from govreport_check.findings import Verdict
from govreport_check.renderers import FILES_ONLY, render, render_file

pattern = pickle.loads(Path(sys.argv[1]).read_bytes())
(report,) = pattern.reports
reports = []
for i in range(1000):
    findings = []
    for n in range(5):
        one = report.findings[(i + n) % len(report.findings)]
        findings.append(one.model_copy(update={"fingerprint": f"{i:08x}{n:08x}"}))
    verdict = (Verdict.FINDINGS, Verdict.NOT_VERIFIED)[i % 2]
    reports.append(report.model_copy(update={"source": f"{i}/report.txt", "findings": findings, "verdict": verdict}))
result = pattern.model_copy(update={"reports": reports})
began = time.process_time()
if sys.argv[2] in FILES_ONLY:
    text = render_file(result, sys.argv[2], f".{sys.argv[2]}", notes=True, waived=True)
else:
    text = render(result, sys.argv[2], notes=True, waived=True)
sys.path.insert(0, sys.argv[3])
from memory import peak_kib
peak = peak_kib() // (1024 if sys.platform == "linux" else 1 << 20)
print(json.dumps({"seconds": time.process_time() - began, "megabytes": peak, "characters": len(text)}))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="memory of a process is asked for as Unix does")
@pytest.mark.parametrize("format_", OUTPUTS)
def test_five_thousand_findings_render_quickly_in_little_memory(format_: str, result: Result, tmp_path: Path) -> None:
    pattern = tmp_path / "result"
    pattern.write_bytes(pickle.dumps(result))
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(pattern), format_, str(Path(__file__).parent.parent / "readers")],
        capture_output=True,
        text=True,
        env=dict(os.environ),
        check=True,
    )
    told = json.loads(done.stdout)
    print(format_, told)  # noqa: T201 (shown by pytest -rP)
    assert told["characters"] > 50
    assert told["seconds"] < SECONDS
    assert told["megabytes"] < MEGABYTES
