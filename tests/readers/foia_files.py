"""Small FOIA annual reports in XML, made for the tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

NAMESPACES = (
    'xmlns:iepd="http://leisp.usdoj.gov/niem/FoiaAnnualReport/exchange/{0}" xmlns:foia="http://leisp.usdoj.gov/niem/FoiaAnnualReport/extension/{0}"'
    ' xmlns:j="http://niem.gov/niem/domains/jxdm/4.1" xmlns:nc="http://niem.gov/niem/niem-core/2.0" xmlns:s="http://niem.gov/niem/structures/2.0"'
)
UNITS = (("ORG0", "DEX", "Department of Examples"), ("ORG1", "HQ", "Headquarters"), ("ORG2", "OIG", "Office of Inspector General"))
FLOW = ("PendingAtStart", "Received", "Processed", "PendingAtEnd")


def report(*sections: str, units: Sequence[tuple[str, str, str]] = UNITS, version: str = "1.03") -> bytes:
    """A report of ``units`` (the agency first), one element to a line."""
    parts = "\n".join(
        f'<nc:OrganizationSubUnit s:id="{ref}">\n<nc:OrganizationAbbreviationText>{short}</nc:OrganizationAbbreviationText>\n'
        f"<nc:OrganizationName>{name}</nc:OrganizationName>\n</nc:OrganizationSubUnit>"
        for ref, short, name in units[1:]
    )
    ref, short, name = units[0]
    year = "DocumentFiscalYear" if version == "1.02" else "DocumentFiscalYearDate"
    return f"""<?xml version="1.0"?>
<iepd:FoiaAnnualReport {NAMESPACES.format(version)}>
<nc:DocumentCreationDate><nc:Date>2025-01-31</nc:Date></nc:DocumentCreationDate>
<nc:DocumentDescriptionText>FOIA Annual Report</nc:DocumentDescriptionText>
<nc:Organization s:id="{ref}">
<nc:OrganizationAbbreviationText>{short}</nc:OrganizationAbbreviationText>
<nc:OrganizationName>{name}</nc:OrganizationName>
{parts}
</nc:Organization>
<foia:{year}>2024</foia:{year}>
{chr(10).join(sections)}
</iepd:FoiaAnnualReport>
""".encode()


def section(name: str, rows: Mapping[str, str], links: Sequence[tuple[str, str]], *, row: str, notes: Sequence[str] = ()) -> str:
    """A section of ``row`` elements (id → content), tied to organisations by ``links``."""
    data = "\n".join(f'<foia:{row} s:id="{key}">\n{content}\n</foia:{row}>' for key, content in rows.items())
    tied = "\n".join(link(*pair) for pair in links)
    said = "\n".join(f"<foia:FootnoteText>{note}</foia:FootnoteText>" for note in notes)
    return f"<foia:{name}>\n{data}\n{tied}\n{said}\n</foia:{name}>"


def link(row: str, organisation: str, inside: str = "") -> str:
    return (
        f'<foia:XOrganizationAssociation>\n<foia:ComponentDataReference s:ref="{row}"/>\n'
        f'<nc:OrganizationReference s:ref="{organisation}"/>\n{inside}</foia:XOrganizationAssociation>'
    )


def values(prefix: str, suffix: str, named: Mapping[str, object]) -> str:
    return "\n".join(f"<foia:{prefix}{key}{suffix}>{value}</foia:{prefix}{key}{suffix}>" for key, value in named.items())


def flow(*figures: object) -> str:
    """The four figures of V.A, VI.A and XII.B."""
    return values("ProcessingStatistics", "Quantity", dict(zip(FLOW, figures, strict=True)))


def requests(rows: Mapping[str, Sequence[object]], links: Sequence[tuple[str, str]], notes: Sequence[str] = ()) -> str:
    """Section V.A."""
    return section(
        "ProcessedRequestSection", {key: flow(*row) for key, row in rows.items()}, links, row="ProcessingStatistics", notes=notes
    )


def item(element: str, key: tuple[str, object], figure: tuple[str, object]) -> str:
    """A repeated element with its key and figure."""
    inside = "\n".join(f"<foia:{name}>{value}</foia:{name}>" for name, value in (key, figure))
    return f"<foia:{element}>\n{inside}\n</foia:{element}>"
