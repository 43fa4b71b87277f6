"""Texts that are all but the same are told; texts that share what everybody writes are not."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from govreport_check.pack import load_pack
from govreport_check.recognition import known_report
from govreport_check.season.alike import LEAST, alike, own_words

CHARACTERS = [chr(code) for code in range(0x4E00, 0x5E00)]


def text(seed: int, length: int = 600) -> str:
    draw = Random(seed)
    return "".join(draw.choice(CHARACTERS) for _ in range(length))


def told(texts: list[str]) -> list[tuple[int, int]]:
    return [(pair.first, pair.second) for pair in alike(texts)]


def test_a_copy_is_found_among_many_others() -> None:
    texts = [text(seed) for seed in range(200)]
    texts[150] = texts[20][:300] + text(900, 40) + texts[20][300:]
    assert told(texts) == [(20, 150)]


def test_what_everybody_writes_counts_for_nothing() -> None:
    common = text(1, 900)
    assert told([common + text(seed, 200) for seed in range(100, 140)]) == []


def test_three_that_share_one_text_are_three_pairs() -> None:
    assert told([text(1), text(1), text(2), text(1)]) == [(0, 1), (0, 3), (1, 3)]


@pytest.mark.parametrize("length", [0, 3, 30])
def test_a_text_that_says_next_to_nothing_is_nobodys(length: int) -> None:
    assert told([text(1, length)] * 2) == []


@pytest.mark.parametrize(("shared", "found"), [(0.9, True), (0.75, True), (0.5, False), (0.2, False)])
def test_the_share_decides(shared: float, found: bool) -> None:
    same = text(1, int(1000 * shared))
    pairs = alike([same + text(2, 1000 - len(same)), same + text(3, 1000 - len(same))])
    assert bool(pairs) is found
    expected = 100 * shared / (2 - shared)
    assert not pairs or abs(pairs[0].share - expected) < 4


def test_no_texts_no_pairs() -> None:
    assert alike([]) == []
    assert alike([text(1)]) == []


def test_names_figures_and_signs_are_no_words_of_its_own() -> None:
    pack = load_pack("cn-disclosure")
    found = known_report(Path("docs/examples/yunling-2024.txt").read_text(encoding="utf-8"), [pack])
    words = own_words(found.report, found.form, ("云岭县", "云岭"))
    assert "云岭" not in words
    assert not any(char.isdigit() or char in "，。（）“”" for char in words)
    assert "义务教育招生" in words


@pytest.mark.shared
def test_real_reports_are_not_taken_for_copies_not_even_of_one_agency(shared: Path) -> None:
    pack = load_pack("cn-disclosure")
    files = [path for path in sorted((shared / "cn" / "reports").iterdir()) if path.suffix in (".txt", ".html", ".pdf")]
    found = [known_report(path, [pack]) for path in files]
    assert len(found) > 6
    assert alike([own_words(one.report, one.form, ()) for one in found]) == []
    assert LEAST == 50
