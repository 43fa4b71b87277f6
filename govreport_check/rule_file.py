"""A rule file (``rules/<pack>/**.yaml``, contract ``govreport-rule/1``) as pydantic checks it."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field, field_validator, model_validator

from govreport_check.form import Form, years_of
from govreport_check.form_file import YEARS, Bilingual, Strict
from govreport_check.rule import VERSION, is_law_for

SeverityName: TypeAlias = Literal["error", "warning", "note"]
Expectation: TypeAlias = Literal["pass", "fail", "undecided", "not_applicable"]
Expression: TypeAlias = str | int | Decimal | bool


class CiteSpec(Strict):
    """The law: a document, and the article or place in it. ``years``: the reports for which it is the law, where not for all."""

    document: str
    at: str
    years: str | int | None = None

    def is_law_for(self, form: Form) -> bool:
        return is_law_for(self.years, form)


class ToleranceSpec(Strict):
    """How far a comparison may be off; why is obligatory."""

    abs: Expression
    because: str | Bilingual


class LoweredSpec(Strict):
    """A circumstance that softens the severity."""

    to: SeverityName
    when: Expression
    because: Bilingual


class OverrideSpec(Strict):
    """Another severity for a rule than its file states; why is obligatory."""

    to: SeverityName
    because: Annotated[str, Field(min_length=1)] | Bilingual


class ExampleSpec(Strict):
    """A report fragment and what the rule says of it. ``only`` keeps the instances with these bindings."""

    expect: Expectation
    given: dict[str, Any]
    only: dict[str, str | int] = {}
    note: str | None = None
    form: str | None = None


class SurvivesSpec(Strict):
    """A change to the rule that no example can notice (``before → after``, as ``rules test --mutate`` prints it), and why."""

    change: str
    because: str


class RuleFile(Strict):
    """``govreport-rule/1``: one requirement. A ``built_in`` finding states no expression: a reader or the engine makes it."""

    schema_: Literal["govreport-rule/1"] = Field(alias="schema")
    title: Bilingual
    severity: SeverityName
    confidence: Literal["certain", "likely"] = "certain"
    status: Literal["preview", "stable", "deprecated"] = "stable"
    since: str = Field(default="0.1", pattern=VERSION)
    was: list[str] = []
    default: Literal["on", "off"] = "on"
    cites: list[CiteSpec] = []
    years: str | int | None = None
    for_: dict[str, str] = Field(alias="for", default={})
    when: Expression | None = None
    let: dict[str, Expression] = {}
    assert_: Expression | None = Field(alias="assert", default=None)
    readings: dict[str, Expression] | None = None
    tolerance: ToleranceSpec | None = None
    lowered: list[LoweredSpec] = []
    message: Bilingual
    why: Bilingual
    fix: Bilingual
    built_in: bool = False
    outcome: Literal["fail", "undecided"] = "fail"
    examples: list[ExampleSpec] = []
    survives: list[SurvivesSpec] = []
    stays: Bilingual | None = None

    @field_validator("years")
    @classmethod
    def _are_years(cls, years: str | int | None) -> str | int | None:
        if years is not None and not re.fullmatch(YEARS, str(years)):
            raise ValueError("years are written 2021, 2021- or 2019-2020")
        return years

    @model_validator(mode="after")
    def _states_one_thing(self) -> RuleFile:
        stated = [self.assert_ is not None, self.readings is not None, self.built_in]
        if sum(stated) != 1:
            raise ValueError("a rule states exactly one of assert:, readings: or built_in: true")
        if self.readings is not None and ("of" not in self.readings or len(self.readings) < 2):
            raise ValueError("readings: needs of: and at least one reading")
        if self.confidence == "likely" and self.severity == "error":
            raise ValueError("a likely rule is at most a warning")
        expected = {example.expect for example in self.examples}
        if not self.built_in and not {"pass", "fail"} <= expected:
            raise ValueError("a rule proves itself by at least one passing and one failing example")
        return self

    @property
    def span(self) -> tuple[int, int | None]:
        """First and last year of the reports that the rule is for."""
        return (0, None) if self.years is None else years_of(str(self.years))
