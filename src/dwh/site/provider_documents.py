"""What IAM publishes about itself (its addresses, its keys), fetched once and remembered for a while."""

from __future__ import annotations

import time
from typing import Any

import requests

from dwh.kernel.errors import DwhError

TIMEOUT = 5  # seconds; a person waits
METADATA_TTL = 600  # seconds; keys are asked for again at once when a token names an unknown one
DOWN = (
    "Hệ thống quản lý định danh (IAM) đang không trả lời, nên chưa đăng nhập được. "
    "Dữ liệu của ông/bà vẫn nguyên. Chờ vài phút rồi thử lại; nếu kéo dài, báo Trung tâm CNTT."
)


class ProviderDown(DwhError):
    code, status = "signin.provider_down", 503


_documents: dict[str, tuple[float, dict[str, Any]]] = {}


def document(url: str, *, fresh: bool = False) -> dict[str, Any]:
    """Return a JSON document of the provider, remembered for a while; `fresh` asks again, every 5 s at most.

    Raises:
        ProviderDown: IAM does not answer, or not with JSON.
    """
    known: dict[str, Any]
    at, known = _documents.get(url, (float("-inf"), {}))
    age = time.monotonic() - at
    if age < (5 if fresh else METADATA_TTL):
        return known
    try:
        response = requests.get(url, timeout=TIMEOUT)
        response.raise_for_status()
        known = response.json()
    except (requests.RequestException, ValueError) as error:
        raise ProviderDown(DOWN, url=url, cause=type(error).__name__) from error
    _documents[url] = (time.monotonic(), known)
    return known


def forget_documents() -> None:
    """Forget what the provider said; tests that start another provider call it."""
    _documents.clear()
