from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "dwh.site"
    label = "dwh_site"
    verbose_name = "Trang web"

    def ready(self) -> None:
        """Join the packages, once all models are there: an import at the top would come too early."""
        import_module("dwh.site.wiring").join()
