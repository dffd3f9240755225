"""This module asks a SPARQL endpoint over HTTP, and trusts it little."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit

from csto.answers import short
from csto.errors import CstoError, Exit, UsageError

TIMEOUT: Final = 30.0
"""Seconds after which an endpoint is given up."""

MAX_ANSWER: Final = 64 * 1024 * 1024
"""Largest answer that is read, in bytes."""


class EndpointError(CstoError):
    """An endpoint that cannot be reached, refuses, or does not speak SPARQL."""

    code = Exit.STORE


def ask(url: str, query: str) -> tuple[list[str], list[list[str]]]:
    """Return the variables and rows that the endpoint *url* answers to *query*.

    SPARQL 1.1 Protocol, query by POST, results as JSON. Redirects are not
    followed. Raises `UsageError` for a URL that is none, or that holds a
    password, and `EndpointError` for whatever the endpoint does wrong.
    """
    import httpx  # noqa: PLC0415 -- a tenth of a second that only this needs

    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError("The endpoint is no http or https address.", "Correct it.")
    if parts.username or parts.password:
        raise UsageError("The address holds a password.", "Leave it out.")
    accept = {"Accept": "application/sparql-results+json"}
    try:
        with (
            httpx.Client(timeout=TIMEOUT, follow_redirects=False) as client,
            client.stream("POST", url, data={"query": query}, headers=accept) as got,
        ):
            content = _content(got)
    except httpx.HTTPError as error:
        message = f"The endpoint did not answer: {type(error).__name__}."
        raise EndpointError(message, "Is it running?") from None
    return _rows(content)


def _content(response: Any) -> bytes:
    if response.status_code != 200:  # noqa: PLR2004 -- HTTP's word for fine
        message = f"The endpoint answered {response.status_code}."
        raise EndpointError(message, "Check the address and the query.")
    content = b""
    for chunk in response.iter_bytes():
        content += chunk
        if len(content) > MAX_ANSWER:
            raise EndpointError("The answer is too large.", "Ask for less.")
    return content


def _rows(content: bytes) -> tuple[list[str], list[list[str]]]:
    import json  # noqa: PLC0415 -- as above

    try:
        found = json.loads(content)
        names = list(found["head"]["vars"])
        solutions = found["results"]["bindings"]
        rows = [[_cell(row.get(name)) for name in names] for row in solutions]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise EndpointError(
            "The endpoint did not answer with SPARQL results.", "Is it one?"
        ) from None
    return names, rows


def _cell(term: dict[str, str] | None) -> str:
    if term is None:
        return ""
    return short(term["value"]) if term["type"] == "uri" else term["value"]
