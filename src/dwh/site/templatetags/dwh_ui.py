"""The few template tags every page needs; they are built in, so no page has to load them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from dwh.datapath.semantic.periods import basis_vi
from dwh.kernel import vi

register = template.Library()

STATES = {
    "provisional": ("prov", "hourglass", "Tạm tính"),
    "confirmed": ("conf", "check-circle", "Đã xác nhận"),
    "locked": ("lock", "lock", "Đã khóa"),
    "adjusted": ("adj", "pencil", "Điều chỉnh"),
    "stale": ("stale", "clock-off", "Đã cũ"),
}


@register.simple_tag
def icon(name: str, css: str = "", label: str = "") -> SafeString:
    """Draw icon `name` of the sprite; without a label it is decoration and screen readers skip it."""
    href = f"{static('dwh/icons.svg')}#{name}"
    if label:
        html = '<svg class="i {}" role="img" aria-label="{}"><use href="{}"></use></svg>'
        return format_html(html, css, label, href)
    return format_html('<svg class="i {}" aria-hidden="true"><use href="{}"></use></svg>', css, href)


@register.simple_tag
def state_badge(state: str) -> SafeString:
    """Draw the badge of a figure's state: colour, glyph and word together."""
    css, glyph, word = STATES.get(state, STATES["provisional"])
    return format_html('<span class="st {}">{} {}</span>', css, icon(glyph), word)


@register.simple_tag
def bar(
    value: float | Decimal | None, full: float = 100, mark: float | None = None, css: str = ""
) -> SafeString:
    """Draw a bar of `value` out of `full` with an optional mark, as SVG: the CSP allows no inline style."""
    parts = [("bg", 0.0, 3, 100.0, 6), (f"fg {css}", 0.0, 3, _share(value, full), 6)]
    if mark is not None:
        parts.append(("mk", min(_share(mark, full), 99.2), 0, 0.8, 12))
    rects = format_html_join(
        "", '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx=".6"></rect>', parts
    )
    return format_html(
        '<svg class="bar" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">{}</svg>', rects
    )


def _share(value: float | Decimal | None, full: float) -> float:
    return round(max(0.0, min(100.0, 100.0 * float(value or 0) / float(full or 1))), 2)


@register.filter
def initials(name: str) -> str:
    """Return the first letters of the family name and the given name: «Vũ Quốc Khanh» is VK."""
    words = str(name).split()
    return (words[0][:1] + words[-1][:1]).upper() if len(words) > 1 else str(name)[:2].upper()


@register.filter
def clock(moment: datetime | str | None) -> str:
    """Return the time of day in Vietnam: `05:42`."""
    return datetime_vi(moment)[-5:]


@register.filter
def datetime_vi(moment: datetime | str | None) -> str:
    """Return `14/10/2025 05:42` in Vietnamese time, of a moment or of its ISO text."""
    return vi.datetime_vi(datetime.fromisoformat(moment) if isinstance(moment, str) else moment)


@register.filter
def money(vnd: int | Decimal | None) -> str:
    """Return an amount for reading: `71,4 tỷ đồng`."""
    return " ".join(vi.money_short(vnd))


register.filter("basis_vi", basis_vi)
register.filter("number", vi.number)
register.filter("size", vi.size)
register.filter("percent", vi.percent)
register.filter("date_vi", vi.date_vi)
register.filter("month_vi", vi.month_vi)
register.filter("quarter_vi", vi.quarter_vi)
