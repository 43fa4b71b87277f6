"""Which published reports lie beside the project, and where."""

from __future__ import annotations

from collections.abc import Callable

from govreport_check import Result

DOCUMENTS = {
    "zhongyang_2022": "seeds/zhongyang-2022.txt",
    **{f"pingtan_{year}": f"cn/reports/pingtan_{year}.txt" for year in (2019, 2020, 2021, 2022, 2025)},
    "hongze_2024": "cn/reports/hongze_2024.pdf",
    "suqian_2023": "cn/reports/suqian_2023.txt",
    "shuyang_2025": "cn/reports/shuyang_2025.md",
    "shuyang_drc_2023": "cn/reports/shuyang_drc_2023.html",
    "shanghai_gao_2025": "cn/reports/shanghai_gao_2025.md",
    "hangzhou_style_2025": "cn/reports/hangzhou_style_2025.html",
}
"""Documents of a kind that is read, by the name that ``expected.tsv`` gives them."""

Checked = Callable[..., Result]
