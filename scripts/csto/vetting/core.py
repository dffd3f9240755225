"""This module lists the terms of SHACL Core, by what they do."""

from __future__ import annotations

import re
from typing import Final

from csto.names import SH
from csto.vetting.wording import MESSAGES

CONSTRAINTS: Final = frozenset(
    SH + name
    for name in re.findall(
        r"\w+",
        "class datatype nodeKind minCount maxCount minExclusive minInclusive "
        "maxExclusive maxInclusive minLength maxLength pattern languageIn uniqueLang "
        "equals disjoint lessThan lessThanOrEquals not and or xone node property "
        "qualifiedValueShape closed hasValue in",
    )
)
"""Parameters of SHACL Core, each of which makes a constraint."""

CORE: Final = CONSTRAINTS | {
    SH + name
    for name in re.findall(
        r"\w+",
        "targetClass targetNode targetSubjectsOf targetObjectsOf path inversePath "
        "alternativePath zeroOrMorePath oneOrMorePath zeroOrOnePath flags "
        "qualifiedMinCount qualifiedMaxCount qualifiedValueShapesDisjoint "
        "ignoredProperties severity message deactivated name description order group "
        "defaultValue NodeShape PropertyShape Shape PropertyGroup Violation Warning "
        "Info BlankNode IRI Literal BlankNodeOrIRI BlankNodeOrLiteral IRIOrLiteral "
        "declare prefix namespace PrefixDeclaration suggestedShapesGraph shapesGraph "
        "ValidationReport ValidationResult conforms result detail focusNode resultPath "
        "resultMessage resultSeverity value sourceShape sourceConstraintComponent",
    )
}
"""All terms of SHACL Core: of shapes, of reports, and of declared prefixes."""

SHAPES: Final = frozenset(SH + name for name in ("NodeShape", "PropertyShape"))
REFERENCES: Final = frozenset(
    SH + n for n in ("node", "property", "not", "qualifiedValueShape")
)
LISTS: Final = frozenset(SH + name for name in ("and", "or", "xone"))
TARGETS: Final = {
    SH + name: name
    for name in ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
}
PATHS: Final = tuple(
    f"{SH}{n}Path"
    for n in ("inverse", "alternative", "zeroOrMore", "oneOrMore", "zeroOrOne")
)
NEAR_SHACL: Final = re.compile(
    r"https?://(?:www\.)?w3\.org/ns/shacl(?:[#/].*)?", re.IGNORECASE
)
"""The namespace of SHACL, and what people write in its place."""

COMPONENTS: Final = frozenset(f"{SH}{name}ConstraintComponent" for name in MESSAGES)
"""The constraint components, which reports name."""
