"""Claims: what the prose states, clause by clause, and the lists that it itemises."""

from __future__ import annotations

import pytest

from govreport_check import load_pack
from govreport_check.form import Form
from govreport_check.model import Report, Section
from govreport_check.readers.claims import Claim, claims_of


@pytest.fixture(scope="module")
def pack_forms() -> dict[str, Form]:
    return dict(load_pack("cn-disclosure").forms)


def claims(form: Form, text: str, name: str, part: str = "overview") -> list[Claim]:
    report = Report(source="r", form=form.id, sections={part: Section("一、总体情况", text)})
    return [claim for claim in claims_of(report, form) if claim.name == name]


@pytest.fixture
def form(pack_forms: dict[str, Form]) -> Form:
    return pack_forms["cn-disclosure/2021"]


def test_both_forms_read_the_prose_alike(pack_forms: dict[str, Form]) -> None:
    assert pack_forms["cn-disclosure/2019"].claims == pack_forms["cn-disclosure/2021"].claims


RECEIVED = [
    ("全市全年共收办政府信息公开申请案件3607件", 3607),
    ("本年度全区共收到70件申请", 70),
    ("共收到依申请公开 1 件", 1),
    ("受理政府信息公开申请１２９５件", 1295),
    ("受理政府信息公开申请1,295件", 1295),
    ("共受理政府信息公开申请十二件", 12),
    ("全市共收到政府信息申请公开件658件", 658),
    ("共收到依申请件927件,上年结转34件", 927),
    ("受理依申请公开政府信息数量共计0条", 0),
    ("共收到8份政府信息公开申请,均为自然人申请", 8),
]


@pytest.mark.parametrize(("text", "value"), RECEIVED)
def test_applications_received_are_read_however_they_are_written(form: Form, text: str, value: int) -> None:
    assert [claim.value.lo for claim in claims(form, text, "received")] == [value]


@pytest.mark.parametrize(
    "text",
    [
        "收到群众诉求348件",
        "收到网络申请10件",
        "收到行政复议申请5件",
        "较上年收到政府信息公开申请70件有所增加",
        "上年收到政府信息公开申请70件",
    ],
)
def test_what_is_no_application_of_this_year_is_not_read(form: Form, text: str) -> None:
    assert claims(form, text, "received") == []


@pytest.mark.parametrize(
    "text",
    [
        "收到群众诉求348件，现场解决162件，办结186件",
        "办理12345热线47件，办结47件",
        "依法做好行政复议、行政诉讼案件应诉工作，全县共办理相关案件74件",
        "结转下年度办理6件",
        "收到248条网民留言,办结留言230件",
    ],
)
def test_other_proceedings_are_not_read_as_completed_applications(form: Form, text: str) -> None:
    assert claims(form, text, "done") == []


def test_a_denial_of_lost_cases_is_no_denial_of_cases(form: Form) -> None:
    text = "全年未发生因依申请公开被行政复议纠错或行政诉讼败诉情形。"
    assert claims(form, text, "no_review") == claims(form, text, "no_litigation") == []
    assert len(claims(form, text, "none_corrected")) == 1


def test_nought_stated_is_a_claim(form: Form) -> None:
    assert [claim.value.lo for claim in claims(form, "没有因政府信息公开申请引起的行政复议和行政诉讼。", "no_litigation")] == [0]


@pytest.mark.parametrize(
    "text", ["收到群众诉求348件，现场解决162件，跟进解决186件，办结率100%。", "收到申请后即办。网民留言100条，办结率100%。"]
)
def test_the_rate_of_other_matters_is_not_that_of_applications(form: Form, text: str) -> None:
    assert claims(form, text, "all_done") == []


# --- itemised sums --------------------------------------------------------------------------------------------------------------


def figures(claim: Claim) -> tuple[object, ...]:
    stated = claim.captures
    return tuple(getattr(stated[key], "lo", stated[key]) for key in ("sum", "largest", "items", "open"))


def test_items_behind_a_whole_are_added_up(form: Form) -> None:
    (claim,) = claims(form, "全年制作119期简明问答，其中，市级47期、甲区50期、乙县22期。", "itemised")
    assert (claim.value.lo, *figures(claim)) == (119, 119, 50, 3, False)


def test_a_bracket_ends_the_list_that_it_opens(form: Form) -> None:
    text = "共收办政府信息公开申请案件36件（市政府20件、甲县16件），同比增长7%，其中，自然人申请30件，法人或其他组织申请6件。"
    (claim,) = claims(form, text, "received_by_unit")
    assert figures(claim) == (36, 20, 2, False)


def test_what_stands_in_brackets_within_a_list_belongs_to_its_item(form: Form) -> None:
    (claim,) = claims(form, "共发布380条，其中专项资金152条，预决算公开197条（政府32条、部门165条）、其他31条。", "itemised")
    assert figures(claim) == (380, 197, 3, False)


def test_a_list_within_a_list_is_read_for_the_inner_whole_only(form: Form) -> None:
    found = claims(form, "公布政府信息276条，其中网站216条，其中解读类100条。", "itemised")
    assert [(claim.value.lo, *figures(claim)) for claim in found] == [(216, 100, 100, 1, False)]


def test_parts_in_other_units_leave_a_list_open(form: Form) -> None:
    (claim,) = claims(form, "共发布政府信息79603条，其中：会议信息220条，政策文件3302件，其他信息72514条。", "itemised")
    assert figures(claim) == (72734, 72514, 2, True)


def test_a_list_belongs_to_the_nearest_whole(form: Form) -> None:
    found = claims(form, "公开信息200条，发布解读30期，其中图解10期、视频5期。", "itemised")
    assert [claim.value.lo for claim in found] == [30]


def test_an_increase_is_no_item(form: Form) -> None:
    (claim,) = claims(form, "公开信息100条，其中网站90条，比上年增加10条，微信10条。", "itemised")
    assert figures(claim)[0] == 100


def test_fees_are_added_up_across_sentences(form: Form) -> None:
    text = "对25件政府信息公开申请收取了信息处理费2950元。其中，甲局1件，收取420元；乙局24件，收取2530元，均符合规定。"
    (amount,) = claims(form, text, "fees_by_unit", "other_matters")
    (cases,) = claims(form, text, "fees_cases_by_unit", "other_matters")
    assert (amount.value.lo, figures(amount)[0]) == (2950, 2950)
    assert (cases.value.lo, figures(cases)[0]) == (25, 25)


def test_a_unit_without_its_number_is_told(form: Form) -> None:
    found = claims(form, "全年公开核准企业资质条、施工许可证76条、排水许可证5条。", "number_missing")
    assert [claim.value.lo for claim in found] == [-1]
