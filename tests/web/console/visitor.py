"""Somebody with a browser that runs no script: opens pages, fills in forms, follows where they lead."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi.testclient import TestClient
    from httpx2 import Response

#: what a reader does not see
_UNSEEN = frozenset({"head", "script", "style", "template"})
_VOID = frozenset({"meta", "link", "img", "input", "br", "rect", "line", "path"})


class _Reader(HTMLParser):
    """Gathers what stands on a page: words, links, forms with their fields."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.headings: list[str] = []
        self._open: list[str] = []
        self._option: tuple[str, bool] | None = None
        self._select: str | None = None
        self._area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in _VOID:
            self._open.append(tag)
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "form":
            self.forms.append(Form(given.get("action", ""), given.get("method", "get"), {}))
        elif self.forms and "form" in self._open:
            self._field(tag, given)

    def _field(self, tag: str, given: dict[str, str]) -> None:
        fields = self.forms[-1].fields
        if tag == "input" and "name" in given:
            if given.get("type") in ("checkbox", "radio") and "checked" not in given:
                return
            fields[given["name"]] = given.get("value", "")
        elif tag == "select":
            self._select = given.get("name")
        elif tag == "option" and self._select:
            if "selected" in given or self._select not in fields:
                fields[self._select] = given.get("value", "")
            self.forms[-1].choices.setdefault(self._select, []).append(given.get("value", ""))
        elif tag == "textarea":
            self._area = given.get("name")
            fields[self._area or ""] = ""

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass
        if tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area and self.forms:
            self.forms[-1].fields[self._area] += data
        if not _UNSEEN.intersection(self._open):
            self.words.append(data)
            if self._open and self._open[-1] in ("h1", "h2", "h3"):
                self.headings.append(data.strip())


@dataclass
class Form:
    """A form as it stands on a page: what its fields hold, and what may be chosen."""

    action: str
    method: str
    fields: dict[str, str]
    choices: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """What came back."""

    response: Response
    path: str

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def html(self) -> str:
        return self.response.text

    def _read(self) -> _Reader:
        reader = _Reader()
        reader.feed(self.html)
        return reader

    @property
    def text(self) -> str:
        """What a reader sees, on one line."""
        return " ".join(" ".join(self._read().words).split())

    @property
    def title(self) -> str:
        found = re.search(r"<title>(.*?)</title>", self.html, re.DOTALL)
        return found[1] if found else ""

    @property
    def links(self) -> list[str]:
        return self._read().links

    @property
    def headings(self) -> list[str]:
        return [words for words in self._read().headings if words]

    @property
    def forms(self) -> list[Form]:
        return self._read().forms

    def form(self, action: str) -> Form:
        """Return the one form that leads to an address."""
        return next(form for form in self.forms if form.action == action)


@dataclass
class Visitor:
    """Somebody with a browser of their own."""

    client: TestClient
    token: str = ""

    def open(self, path: str, **headers: str) -> Page:
        response = self.client.get(path, headers={"Accept": "text/html", **headers}, follow_redirects=True)
        return Page(response, response.url.raw_path.decode())

    def send(self, action: str, fields: dict[str, str | list[str]], **headers: str) -> Page:
        """Send a form's fields and follow where it leads."""
        response = self.client.post(
            action, data=fields, headers={"Accept": "text/html", **headers}, follow_redirects=True
        )
        return Page(response, response.url.raw_path.decode())

    def send_file(
        self, action: str, fields: dict[str, str], files: dict[str, tuple[str, bytes]], **headers: str
    ) -> Page:
        """Send a form with a file and follow where it leads."""
        response = self.client.post(
            action,
            data=fields,
            files=files,
            headers={"Accept": "text/html", **headers},
            follow_redirects=True,
        )
        return Page(response, response.url.raw_path.decode())

    def fill(self, page: Page, action: str, **given: str) -> Page:
        """Fill in a form of a page and send it."""
        fields: dict[str, str | list[str]] = {**page.form(action).fields, **given}
        return self.send(action, fields)
