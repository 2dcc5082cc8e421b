"""The Query document as it travels in the address: `?q=`, base64url of compact JSON. Pure."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from dwh.kernel.errors import Invalid


def decode(text: str) -> str:
    """Return the JSON text an address carries.

    Raises:
        Invalid: not base64url of UTF-8, as when a link was copied in part.
    """
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        return raw.decode("utf-8")
    except (binascii.Error, ValueError) as error:
        raise Invalid(
            "Liên kết phân tích bị hỏng hoặc chép thiếu. Mở lại từ trang Phân tích, hoặc xin liên kết mới."
        ) from error


def encode(document: dict[str, Any]) -> str:
    """Return the document as one short address parameter."""
    raw = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    return base64.urlsafe_b64encode(raw).decode("ascii").rstrip("=")
