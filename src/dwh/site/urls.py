"""Every address of the site. Each package keeps its own; here they only come together."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from dwh.site import pages, signin

PACKAGES = (
    "dwh.delivery.dashboards.own",  # before dashboards: «cua-toi» is no board of an area
    "dwh.delivery.dashboards",
    "dwh.delivery.reports",
    "dwh.delivery.analyses",  # before analysis: «da-luu» is no subject
    "dwh.delivery.analysis",
    "dwh.delivery.exchange",
    "dwh.delivery.dictionary",
    "dwh.operations.runs",
    "dwh.operations.log",
    "dwh.operations.quarantine",
    "dwh.operations.quality",
    "dwh.operations.reconciliation",
    "dwh.operations.parameters",
    "dwh.operations.rollups",
    "dwh.operations.organisation",
    "dwh.operations.changes",
    "dwh.operations.checks",
    "dwh.operations.retention",
    "dwh.operations.submissions",
)


urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.home, name="home"),
    path("tai-khoan/", pages.my_rights, name="my_rights"),
    path("tim/", pages.search, name="search"),
    path("tro-giup/", pages.help_page, name="help"),
    path("gioi-thieu/", pages.about, name="about"),
    path("suc-khoe/", pages.health, name="health"),
    path("dang-nhap/", signin.sign_in_page, name="sign_in"),
    path("dang-xuat/", signin.sign_out, name="sign_out"),
    path("oidc/di/", signin.start, name="oidc_start"),
    path("oidc/ve/", signin.callback, name="oidc_callback"),
    path("oidc/dang-xuat/", signin.back_channel_logout, name="oidc_back_channel_logout"),
    *(path("", include(f"{package}.urls")) for package in PACKAGES),
]

handler400 = "dwh.site.errors.bad_request"
handler403 = "dwh.site.errors.forbidden"
handler404 = "dwh.site.errors.not_found"
handler500 = "dwh.site.errors.broken"
