"""Numbers and dates in templates, through the one formatter (kernel/vi.py)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django import template

from dwh.kernel import vi

register = template.Library()


@register.filter
def vi_number(value: int | Decimal | float | None, decimals: int = 0) -> str:
    """Return 1.234.567,89; nothing is «–»."""
    return vi.number(value, decimals)


@register.filter
def vi_percent(value: int | Decimal | float | None, decimals: int = 1) -> str:
    return vi.percent(value, decimals)


@register.filter
def vi_date(value: date | None) -> str:
    return vi.date_vi(value)


@register.filter
def vi_time(value: datetime | None) -> str:
    """Return the moment in Vietnam's time; without a zone it is UTC, as releases and the log store it."""
    return vi.datetime_vi(value)


@register.filter
def vi_money(value: int | Decimal | None) -> str:
    """Return đồng shortened to tỷ or triệu with its unit."""
    return " ".join(vi.money_short(value))
