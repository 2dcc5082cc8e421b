from __future__ import annotations

from django.urls import path

from dwh.delivery.analyses import views

app_name = "analyses"
urlpatterns = [
    path("phan-tich/da-luu/", views.index, name="index"),
    path("phan-tich/da-luu/thanh/", views.bar, name="bar"),
    path("phan-tich/da-luu/luu/", views.save, name="save"),
    path("phan-tich/da-luu/<int:pk>/", views.reopen, name="open"),
    path("phan-tich/da-luu/<int:pk>/luu/", views.overwrite, name="overwrite"),
    path("phan-tich/da-luu/<int:pk>/thong-tin/", views.detail, name="detail"),
    path("phan-tich/da-luu/<int:pk>/doi-ten/", views.rename, name="rename"),
    path("phan-tich/da-luu/<int:pk>/xoa/", views.archive, name="archive"),
    path("phan-tich/da-luu/<int:pk>/khoi-phuc/", views.restore, name="restore"),
    path("phan-tich/da-luu/<int:pk>/yeu-thich/", views.favourite, name="favourite"),
    path("phan-tich/da-luu/<int:pk>/chia-se/", views.share, name="share"),
    path("chia-se-phan-tich/", views.shares, name="shares"),
    path("chia-se-phan-tich/<int:pk>/duyet/", views.approve, name="approve"),
    path("chia-se-phan-tich/<int:pk>/khong-duyet/", views.refuse, name="refuse"),
    path("chia-se-phan-tich/<int:pk>/ngung/", views.end, name="end"),
]
