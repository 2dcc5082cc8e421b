"""Addresses of the fixed reports."""

from __future__ import annotations

from django.urls import path

from dwh.delivery.reports import views

app_name = "reports"
urlpatterns = [
    path("bao-cao/", views.index, name="index"),
    path("bao-cao/b02/", views.b02, name="b02"),
    path("bao-cao/b02/nguon-goc/", views.b02_origin, name="b02_origin"),
    path("bao-cao/b02/pdf/", views.b02_pdf, name="b02_pdf"),
    path("bao-cao/b02/xlsx/", views.b02_xlsx, name="b02_xlsx"),
    path("bao-cao/b02/docx/", views.b02_docx, name="b02_docx"),
]
