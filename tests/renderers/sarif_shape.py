"""The structure of SARIF 2.1.0, as far as this package writes it.

Names and required properties come from ``sarif-om``, which its makers generated from the standard's schema; the rest (types, enumerations,
the rules that the standard states in words) is written down here. The schema itself is not in this repository.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import attr
import sarif_om

CHILDREN: dict[str, dict[str, str]] = {
    "SarifLog": {"runs": "Run"},
    "Run": {
        "tool": "Tool",
        "translations": "ToolComponent",
        "automationDetails": "RunAutomationDetails",
        "invocations": "Invocation",
        "artifacts": "Artifact",
        "results": "Result",
    },
    "Tool": {"driver": "ToolComponent", "extensions": "ToolComponent"},
    "ToolComponent": {
        "rules": "ReportingDescriptor",
        "notifications": "ReportingDescriptor",
        "associatedComponent": "ToolComponentReference",
        "translationMetadata": "TranslationMetadata",
    },
    "ReportingDescriptor": {
        "shortDescription": "MultiformatMessageString",
        "fullDescription": "MultiformatMessageString",
        "help": "MultiformatMessageString",
        "defaultConfiguration": "ReportingConfiguration",
    },
    "Invocation": {"toolExecutionNotifications": "Notification"},
    "Notification": {"descriptor": "ReportingDescriptorReference", "message": "Message", "locations": "Location"},
    "Artifact": {"location": "ArtifactLocation"},
    "Result": {"message": "Message", "locations": "Location", "relatedLocations": "Location", "suppressions": "Suppression"},
    "Suppression": {"location": "Location"},
    "Location": {"physicalLocation": "PhysicalLocation", "logicalLocations": "LogicalLocation", "message": "Message"},
    "PhysicalLocation": {"artifactLocation": "ArtifactLocation", "region": "Region"},
}
ENUMS = {
    ("Result", "kind"): {"notApplicable", "pass", "fail", "review", "open", "informational"},
    ("Result", "level"): {"none", "note", "warning", "error"},
    ("Notification", "level"): {"none", "note", "warning", "error"},
    ("ReportingConfiguration", "level"): {"none", "note", "warning", "error"},
    ("Suppression", "kind"): {"inSource", "external"},
    ("Suppression", "status"): {"accepted", "underReview", "rejected"},
    ("Run", "columnKind"): {"utf16CodeUnits", "unicodeCodePoints"},
    ("SarifLog", "version"): {"2.1.0"},
}
LATER = {"Suppression": {"status"}}
"""What the final schema has and the one that ``sarif-om`` was made from had not."""

INTEGERS = {"ruleIndex": 0, "startLine": 1, "index": 0, "exitCode": -(2**31), "id": 0}
LISTS = {"runs", "translations", "invocations", "artifacts", "results", "extensions", "rules", "notifications", "locations"} | {
    "relatedLocations",
    "suppressions",
    "logicalLocations",
    "toolExecutionNotifications",
    "roles",
    "contents",
}
LANGUAGE = re.compile(r"[a-zA-Z]{2}(-[a-zA-Z]{2})?")


def faults(log: dict[str, Any]) -> list[str]:
    """What the log has that the standard does not allow, with its path; empty where it is sound."""
    return [*_faults(log, "SarifLog", "$"), *(fault for run in log.get("runs", []) for fault in _stated_in_words(run))]


def _faults(value: Any, kind: str, path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{path}: not an object"
        return
    fields = {field.metadata["schema_property_name"]: field for field in attr.fields(getattr(sarif_om, kind))}
    yield from (f"{path}: unknown {name}" for name in value if name not in fields and name not in LATER.get(kind, set()))
    yield from (f"{path}: lacks {name}" for name, field in fields.items() if field.default is attr.NOTHING and name not in value)
    for name, part in value.items():
        yield from _property(kind, name, part, f"{path}.{name}")


def _property(kind: str, name: str, part: Any, path: str) -> Iterator[str]:
    if (kind, name) in ENUMS and part not in ENUMS[kind, name]:
        yield f"{path}: {part}"
    if name in INTEGERS and kind != "ReportingDescriptor" and not (isinstance(part, str) or _is_integer(part, INTEGERS[name])):
        yield f"{path}: {part!r} is no such integer"
    if name == "language" and not LANGUAGE.fullmatch(part):
        yield f"{path}: {part}"
    if name == "properties" and not isinstance(part, dict):
        yield f"{path}: not a bag"
    if (name in LISTS) != isinstance(part, list):
        yield f"{path}: a list where none belongs, or none where one does"
    child = CHILDREN.get(kind, {}).get(name)
    if child:
        for i, one in enumerate(part if isinstance(part, list) else [part]):
            yield from _faults(one, child, f"{path}[{i}]")
    elif isinstance(part, dict) and name not in ("properties", "partialFingerprints"):
        yield f"{path}: an object that this module does not know"


def _is_integer(value: Any, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def _stated_in_words(run: dict[str, Any]) -> Iterator[str]:
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    if len(set(rules)) < len(rules):
        yield "two rules of one id"
    for result in run["results"]:
        if (result["kind"] == "fail") == (result["level"] == "none"):
            yield f"kind {result['kind']} with level {result['level']}"
        if rules[result["ruleIndex"]] != result["ruleId"]:
            yield f"ruleIndex of {result['ruleId']}"
        for location in (*result["locations"], *result["relatedLocations"]):
            where = location["physicalLocation"]["artifactLocation"]
            if "index" in where and run["artifacts"][where["index"]]["location"]["uri"] != where["uri"]:
                yield f"artifact of {where['uri']}"
        related = [location["id"] for location in result["relatedLocations"]]
        if len(set(related)) < len(related):
            yield "two related locations of one id"
