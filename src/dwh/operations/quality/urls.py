from __future__ import annotations

from django.urls import path

from dwh.operations.quality import views

app_name = "quality"
urlpatterns = [
    path("chat-luong/", views.scorecard_page, name="scorecard"),
    path("chat-luong/dong/", views.rows_page, name="rows"),
]
