"""The five documents, article by article: `cites` ties a rule to the clause it carries out.

`articles/*.toml` lists every clause once. Naming one
that is not there, or no longer in force, fails at import.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, TypeVar

Duty = Literal["system", "people", "none"]
F = TypeVar("F", bound=Callable[..., Any])

FOLDER = Path(__file__).parent / "articles"


class UnknownArticle(LookupError):
    """The document has no such clause, or it is not in force."""


@dataclass(frozen=True, slots=True)
class Article:
    """One clause: its short Vietnamese text and whose duty it is; in force `from <= day < until`."""

    document: str
    id: str
    text: str
    duty: Duty
    in_force_from: date
    in_force_until: date | None = None
    replaced_by: str = ""

    def __str__(self) -> str:
        return f"{self.document} {self.id}"

    def in_force_on(self, day: date) -> bool:
        return self.in_force_from <= day and (self.in_force_until is None or day < self.in_force_until)


@dataclass(frozen=True, slots=True)
class Document:
    """One of the five documents, with every clause it has."""

    name: str
    title: str
    articles: Mapping[str, Article]

    def art(self, number: str, on: date | None = None) -> Article:
        """Return the clause in force on `on`; without a day, the one that has no successor yet.

        Raises:
            UnknownArticle: no such clause, or replaced.
        """
        article = self.articles.get(number)
        if article is None:
            raise UnknownArticle(f"{self.name} has no article {number}")
        if (article.in_force_until is not None) if on is None else not article.in_force_on(on):
            raise UnknownArticle(f"{article} is not in force; see {article.replaced_by or 'its document'}")
        return article


def load(file: str) -> Document:
    """Return the document written in `articles/<file>.toml`."""
    data = tomllib.loads((FOLDER / f"{file}.toml").read_text(encoding="utf-8"))
    defaults = {"document": data["document"], "in_force_from": data["in_force_from"]}
    articles = {key: Article(id=key, **{**defaults, **entry}) for key, entry in data["articles"].items()}
    return Document(data["document"], data["title"], articles)


QC_DWH = load("qc-dwh-2020")
QD_2366 = load("qd-2366-2018")
CV_907 = load("cv-907-2019")
QD_3582 = load("qd-3582-2006")
CV_BVDLCN = load("cv-bvdlcn-2023")
DOCUMENTS: tuple[Document, ...] = (QC_DWH, QD_2366, CV_907, QD_3582, CV_BVDLCN)

_citations: dict[str, list[str]] = {}


def cites(*articles: Article) -> Callable[[F], F]:
    """Mark a rule as carrying out these clauses; `citations()` lists them."""

    def mark(rule: F) -> F:
        for article in articles:
            _citations.setdefault(str(article), []).append(f"{rule.__module__}.{rule.__qualname__}")
        return rule

    return mark


def citations() -> dict[str, list[str]]:
    """Return clause → the rules imported so far that cite it."""
    return {article: sorted(rules) for article, rules in _citations.items()}
