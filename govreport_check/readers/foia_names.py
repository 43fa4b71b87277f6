"""The elements of the FOIA annual report's NIEM exchange, by local name, and the tables and columns of the form that they are.

The same names stand in the namespaces 1.02 and 1.03 and in the schemas v1.3.2 and v2.x; where 1.02 has another name both are listed.
Source: FOIA Annual Report IEPD 1.03, v1.3.2 and v2.2 (foia.gov), section 5.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

FORM = "us-foia/2008"
ROOT = "FoiaAnnualReport"
OVERALL = "overall"

SECTIONS: Mapping[str, str] = MappingProxyType(
    {
        "exemption_3": "Exemption 3 Statutes",
        "foia_requests": "FOIA Requests",
        "administrative_appeals": "Administrative Appeals of Initial Determinations of FOIA Requests",
        "response_time": "FOIA Requests: Response Time for Processed and Pending Requests",
        "expedited_and_waivers": "Requests for Expedited Processing and Requests for Fee Waiver",
        "personnel_and_costs": "FOIA Personnel and Costs",
        "fees_collected": "Fees Collected for Processing Requests",
        "subsections": "Use of Subsection (c) and Subsection (a)(2) Postings",
        "comparisons": "Backlogs, Consultations, and Comparisons",
    }
)
"""The sections IV to XII of the form, and their headings."""


@dataclass(frozen=True, slots=True)
class Items:
    """A repeated element of a row: its ``key`` (a code, a description or a date) and its ``figure``.

    ``columns`` goes from code to column; without it the key's own words are the column, or, when ``ordered``, the item's number.
    """

    element: str
    key: str
    figure: str
    columns: Mapping[str, str] | None = None
    ordered: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """One section element: the ``table`` that it is, its ``caption``, the element of its rows (``row``) and their cells.

    ``cells`` goes from a path of local names below the row (``SimpleResponseTime/ResponseTimeMedianDaysValue``) to a column.
    """

    table: str
    section: str
    caption: str
    row: str
    cells: Mapping[str, str] = field(default_factory=dict)
    items: Items | None = None


def _columns(prefix: str, suffix: str, names: Mapping[str, str]) -> dict[str, str]:
    return {f"{prefix}{element}{suffix}": column for element, column in names.items()}


EXEMPTIONS = {
    f"Ex. {code}": f"ex_{code.replace('(', '').replace(')', '').lower()}"
    for code in ("1", "2", "3", "4", "5", "6", "7(A)", "7(B)", "7(C)", "7(D)", "7(E)", "7(F)", "8", "9")
}
_INCREMENT_CODES = "1-20 21-40 41-60 61-80 81-100 101-120 121-140 141-160 161-180 181-200 201-300 301-400 401+"
INCREMENTS = {code: "days_" + code.replace("-", "_").replace("+", "_up") for code in _INCREMENT_CODES.split()}
REASONS = {
    "NoRecords": "no_records",
    "Referred": "referred",
    "Withdrawn": "withdrawn",
    "FeeRelated": "fee_related",
    "NotDescribed": "not_described",
    "ImproperRequest": "improper",
    "NotAgency": "not_agency",
    "Duplicate": "duplicate",
    "Other": "other",
}
APPEAL_REASONS = {**REASONS, "InLitigation": "in_litigation", "ExpeditedDenial": "expedited_denial"}
TRACKS = {"Simple": "simple", "Complex": "complex", "Expedited": "expedited"}

_FLOW = _columns(
    "ProcessingStatistics",
    "Quantity",
    {"PendingAtStart": "pending_start", "Received": "received", "Processed": "processed", "PendingAtEnd": "pending_end"},
)
_MEASURES = ("Median", "Average", "Lowest", "Highest")
_TIMES = {f"ResponseTime{measure}Days{kind}": measure.lower() for measure in _MEASURES for kind in ("Value", "Code")}
_BY_TRACK = {
    f"{track}ResponseTime/{element}": f"{prefix}_{column}" for track, prefix in TRACKS.items() for element, column in _TIMES.items()
}
_PENDING = {
    f"{track}PendingRequestStatistics/PendingRequest{element}": f"{prefix}_{column}"
    for track, prefix in TRACKS.items()
    for element, column in {
        "Quantity": "count",
        "MedianDaysValue": "median",
        "MedianDaysCode": "median",
        "AverageDaysValue": "average",
        "AverageDaysCode": "average",
    }.items()
}
_ADJUDICATED = {
    "RequestGrantedQuantity": "granted",
    "RequestDeniedQuantity": "denied",
    "AdjudicationMedianDaysValue": "median",
    "AdjudicationMedianDaysCode": "median",
    "AdjudicationAverageDaysValue": "average",
    "AdjudicationAverageDaysCode": "average",
}
_COMPARED = {
    f"{prefix}{what}{year}Quantity": f"{what.lower()}_{column}"
    for prefix in ("Items", "")  # 1.02 has no prefix
    for what in ("Received", "Processed")
    for year, column in (("LastYear", "last"), ("CurrentYear", "this"))
}
_BACKLOG_COMPARED = {"BacklogLastYearQuantity": "last", "BacklogCurrentYearQuantity": "this"}
_OTHER_TOTAL = {"ComponentOtherDenialReasonQuantity": "total"}
_INCREMENT_TOTAL = {"TimeIncrementTotalQuantity": "total"}

_EXEMPTIONS = Items("AppliedExemption", "AppliedExemptionCode", "AppliedExemptionQuantity", EXEMPTIONS)
_INCREMENTS = Items("TimeIncrement", "TimeIncrementCode", "TimeIncrementProcessedQuantity", INCREMENTS)
_OTHERS = Items("OtherDenialReason", "OtherDenialReasonDescriptionText", "OtherDenialReasonQuantity")
_OLDEST = Items("OldItem", "OldItemReceiptDate", "OldItemPendingDaysQuantity", ordered=("date", "days"))
MOST_OLDEST = 10


def _denials(columns: Mapping[str, str]) -> Items:
    return Items("NonExemptionDenial", "NonExemptionDenialReasonCode", "NonExemptionDenialQuantity", columns)


_V, _VI, _VII, _XII = "foia_requests", "administrative_appeals", "response_time", "comparisons"

STATUTES = "Exemption3StatuteSection"
STATUTE_CELLS = {
    "StatuteDescriptionText": "text",
    "ReliedUponStatuteInformationWithheldText": "withheld",
    "Case/CaseTitleText": "case",
}
STATUTE_COUNT = "ReliedUponStatuteQuantity"
STATUTE_TOTAL = "total"

LAYOUTS: Mapping[str, Layout] = MappingProxyType(
    {
        STATUTES: Layout("statutes", "exemption_3", "IV", "ReliedUponStatute", STATUTE_CELLS),
        "ProcessedRequestSection": Layout("requests", _V, "V.A", "ProcessingStatistics", _FLOW),
        "RequestDispositionSection": Layout(
            "dispositions",
            _V,
            "V.B.(1)",
            "RequestDisposition",
            _columns(
                "RequestDisposition",
                "Quantity",
                {"FullGrant": "full_grant", "PartialGrant": "partial_grant", "FullExemptionDenial": "full_denial", "Total": "total"},
            ),
            _denials(REASONS),
        ),
        "RequestDenialOtherReasonSection": Layout("other_reasons", _V, "V.B.(2)", "ComponentOtherDenialReason", _OTHER_TOTAL, _OTHERS),
        "RequestDispositionAppliedExemptionsSection": Layout("exemptions", _V, "V.B.(3)", "ComponentAppliedExemptions", items=_EXEMPTIONS),
        "ProcessedAppealSection": Layout("appeals", _VI, "VI.A", "ProcessingStatistics", _FLOW),
        "AppealDispositionSection": Layout(
            "appeal_dispositions",
            _VI,
            "VI.B",
            "AppealDisposition",
            _columns(
                "AppealDisposition",
                "Quantity",
                {"Affirmed": "affirmed", "Partial": "partial", "Reversed": "reversed", "Other": "other", "Total": "total"},
            ),
        ),
        "AppealDispositionAppliedExemptionsSection": Layout(
            "appeal_exemptions", _VI, "VI.C.(1)", "ComponentAppliedExemptions", items=_EXEMPTIONS
        ),
        "AppealNonExemptionDenialSection": Layout(
            "appeal_reasons", _VI, "VI.C.(2)", "AppealNonExemptionDenial", items=_denials(APPEAL_REASONS)
        ),
        "AppealDenialOtherReasonSection": Layout(
            "appeal_other_reasons", _VI, "VI.C.(3)", "ComponentOtherDenialReason", _OTHER_TOTAL, _OTHERS
        ),
        "AppealResponseTimeSection": Layout("appeal_times", _VI, "VI.C.(4)", "ResponseTime", _TIMES),
        "OldestPendingAppealSection": Layout("oldest_appeals", _VI, "VI.C.(5)", "OldestPendingItems", items=_OLDEST),
        "ProcessedResponseTimeSection": Layout("response_times", _VII, "VII.A", "ProcessedResponseTime", _BY_TRACK),
        "InformationGrantedResponseTimeSection": Layout("granted_times", _VII, "VII.B", "ProcessedResponseTime", _BY_TRACK),
        "SimpleResponseTimeIncrementsSection": Layout(
            "simple_increments", _VII, "VII.C.(1)", "ComponentResponseTimeIncrements", _INCREMENT_TOTAL, _INCREMENTS
        ),
        "ComplexResponseTimeIncrementsSection": Layout(
            "complex_increments", _VII, "VII.C.(2)", "ComponentResponseTimeIncrements", _INCREMENT_TOTAL, _INCREMENTS
        ),
        "ExpeditedResponseTimeIncrementsSection": Layout(
            "expedited_increments", _VII, "VII.C.(3)", "ComponentResponseTimeIncrements", _INCREMENT_TOTAL, _INCREMENTS
        ),
        "PendingPerfectedRequestsSection": Layout("pending", _VII, "VII.D", "PendingPerfectedRequests", _PENDING),
        "OldestPendingRequestSection": Layout("oldest_requests", _VII, "VII.E", "OldestPendingItems", items=_OLDEST),
        "ExpeditedProcessingSection": Layout(
            "expedited_processing",
            "expedited_and_waivers",
            "VIII.A",
            "ExpeditedProcessing",
            {**_ADJUDICATED, "AdjudicationWithinTenDaysQuantity": "within_ten"},
        ),
        "FeeWaiverSection": Layout("fee_waivers", "expedited_and_waivers", "VIII.B", "FeeWaiver", _ADJUDICATED),
        "PersonnelAndCostSection": Layout(
            "personnel",
            "personnel_and_costs",
            "IX",
            "PersonnelAndCost",
            {
                "FullTimeEmployeeQuantity": "full_time",
                "EquivalentFullTimeEmployeeQuantity": "equivalent",
                "TotalFullTimeStaffQuantity": "total_staff",
                "ProcessingCostAmount": "processing_cost",
                "LitigationCostAmount": "litigation_cost",
                "TotalCostAmount": "total_cost",
            },
        ),
        "FeesCollectedSection": Layout(
            "fees",
            "fees_collected",
            "X",
            "FeesCollected",
            {"FeesCollectedAmount": "collected", "FeesCollectedCostPercent": "percent"},
        ),
        "SubsectionUsedSection": Layout("subsection_c", "subsections", "XI.A", "SubsectionUsed", {"TimesUsedQuantity": "used"}),
        "SubsectionPostSection": Layout(
            "postings",
            "subsections",
            "XI.B",
            "Subsection",
            {"PostedbyFOIAQuantity": "by_foia", "PostedbyProgramQuantity": "by_program"},
        ),
        "BacklogSection": Layout(
            "backlogs",
            _XII,
            "XII.A",
            "Backlog",
            {"BackloggedRequestQuantity": "requests", "BackloggedAppealQuantity": "appeals"},
        ),
        "ProcessedConsultationSection": Layout("consultations", _XII, "XII.B", "ProcessingStatistics", _FLOW),
        "OldestPendingConsultationSection": Layout("oldest_consultations", _XII, "XII.C", "OldestPendingItems", items=_OLDEST),
        "ProcessedRequestComparisonSection": Layout("requests_compared", _XII, "XII.D.(1)", "ProcessingComparison", _COMPARED),
        "BackloggedRequestComparisonSection": Layout("request_backlog_compared", _XII, "XII.D.(2)", "BacklogComparison", _BACKLOG_COMPARED),
        "ProcessedAppealComparisonSection": Layout("appeals_compared", _XII, "XII.E.(1)", "ProcessingComparison", _COMPARED),
        "BackloggedAppealComparisonSection": Layout("appeal_backlog_compared", _XII, "XII.E.(2)", "BacklogComparison", _BACKLOG_COMPARED),
    }
)

BRANCHES: Mapping[str, frozenset[str]] = MappingProxyType(
    {layout.table: frozenset(path.partition("/")[0] for path in layout.cells if "/" in path) for layout in LAYOUTS.values()}
)
"""By table, the elements of a row that have cells inside."""

HEADER = frozenset(
    {
        "DocumentApplicationName",
        "DocumentCreationDate",
        "DocumentDescriptionText",
        "DocumentFiscalYearDate",
        "DocumentFiscalYear",
        "Organization",
    }
)
FOOTNOTE = "FootnoteText"
LINK = "OrganizationAssociation"
"""How the elements that tie a row to an organisation end."""
