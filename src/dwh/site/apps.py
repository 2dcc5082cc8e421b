from __future__ import annotations

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "dwh.site"
    label = "dwh_site"
    verbose_name = "Trang web"
