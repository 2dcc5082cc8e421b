"""What every page's frame shows: who is signed in, where one may go, which release is in use."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from dwh.governance import gate
from dwh.governance.protection.releases import ReleaseInfo
from dwh.kernel.errors import DamagedFile, DwhError
from dwh.site.help import section_of
from dwh.site.navigation import navigation_for, phone_items

THEMES = {"light", "dark"}


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return the frame's values; a page that is shown without an account gets none of them."""
    theme = request.COOKIES.get("dwh_theme", "light")
    permissions: frozenset[str] = getattr(request, "permissions", frozenset())
    base = {
        "theme": theme if theme in THEMES else "light",
        "signed_in": False,
        "may_export": "data:export" in permissions,
    }
    if getattr(request, "user", None) is None or not request.user.is_authenticated:
        return base
    groups = navigation_for(permissions, request.path)
    current = [item.label for group in groups for item in group.items if item.current]
    return (
        base
        | {
            "signed_in": True,
            "help_section": section_of(request),
            "navigation": groups,
            "phone_items": phone_items(groups),
            "section": current[-1] if current else "",
        }
        | release_in_use()
    )


def release_in_use() -> dict[str, ReleaseInfo | str | None]:
    """Return `release_in_use`, None before the first one; of one that cannot be read, why: `release_damage`."""
    try:
        return {"release_in_use": gate.current_release_info(), "release_damage": ""}
    except DwhError as refusal:
        damage = refusal.message_vi if isinstance(refusal, DamagedFile) else ""
        return {"release_in_use": None, "release_damage": damage}
