from __future__ import annotations

from django.urls import path

from dwh.delivery.analysis import views

app_name = "analysis"
urlpatterns = [
    path("phan-tich/", views.subjects, name="page"),
    path("phan-tich/bang/", views.answer, name="answer"),
    path("phan-tich/dung/", views.stop, name="stop"),
    path("phan-tich/giai-thich/", views.explain, name="explain"),
    path("phan-tich/dong-chi-tiet/", views.rows, name="rows"),
    path("phan-tich/dong-chi-tiet.csv", views.rows_csv, name="rows_csv"),
    path("phan-tich/tra-loi.json", views.answer_json, name="json"),
    path("phan-tich/thanh-vien/", views.members, name="members"),
    path("phan-tich/<slug:subject>/", views.page, name="page"),
]
