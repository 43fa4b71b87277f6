"""What the server says of a report is what the command says."""

from __future__ import annotations

import base64
import json
import re
from decimal import Decimal
from pathlib import Path

import pytest
from serving import CLEAN, MISTAKES, TOKEN, Serving, as_the_command_says

from govreport_check import check_many, read, render
from govreport_check.readers import to_json
from govreport_check.readers.flat_csv import to_flat_csv


@pytest.mark.shared
def test_every_published_report_has_the_findings_of_the_command(page: Serving, shared: Path) -> None:
    paths = sorted(path for path in (shared / "cn" / "reports").iterdir() if path.name != "README.md")
    assert len(paths) > 5
    ids = page.hand_in(*((path.name, path.read_bytes()) for path in paths))
    for id_, path in zip(ids, paths, strict=True):
        assert page.check({"id": id_})["result"] == as_the_command_says(path.read_bytes(), path.name), path.name


@pytest.mark.shared
def test_years_of_one_agency_are_paired_as_the_command_pairs_them(page: Serving, shared: Path) -> None:
    paths = sorted((shared / "cn" / "reports").glob("pingtan_*.txt"))
    ids = page.hand_in(*((path.name, path.read_bytes()) for path in paths))
    answer = page.check(*({"id": id_} for id_ in ids))
    expected = check_many([path.read_bytes() for path in paths], names=[path.name for path in paths])
    assert answer["result"] == json.loads(render(expected, "json"))
    assert [one["id"] for one in answer["reports"]] == ids
    assert [f"#r{i}" in answer["overview_html"] for i in range(len(paths) + 1)] == [True] * len(paths) + [False]


def test_a_program_asks_with_text_bytes_data_or_a_file(page: Serving) -> None:
    expected = as_the_command_says(MISTAKES, "a.txt", lang="en")
    text = page.client.post("api/check", json={"text": MISTAKES.decode(), "name": "a.txt", "lang": "en"})
    content = page.client.post("api/check", json={"content": base64.b64encode(MISTAKES).decode(), "name": "a.txt", "lang": "en"})
    file = page.client.post("api/check?lang=en", files={"file": ("a.txt", MISTAKES)})
    assert [one.json() for one in (text, content, file)] == [{"result": expected}] * 3


def test_figures_of_data_stay_exact_and_double_keys_are_told(page: Serving) -> None:
    tables = '{"fees": {"administrative": {"amount": 0.1, "amount": 185.76}}}'
    report = f'{{"schema": "govreport-report/1", "form": "cn-disclosure/2021", "tables": {tables}}}'
    answer = page.client.post("api/check", content=f'{{"name": "r.json", "report": {report}}}')
    found, expected = answer.json()["result"], as_the_command_says(report.encode(), "r.json")
    for one in (found, expected):
        for finding in one["reports"][0]["findings"]:
            for cell in finding["cells"]:
                cell["place"]["line"] = None  # the data stands in a line of the request
    assert found == expected
    assert Decimal("185.76") in (read(report.encode()).tables or {})["fees"]["administrative"]["amount"].values  # type: ignore[index,union-attr]


def test_facts_that_the_person_states_and_the_year_before_count(page: Serving, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = MISTAKES.replace(b"2024", b"2023").replace(b"2025", b"2024")
    ids = page.hand_in(("now.txt", CLEAN), ("before.txt", before))
    told = page.check({"id": ids[0], "prior": ids[1], "about": {"level": "township"}})
    monkeypatch.chdir(tmp_path)
    (tmp_path / "before.txt").write_bytes(before)
    assert told["result"] == as_the_command_says(CLEAN, "now.txt", prior="before.txt", about={"level": "township"})
    plain = page.check({"id": ids[0]})
    assert told["result"]["reports"][0]["about"]["level"] == "township"
    assert plain["result"]["reports"][0]["about"]["level"] == "county"
    assert told["result"]["reports"][0]["counts"] != plain["result"]["reports"][0]["counts"]


def test_a_file_of_many_reports_is_checked_and_not_changed(page: Serving) -> None:
    one = to_flat_csv(read(CLEAN)).splitlines()
    many = "\n".join([*one, *(line.replace("2024", "2023", 1) for line in one[1:])]).encode()
    (id_,) = page.hand_in(("many.csv", many))
    answer = page.check({"id": id_})
    assert answer["result"] == as_the_command_says(many, "many.csv")
    assert len(answer["reports"]) == 2 and {one["id"] for one in answer["reports"]} == {id_}
    edit = {"at": "requests[granted, total]", "to": "1"}
    assert page.client.post("api/check", json={"documents": [{"id": id_, "edits": [edit]}]}).json()["error"]["code"] == "edit"


def test_a_report_that_cannot_be_read_is_told_by_a_finding(page: Serving) -> None:
    ids = page.hand_in(("picture.txt", b"\x89PNG\r\n"), ("shopping.txt", "牛奶、面包\n".encode()), ("empty.txt", b""))
    states = [page.client.get(f"api/documents/{id_}").json()["state"] for id_ in ids]
    assert states == ["failed", "ready", "failed"]
    answer = page.check(*({"id": id_} for id_ in ids), lang="zh")
    assert [one["verdict"] for one in answer["result"]["reports"]] == ["not_verified"] * 3
    assert ["<table" in one["html"] for one in answer["reports"]] == [False] * 3


# --- mending --------------------------------------------------------------------------------------------------------------------


def test_a_mended_figure_settles_its_findings_and_only_they_go(page: Serving) -> None:
    (id_,) = page.hand_in(("a.txt", MISTAKES))
    before = page.check({"id": id_}, lang="zh")
    suspect = next(one for finding in before["result"]["reports"][0]["findings"] for one in finding["suspects"] if one["cells"])
    edits = [{"at": cell["address"], "to": cell["to"]} for cell in suspect["cells"]]
    after = page.check({"id": id_, "edits": edits}, lang="zh")
    left = {finding["fingerprint"] for finding in after["result"]["reports"][0]["findings"]}
    assert not left & set(suspect["explains"])
    assert len(after["result"]["reports"][0]["findings"]) < len(before["result"]["reports"][0]["findings"])
    assert page.check({"id": id_}, lang="zh") == before


def test_the_page_is_shown_what_findings_mark(page: Serving) -> None:
    (id_,) = page.hand_in(("a.txt", MISTAKES))
    answer = page.check({"id": id_}, lang="zh")
    (shown,), (report,) = answer["reports"], answer["result"]["reports"]
    for finding in report["findings"]:
        assert finding["fingerprint"] in shown["html"]
    marked = set(re.findall(r"(e0-[\w.-]+):", shown["html"]))
    assert marked and all(f'id="{place}"' in shown["html"] for place in marked)
    assert "style=" not in shown["html"] and "<script" not in shown["html"]


def test_a_paragraph_keeps_its_number_when_another_is_taken_out(page: Serving) -> None:
    (id_,) = page.hand_in(("a.txt", MISTAKES))
    edits = [{"at": "sections.overview", "line": 2, "to": ""}, {"at": "sections.overview", "line": 4, "to": "第四段。"}]
    (shown,) = page.check({"id": id_, "edits": edits}, lang="zh")["reports"]
    overview = next(part for part in shown["printed"]["parts"] if part["id"] == "overview")
    assert shown["paragraphs"]["overview"] == [1, 3, 4, 5, 6]
    assert [text for _, text in overview["paragraphs"]].index("第四段。") == 2


@pytest.mark.parametrize(
    ("edit", "place"),
    [
        ({"at": "requests[granted, nobody]", "to": "1"}, "requests[granted, nobody]"),
        ({"at": "sections.nowhere.heading", "to": "一"}, "sections.nowhere.heading"),
        ({"at": "sections.overview", "line": 99, "to": "一"}, "sections.overview:99"),
        ({"at": "labels.requests.rows.nix", "to": "一"}, "labels.requests.rows.nix"),
        ({"at": "requests[granted, total]", "to": "1\n2"}, "requests[granted, total]"),
        ({"at": "__class__", "to": "1"}, "__class__"),
    ],
)
def test_an_impossible_edit_is_refused_with_its_place(page: Serving, edit: dict[str, object], place: str) -> None:
    (id_,) = page.hand_in(("a.txt", CLEAN))
    answer = page.client.post("api/check", json={"documents": [{"id": id_, "edits": [edit]}], "lang": "zh"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "edit")
    assert answer.json()["error"]["zh"].startswith(place) and answer.json()["error"]["en"].startswith(place)


def test_hostile_text_is_inert_in_what_the_page_is_given(page: Serving) -> None:
    text = CLEAN.decode().replace("云岭县人民政府", "<script>alert(1)</script>县人民政府", 1)
    (id_,) = page.hand_in(("<img src=x onerror=alert(1)>\u202egnp.txt", text.encode()))
    edits = [{"at": "requests[granted, total]", "to": "<script>]]>"}, {"at": "sections.overview.heading", "to": '"><img src=x>'}]
    answer = page.check({"id": id_, "edits": edits}, lang="zh")
    told = "".join(one["html"] for one in answer["reports"])
    assert not re.search(r"<(?:script|img)", told)
    assert "\u202e" not in told and "\u202e" not in answer["result"]["reports"][0]["source"]


# --- taking away ----------------------------------------------------------------------------------------------------------------


def test_the_files_that_are_taken_are_of_the_mended_report(page: Serving) -> None:
    (id_,) = page.hand_in(("云岭.txt", MISTAKES))
    wanted = {"documents": [{"id": id_, "edits": [{"at": "requests[granted, total]", "to": "4321"}]}], "lang": "zh"}
    html, result, report = (page.client.post(f"api/take/{kind}", json=wanted) for kind in ("html", "json", "report"))
    assert "4321" in html.text and html.text.startswith("<!doctype html>")
    assert result.json() == page.check(*wanted["documents"], lang="zh")["result"]
    assert report.json()["tables"]["requests"]["granted"]["total"] == 4321
    again = as_the_command_says(report.content, "云岭.txt", lang="zh")
    assert {one["rule"] for one in again["reports"][0]["findings"]} == {one["rule"] for one in result.json()["reports"][0]["findings"]}
    assert html.headers["content-disposition"].endswith("filename*=UTF-8''%E4%BA%91%E5%B2%AD.html")


def test_an_unchanged_report_is_taken_as_it_was_read(page: Serving) -> None:
    (id_,) = page.hand_in(("a.txt", CLEAN))
    taken = page.client.post("api/take/report", json={"documents": [{"id": id_}]})
    assert json.loads(taken.text)["tables"] == json.loads(to_json(read(CLEAN)))["tables"]


def test_a_manifest_is_of_files_and_refused_for_changes(page: Serving, tmp_path: Path) -> None:
    from govreport_check.manifest import read_manifest, sha256
    from govreport_check.verification import verify

    (id_,) = page.hand_in(("a.txt", CLEAN))
    taken = page.client.post("api/take/manifest", json={"documents": [{"id": id_}], "lang": "zh"})
    (tmp_path / "m.json").write_bytes(taken.content)
    (tmp_path / "a.txt").write_bytes(CLEAN)
    manifest = read_manifest(tmp_path / "m.json")
    assert manifest.documents[0].sha256 == sha256(CLEAN)
    assert all(remark.same for remark in verify(manifest, tmp_path, [tmp_path / "a.txt"], "zh"))
    edits = [{"at": "requests[granted, total]", "to": "4321"}]
    refused = page.client.post("api/take/manifest", json={"documents": [{"id": id_, "edits": edits}]})
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "not-available")


def test_the_description_holds_every_path_and_resolves(page: Serving) -> None:
    described = page.client.get("api/openapi.json", headers={"X-Govreport-Token": ""}).json()
    names = set(described["components"]["schemas"])
    assert set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(described))) <= names
    assert {"/api/check", "/api/documents", "/api/documents/{id}", "/api/take/{kind}", "/api/options", "/api/health"} == set(
        described["paths"]
    )
    assert page.client.get("api/options?lang=en").json()["levels"][3] == ["county", "county"]
    assert TOKEN not in json.dumps(described)
