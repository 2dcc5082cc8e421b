"""The log as people read it: what was done in their words, from where, the technical name at hand."""

from __future__ import annotations

import pytest

from tests.personas import lan, tuan  # noqa: F401 -- the cast


@pytest.mark.django_db
def test_an_act_is_shown_in_words_with_its_technical_name_beside_it(client, tuan):  # noqa: F811
    client.force_login(tuan)
    client.get("/nhat-ky/")
    page = client.get("/nhat-ky/").content.decode()
    assert '<div class="xs" title="log.read">Xem nhật ký của người khác</div>' in page
    assert "trang web 127.0.0.1" in page
