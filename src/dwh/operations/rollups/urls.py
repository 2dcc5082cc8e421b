from __future__ import annotations

from django.urls import path

from dwh.operations.rollups import views

app_name = "rollups"
urlpatterns = [path("bang-tong-hop/", views.index, name="index")]
