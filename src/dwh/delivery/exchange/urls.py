from __future__ import annotations

from django.urls import path

from dwh.delivery.exchange import views

app_name = "exchange"
urlpatterns = [
    path("phan-tich/xuat/anh/", views.image, name="image"),
    path("phan-tich/xuat/<str:kind>/", views.pivot, name="pivot"),
]
