"""Naming articles: every one is listed, and none that is unknown or replaced can be cited."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from dwh.kernel import law
from dwh.kernel.law import DOCUMENTS, QC_DWH, Document, UnknownArticle


def test_an_article_tells_its_text_and_whose_duty_it_is():
    article = QC_DWH.art("17.5")
    assert str(article) == "QC-DWH 17.5"
    assert "02 ngày làm việc" in article.text
    assert article.duty == "system"


@pytest.mark.parametrize("number", ["17.9", "", "Điều 17"])
def test_an_unknown_article_cannot_be_named(number):
    with pytest.raises(UnknownArticle):
        QC_DWH.art(number)


def test_a_replaced_article_can_be_named_only_for_its_own_days():
    old = replace(QC_DWH.art("17.5"), in_force_until=date(2026, 1, 1), replaced_by="QC-DWH 17.5 (2026)")
    document = Document("QC-DWH", "t", {"17.5": old})
    assert document.art("17.5", on=date(2025, 12, 31)) is old
    for day in (None, date(2026, 1, 1), date(2019, 1, 1)):
        with pytest.raises(UnknownArticle, match="not in force"):
            document.art("17.5", on=day)


def test_a_rule_remembers_what_it_cites(monkeypatch):
    monkeypatch.setattr(law, "_citations", {})

    @law.cites(QC_DWH.art("6.1"))
    def one_account() -> None:
        """Carry it out."""

    assert law.citations() == {"QC-DWH 6.1": [f"{__name__}.{one_account.__qualname__}"]}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: d.name)
def test_every_article_is_short_said_once_and_in_force(document):
    articles = document.articles.values()
    assert all(5 < len(article.text) <= 110 for article in articles)
    assert {article.duty for article in articles} <= {"system", "people", "none"}
    assert all(article.in_force_on(date(2026, 1, 1)) for article in articles)
    assert not [number for number in document.articles if number.strip() != number]
