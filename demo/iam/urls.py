"""The addresses of an OpenID Connect provider, a sign-in page, and nothing to administer."""

from __future__ import annotations

from django.contrib.auth.views import LoginView
from django.urls import include, path
from django.views.generic import RedirectView
from oauth2_provider import views
from oauth2_provider.urls import oidc_urlpatterns

from demo.iam import settings

_authorization = [
    path("authorize/", views.AuthorizationView.as_view(), name="authorize"),
    path("token/", views.TokenView.as_view(), name="token"),
    path("revoke/", views.RevokeTokenView.as_view(), name="revoke-token"),
]
urlpatterns = [
    path("", RedirectView.as_view(url=settings.PUBLIC_URL)),
    path("dang-nhap/", LoginView.as_view(template_name="iam/sign_in.html"), name="sign_in"),
    path("o/", include((_authorization + oidc_urlpatterns, "oauth2_provider"))),
]
