"""Addresses of the data dictionary."""

from __future__ import annotations

from django.urls import path

from dwh.delivery.dictionary import views

app_name = "dictionary"
urlpatterns = [
    path("tu-dien/", views.index, name="index"),
    path("tu-dien/bang/<str:name>/", views.table, name="table"),
    path("tu-dien/chu-de/<slug:name>/", views.subject, name="subject"),
]
