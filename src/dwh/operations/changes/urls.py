from __future__ import annotations

from django.urls import path

from dwh.operations.changes import views

app_name = "changes"
urlpatterns = [
    path("yeu-cau-thay-doi/", views.index, name="index"),
    path("yeu-cau-thay-doi/moi/", views.new, name="new"),
    path("yeu-cau-thay-doi/<int:pk>/", views.detail, name="detail"),
    path("yeu-cau-thay-doi/<int:pk>/sua/", views.edit, name="edit"),
    path("yeu-cau-thay-doi/<int:pk>/rut/", views.withdraw, name="withdraw"),
    path("yeu-cau-thay-doi/<int:pk>/duyet/", views.approve, name="approve"),
    path("yeu-cau-thay-doi/<int:pk>/tra-lai/", views.give_back, name="return"),
    path("yeu-cau-thay-doi/<int:pk>/khong-duyet/", views.reject, name="reject"),
    path("yeu-cau-thay-doi/<int:pk>/giao/", views.assign, name="assign"),
    path("yeu-cau-thay-doi/<int:pk>/xong/", views.finish, name="finish"),
]
