"""Kept packs change how long a check takes and nothing else, and nothing is read that somebody else may have written."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from govreport_check import check, engine, load_pack, pack, pack_cache

SECRET = "a word that stands in no rule"
posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no owner and mode in stat")


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The empty folder of kept packs."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv(pack_cache.SWITCH, raising=False)
    pack._to_check.cache_clear()
    return tmp_path / "cache" / pack_cache.OWN


@pytest.fixture
def result(root: Path) -> Callable[[], str]:
    """What a new process would say of the example with mistakes: nothing that was loaded before is used."""
    text = (root / "docs" / "examples" / "yunling-2024-mistakes.txt").read_text(encoding="utf-8")

    def checked() -> str:
        pack._to_check.cache_clear()
        engine._built_in.cache_clear()
        return check(text, name="example").model_dump_json()

    return checked


@pytest.fixture
def own_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the bundled packs, which stands for them."""
    folder = tmp_path / "rules"
    shutil.copytree(pack.rules_folder(), folder)
    monkeypatch.setattr(pack, "rules_folder", lambda: folder)
    return folder


def kept_file(cache: Path) -> Path:
    (found,) = cache.glob("cn-disclosure-*")
    return found


def test_results_are_the_same_with_and_without(cache: Path, result: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(pack_cache.SWITCH, "off")
    without = result()
    assert not cache.exists()
    monkeypatch.delenv(pack_cache.SWITCH)
    first = result()
    assert sorted(path.name.rpartition("-")[0] for path in cache.iterdir()) == ["cn-disclosure", "form", "us-foia"]

    def unexpected(*_: object) -> None:
        raise AssertionError("a rule file was read")

    monkeypatch.setattr(pack, "_load", unexpected)
    assert result() == first == without


def test_every_bound_rule_is_kept_as_it_was(cache: Path) -> None:
    pack.pack_to_check("cn-disclosure")
    pack._to_check.cache_clear()
    whole, kept = load_pack("cn-disclosure"), pack.pack_to_check("cn-disclosure")
    assert whole is not kept
    assert (kept.forms, kept.hash, kept.profiles) == (whole.forms, whole.hash, whole.profiles)
    assert [dict(rule.bound) for rule in kept.rules] == [dict(rule.bound) for rule in whole.rules]
    assert all(rule.file.examples for rule in whole.rules)


def test_every_kept_file_says_what_it_said(cache: Path) -> None:
    pack.pack_to_check("cn-disclosure")
    pack._to_check.cache_clear()
    whole, kept = load_pack("cn-disclosure"), pack.pack_to_check("cn-disclosure")
    for one, other in zip(whole.rules, kept.rules, strict=True):
        mine, its = one.file, other.file
        for name in sorted(set(type(mine).model_fields) - {"examples", "title", "message", "why", "fix", "cites"} | {"span"}):
            assert getattr(its, name) == getattr(mine, name), (one.id, name)
        for name in ("title", "message", "why", "fix"):
            assert [getattr(getattr(its, name), lang) for lang in ("zh", "en")] == [
                getattr(getattr(mine, name), lang) for lang in ("zh", "en")
            ]
        laws = [[(c.document, c.at, c.years, *map(c.is_law_for, whole.forms.values())) for c in file.cites] for file in (mine, its)]
        assert laws[0] == laws[1]
        assert (other.severity, other.default) == (one.severity, one.default)
    assert {name: (kind.title.zh, list(kind.rules)) for name, kind in kept.season.problems.items()} == {
        name: (kind.title.zh, kind.rules) for name, kind in whole.season.problems.items()
    }
    assert (kept.season.due, kept.season.places, kept.season.figures) == (whole.season.due, whole.season.places, whole.season.figures)


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: content[: len(content) // 2],
        lambda content: content[:-1] + bytes([content[-1] ^ 1]),
        lambda content: bytes(32) + content[32:],
        lambda content: b"not a pickle" * 20,
    ],
    ids=["empty", "cut", "one bit", "of another version", "other content"],
)
def test_a_damaged_file_is_ignored_and_replaced(cache: Path, result: Callable[[], str], damage: Callable[[bytes], bytes]) -> None:
    before = result()
    path = kept_file(cache)
    content = path.read_bytes()
    path.write_bytes(damage(content))
    assert result() == before
    assert path.read_bytes()[:32] == content[:32]
    folder = pack.rules_folder() / "cn-disclosure"
    assert pack_cache.kept(str(folder), pack_cache.stamp_of(folder, pack.YAML)) is not None


def test_a_changed_rule_file_is_seen_at_once(cache: Path, result: Callable[[], str], own_rules: Path) -> None:
    assert SECRET not in result()
    rule = next(own_rules.glob("cn-disclosure/requests/requests-balance.yaml"))
    text = rule.read_text(encoding="utf-8")
    rule.write_text(text.replace("\ntitle:\n  zh: ", f"\ntitle:\n  zh: {SECRET} ", 1), encoding="utf-8")
    assert SECRET in result()
    rule.unlink()
    assert "requests-balance" not in result()


def test_a_bad_rule_file_is_complained_of_though_a_good_one_was_kept(cache: Path, result: Callable[[], str], own_rules: Path) -> None:
    result()
    (own_rules / "cn-disclosure" / "requests" / "requests-balance.yaml").write_text("schema: govreport-rule/1\n", encoding="utf-8")
    with pytest.raises(pack.PackError):
        result()


def test_a_pack_of_others_is_not_kept(cache: Path, own_rules: Path, tmp_path: Path) -> None:
    other = shutil.copytree(own_rules / "cn-disclosure", tmp_path / "mine")
    assert pack.pack_to_check(other).rules[0].file.examples
    assert not cache.exists()


def test_where_nothing_can_be_kept_checks_go_on(
    cache: Path, result: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = result()
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert result() == before


@posix
@pytest.mark.parametrize("loose", ["file", "folder"])
def test_what_others_can_write_is_not_read(cache: Path, result: Callable[[], str], loose: str) -> None:
    result()
    path = kept_file(cache)
    folder = pack.rules_folder() / "cn-disclosure"
    stamp = pack_cache.stamp_of(folder, pack.YAML)
    assert pack_cache.kept(str(folder), stamp) is not None
    (path if loose == "file" else cache).chmod(0o777)
    assert pack_cache.kept(str(folder), stamp) is None


@posix
def test_a_link_is_not_followed(cache: Path, result: Callable[[], str], tmp_path: Path) -> None:
    result()
    path = kept_file(cache)
    path.replace(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    folder = pack.rules_folder() / "cn-disclosure"
    assert pack_cache.kept(str(folder), pack_cache.stamp_of(folder, pack.YAML)) is None


@posix
def test_another_users_file_is_not_read(cache: Path, result: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> None:
    result()
    folder = pack.rules_folder() / "cn-disclosure"
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert pack_cache.kept(str(folder), pack_cache.stamp_of(folder, pack.YAML)) is None
