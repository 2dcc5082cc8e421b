"""«Trợ giúp» of every page leads to the section that tells of it, in Vietnamese."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.urls import get_resolver, reverse

from dwh.site.help import SECTIONS
from dwh.site.navigation import GROUPS

pytestmark = pytest.mark.req("P-01")
WITHOUT = {"oidc", ""}  # sign-in and addresses of the frame


@pytest.fixture
def sections(client, tuan, release):
    client.force_login(tuan)
    text = unescape(client.get("/tro-giup/").content.decode())
    parts = re.split(r'<h2 id="([a-z-]+)">', text)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def test_every_room_of_pages_has_a_section_that_says_something(sections):
    for room, name in SECTIONS.items():
        assert name in sections, room
        assert len(re.sub(r"<[^>]+>", "", sections[name]).split()) > 20, room


def test_every_namespace_of_the_program_is_told_of():
    namespaces = {one.namespace for one in get_resolver().url_patterns if getattr(one, "namespace", None)}
    assert namespaces - WITHOUT <= SECTIONS.keys()


@pytest.mark.parametrize(
    "item", [item for group in GROUPS for item in group.items], ids=lambda item: item.name
)
def test_the_help_at_the_top_of_a_page_leads_to_its_section(client, tuan, release, item):
    client.force_login(tuan)
    text = client.get(reverse(item.name), follow=True).content.decode()
    section = SECTIONS[item.name.partition(":")[0]]
    assert f'href="/tro-giup/#{section}"' in text
