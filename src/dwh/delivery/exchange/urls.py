from __future__ import annotations

from django.urls import path

from dwh.delivery.exchange import views

app_name = "exchange"
urlpatterns = [
    path("phan-tich/xuat/anh/", views.image, name="image"),
    path("phan-tich/xuat/tep/<int:pk>/", views.job, name="job"),
    path("phan-tich/xuat/tep/<int:pk>/huy/", views.cancel, name="cancel"),
    path("phan-tich/xuat/tep/<int:pk>/tai/", views.fetch, name="fetch"),
    path("phan-tich/xuat/<str:kind>/", views.pivot, name="pivot"),
]
