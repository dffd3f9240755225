"""This module knows which texts are lexical forms of a datatype, as XSD 1.1 defines.

Engines disagree about them: some take `2020-02-30` for a day, others refuse a year
before Christ. White space around a form is part of it, as in RDF 1.1, so it is a fault.
"""

from __future__ import annotations

import json
import re
from calendar import monthrange
from functools import lru_cache
from typing import Final
from xml.parsers import expat

from csto.names import RDF, XSD

YEAR: Final = r"(?P<year>-?(?:[1-9][0-9]{3,}|0[0-9]{3}))"
MONTH: Final = r"(?P<month>0[1-9]|1[0-2])"
DAY: Final = r"(?P<day>0[1-9]|[12][0-9]|3[01])"
ZONE: Final = r"(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))"
CLOCK: Final = (
    r"(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?|24:00:00(?:\.0+)?)"
)
YEARS: Final = r"(?:[0-9]+Y)?(?:[0-9]+M)?"
HOURS: Final = r"(?:T(?=.)(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?)?"
NUMBER: Final = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
REAL: Final = rf"{NUMBER}(?:[Ee][+-]?[0-9]+)?|[+-]?INF|NaN"
START: Final = (
    "A-Z_a-z\xc0-\xd6\xd8-\xf6\xf8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
PART: Final = START + "\\-.0-9\xb7\u0300-\u036f\u203f-\u2040"
SIX_BITS: Final = "[A-Za-z0-9+/] ?"

FORMS: Final = {
    "anyURI": (r"(?s).*", "http://example.org/"),
    "base64Binary": (
        (
            rf"(?:(?:{SIX_BITS}){{4}})*(?:(?:{SIX_BITS}){{3}}[A-Za-z0-9+/]"
            rf"|(?:{SIX_BITS}){{2}}[AEIMQUYcgkosw048] ?=|{SIX_BITS}[AQgw] ?= ?=)?"
        ),
        "YWJj",
    ),
    "boolean": ("true|false|1|0", "true"),
    "date": (f"{YEAR}-{MONTH}-{DAY}{ZONE}?", "2008-01-31"),
    "dateTime": (f"{YEAR}-{MONTH}-{DAY}T{CLOCK}{ZONE}?", "2008-01-31T12:00:00"),
    "dateTimeStamp": (f"{YEAR}-{MONTH}-{DAY}T{CLOCK}{ZONE}", "2008-01-31T12:00:00Z"),
    "dayTimeDuration": (f"-?P(?=.)(?:[0-9]+D)?{HOURS}", "P1DT12H"),
    "decimal": (NUMBER, "1.5"),
    "double": (REAL, "1.5E3"),
    "duration": (f"-?P(?=.){YEARS}(?:[0-9]+D)?{HOURS}", "P1Y6M"),
    "float": (REAL, "1.5E3"),
    "gDay": (f"---{DAY}{ZONE}?", "---31"),
    "gMonth": (f"--{MONTH}{ZONE}?", "--01"),
    "gMonthDay": (f"--{MONTH}-{DAY}{ZONE}?", "--01-31"),
    "gYear": (f"{YEAR}{ZONE}?", "2008"),
    "gYearMonth": (f"{YEAR}-{MONTH}{ZONE}?", "2008-01"),
    "hexBinary": ("(?:[0-9A-Fa-f]{2})*", "0FB7"),
    "language": ("[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*", "en"),
    "Name": (f"[{START}:][{PART}:]*", "name"),
    "NCName": (f"[{START}][{PART}]*", "name"),
    "NMTOKEN": (f"[{PART}:]+", "name"),
    "normalizedString": (r"[^\t\n\r]*", "text on one line"),
    "string": (r"(?s).*", "text"),
    "time": (f"{CLOCK}{ZONE}?", "12:00:00"),
    "token": (r"(?:[^\t\n\r ]+(?: [^\t\n\r ]+)*)?", "text without spare spaces"),
    "yearMonthDuration": (f"-?P(?=.){YEARS}", "P1Y6M"),
}
"""Datatypes of XSD 1.1 that RDF knows: their forms, and an example of each."""

RANGES: Final[dict[str, tuple[float, float]]] = {
    "byte": (-(2**7), 2**7 - 1),
    "int": (-(2**31), 2**31 - 1),
    "integer": (float("-inf"), float("inf")),
    "long": (-(2**63), 2**63 - 1),
    "negativeInteger": (float("-inf"), -1),
    "nonNegativeInteger": (0, float("inf")),
    "nonPositiveInteger": (float("-inf"), 0),
    "positiveInteger": (1, float("inf")),
    "short": (-(2**15), 2**15 - 1),
    "unsignedByte": (0, 2**8 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedLong": (0, 2**64 - 1),
    "unsignedShort": (0, 2**16 - 1),
}
"""Whole numbers of XSD 1.1, with the least and the greatest of each."""

LANGUAGE: Final = re.compile(
    r"(?i:(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4}|[a-z]{5,8})(?:-[a-z]{4})?"
    r"(?:-(?:[a-z]{2}|[0-9]{3}))?(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*"
    r"(?:-[0-9a-wy-z](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?"
    r"|x(?:-[a-z0-9]{1,8})+|i-[a-z]{3,8}|en-gb-oed|sgn-be-(?:fr|nl)|sgn-ch-de"
    r"|zh-min(?:-nan)?)"
)
"""Well-formed language tags (BCP 47, section 2.1)."""

WIDTH: Final = 40
"""How many characters of a literal a message repeats."""

UNSPEAKABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that no XML 1.0 document can hold, so that RDF/XML cannot."""


def fault(text: str, datatype: str, language: str = "") -> tuple[str, str]:
    """Return what is wrong with the literal, and what to do; both empty if nothing.

    Of datatypes that are neither XSD's nor RDF's nothing is known, so nothing is said.
    """
    if found := UNSPEAKABLE.search(text):
        return f"The text holds U+{ord(found[0]):04X}.", "Remove it."
    if language:
        right = LANGUAGE.fullmatch(language)
        return ("", "") if right else (f"{language} is no language tag.", "Write en.")
    if datatype.startswith(XSD):
        return _of_xsd(text, datatype.removeprefix(XSD))
    if datatype == RDF + "JSON":
        return ("", "") if _is_json(text) else ("The text is no JSON.", "Mend it.")
    if datatype == RDF + "XMLLiteral":
        return ("", "") if _is_xml(text) else ("The text is no XML.", "Mend it.")
    return "", ""


def is_known(datatype: str) -> bool:
    """Tell whether *datatype*, an IRI of XSD, is a datatype that RDF can use."""
    name = datatype.removeprefix(XSD)
    return name in FORMS or name in RANGES


def _of_xsd(text: str, name: str) -> tuple[str, str]:
    if not is_known(XSD + name):
        return f"xsd:{name} is no datatype that RDF can use.", "Choose another."
    pattern, example = FORMS.get(name, ("[+-]?[0-9]+", "3"))
    shown = repr(text if len(text) <= WIDTH else f"{text[:WIDTH]}…")
    found = _compiled(pattern).fullmatch(text)
    if not found:
        return f"{shown} is no xsd:{name}.", f"Write it as {example}."
    if name in RANGES and not _is_within(text, *RANGES[name]):
        return f"{shown} is out of the range of xsd:{name}.", "Choose another."
    if "day" in found.groupdict() and "month" in found.groupdict():
        last = _last_day(found.groupdict().get("year") or "2000", int(found["month"]))
        if int(found["day"]) > last:
            return f"{shown} is no day: that month has {last}.", "Mend the date."
    return "", ""


@lru_cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _is_within(text: str, least: float, greatest: float) -> bool:
    digits = text.lstrip("+-").lstrip("0") or "0"
    size = int(digits[:25])  # as much as decides: no range that ends has 25 digits
    value = -size if text.startswith("-") else size
    return least <= value <= greatest


def _last_day(year: str, month: int) -> int:
    return monthrange(2000 + int(year[-4:]) % 400, month)[1]


def _is_json(text: str) -> bool:
    try:
        json.loads(text, parse_constant=lambda _: 1 / 0, parse_int=str)
    except (ValueError, ZeroDivisionError, RecursionError):
        return False
    return True


def _is_xml(text: str) -> bool:
    try:
        expat.ParserCreate(namespace_separator=" ").Parse(f"<r>{text}</r>", True)  # noqa: FBT003
    except expat.ExpatError:
        return False
    return True
