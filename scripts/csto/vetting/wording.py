"""This module words the results of shapes that have no message of their own."""

from __future__ import annotations

from typing import Final

MESSAGES: Final = {
    "And": ("and", "The value does not meet all of the shapes."),
    "Class": ("class", "The value is of no class {}."),
    "Closed": ("closed", "The shape is closed, so this property is not allowed."),
    "Datatype": ("datatype", "The value is no {}."),
    "Disjoint": ("disjoint", "The value is also one of {}."),
    "Equals": ("equals", "The values are not those of {}."),
    "HasValue": ("hasValue", "The value {} is missing."),
    "In": ("in", "The value is none of those that are allowed."),
    "LanguageIn": ("languageIn", "The language is none of those that are allowed."),
    "LessThan": ("lessThan", "The value is not less than that of {}."),
    "LessThanOrEquals": ("lessThanOrEquals", "The value is greater than that of {}."),
    "MaxCount": ("maxCount", "There are more values than {}."),
    "MaxExclusive": ("maxExclusive", "The value is not less than {}."),
    "MaxInclusive": ("maxInclusive", "The value is greater than {}."),
    "MaxLength": ("maxLength", "The value has more than {} characters."),
    "MinCount": ("minCount", "There are fewer values than {}."),
    "MinExclusive": ("minExclusive", "The value is not greater than {}."),
    "MinInclusive": ("minInclusive", "The value is less than {}."),
    "MinLength": ("minLength", "The value has fewer than {} characters."),
    "Node": ("node", "The value does not conform to {}."),
    "NodeKind": ("nodeKind", "The value is no {}."),
    "Not": ("not", "The value conforms to {}, which it must not."),
    "Or": ("or", "The value meets none of the shapes."),
    "Pattern": ("pattern", "The value does not match {}."),
    "Property": ("property", "The value does not conform to {}."),
    "QualifiedMaxCount": ("qualifiedMaxCount", "More values than {} conform."),
    "QualifiedMinCount": ("qualifiedMinCount", "Fewer values than {} conform."),
    "UniqueLang": ("uniqueLang", "A language has more than one value."),
    "Xone": ("xone", "The value does not meet exactly one of the shapes."),
}
"""By constraint component of SHACL Core: its parameter, and what its failure means."""


def word(component: str, parameters: dict[str, str]) -> str:
    """Return what a failure of *component* means; *parameters* are its shape's."""
    name = component.removesuffix("ConstraintComponent")
    parameter, message = MESSAGES.get(name, ("", "Does not conform."))
    return message.format(parameters.get(parameter, "the one named"))
