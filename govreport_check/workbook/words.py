"""What is said of a workbook that was read back."""

from __future__ import annotations

WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "not_ours": "没有找到{sheets}及其标识列，不是 govreport season check 生成的工作簿，或者隐藏列已被删除",
        "twice": "{at}：有两列同名，只读取靠左的一列；请改名",
        "word": "{at}：“{said}”不是“采纳”或“不采纳”，按未填写处理，已保留原文",
        "day": "{at}：“{said}”不是可识别的日期，请填写如 2025-03-15 的日期，已保留原文",
        "no_key": "{at}：该行没有标识，不知道是哪一处问题，已转入“6 未对应的审核意见”",
        "differ": "{at}：同一处问题有几行且所填不一致，均未采用，已转入“6 未对应的审核意见”",
        "torn": "{at}：该行单位名称与标识不符，可能只对部分列排过序，未采用，已转入“6 未对应的审核意见”",
        "own_day": "整改期限{day.year}年{day.month}月{day.day}日",
        "letters": "已写出{n}份整改意见：{folder}",
        "no_letters": "没有采纳的问题，未写出整改意见",
        "undecided": "{unit}：{n}处尚未填写审核意见，未列入整改意见",
        "undecided.more": "另有{units}个单位共{n}处尚未填写审核意见，未列入整改意见",
        "unit_gone": "{at}：名册中已没有“{unit}”，所填内容已转入“6 未对应的审核意见”",
    },
    "en": {
        "not_ours": "the sheets {sheets} with their key columns were not found: not a workbook of `govreport season check`, or the hidden "
        "columns were deleted",
        "twice": "{at}: two columns have this head; only the left one is read; rename one",
        "word": "{at}: “{said}” is neither adopt nor reject; taken as not decided, the text is kept",
        "day": "{at}: “{said}” is no day; write it like 2025-03-15; the text is kept",
        "no_key": "{at}: the row has no key, so nobody knows which finding it is about; kept in sheet 6",
        "differ": "{at}: several rows of one finding say different things; none is used, all are kept in sheet 6",
        "torn": "{at}: the unit's name and key differ, perhaps only some columns were sorted; not used, kept in sheet 6",
        "own_day": "mend by {day}",
        "letters": "{n} letters written: {folder}",
        "no_letters": "nothing was adopted, so there is no letter to write",
        "undecided": "{unit}: {n} findings are not decided yet and in no letter",
        "undecided.more": "{units} more units: {n} findings are not decided yet and in no letter",
        "unit_gone": "{at}: “{unit}” is not in the roster any more; what was typed is kept in sheet 6",
    },
}


def say(lang: str, key: str, **words: object) -> str:
    """The words under ``key`` in ``lang``, with ``words`` put in."""
    return WORDS[lang][key].format(**words)
