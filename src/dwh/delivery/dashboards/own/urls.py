"""Addresses of people's boards."""

from __future__ import annotations

from django.urls import path

from dwh.delivery.dashboards.own import views

app_name = "own_boards"
urlpatterns = [
    path("tong-quan/cua-toi/", views.index, name="index"),
    path("tong-quan/cua-toi/lap/", views.create, name="create"),
    path("tong-quan/cua-toi/chia-se/", views.shares, name="shares"),
    path("tong-quan/cua-toi/chia-se/<int:pk>/duyet/", views.approve, name="approve"),
    path("tong-quan/cua-toi/chia-se/<int:pk>/khong-duyet/", views.refuse, name="refuse"),
    path("tong-quan/cua-toi/chia-se/<int:pk>/ngung/", views.end, name="end"),
    path("tong-quan/cua-toi/<int:pk>/", views.board, name="board"),
    path("tong-quan/cua-toi/<int:pk>/sua/", views.edit, name="edit"),
    path("tong-quan/cua-toi/<int:pk>/ten/", views.rename, name="rename"),
    path("tong-quan/cua-toi/<int:pk>/o/", views.add, name="add"),
    path("tong-quan/cua-toi/<int:pk>/o/<int:key>/", views.arrange, name="arrange"),
    path("tong-quan/cua-toi/<int:pk>/xoa/", views.archive, name="archive"),
    path("tong-quan/cua-toi/<int:pk>/khoi-phuc/", views.restore, name="restore"),
    path("tong-quan/cua-toi/<int:pk>/chia-se/", views.share, name="share"),
]
