"""What the pages of saved analyses show: within what exists for the person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Q
from django.urls import reverse

from dwh.datapath.semantic.catalog import load_catalog
from dwh.datapath.semantic.query import Query
from dwh.datapath.tables.address import encode
from dwh.datapath.tables.caption import condition_of, title_of
from dwh.delivery.analyses.models import AnalysisShare, Favourite, SavedAnalysis, SavedAnalysisQuerySet
from dwh.delivery.analyses.recent import recent_questions
from dwh.delivery.analyses.services import seen
from dwh.governance.access.models import Account
from dwh.governance.access.rules import GROUP_LABELS
from dwh.governance.sharing import rules
from dwh.governance.sharing.people import viewer_of
from dwh.governance.sharing.rules import OPEN_STATES, ShareState, Viewer
from dwh.kernel.errors import Invalid
from dwh.kernel.org.models import OrgUnit
from dwh.kernel.vi import strip_marks

SHOWN: Final = 30
RECENT: Final = 20
TABS: Final = {
    "": "Tất cả", "cua-toi": "Của tôi", "duoc-chia-se": "Được chia sẻ", "yeu-thich": "Yêu thích",
    "gan-day": "Gần đây", "da-xoa": "Đã xóa",
}  # fmt: skip
ORDERS: Final = {
    "moi": ("Sửa gần nhất", ("-changed_at", "-pk")),
    "ten": ("Tên A–Z", ("search_words", "pk")),
    "cu": ("Lưu trước nhất", ("created_at", "pk")),
}
MOST_WORDS: Final = 80
LONGEST_KEY: Final = 18  # digits: what a key of the database holds
NAMED: Final = 4  # measures told by name in one line


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is asked for: tab, words, order, page; anything unknown is the first choice."""

    tab: str
    words: str
    order: str
    page: str

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Wanted:
        tab, order = asked.get("muc", ""), asked.get("sap", "")
        return cls(
            tab if tab in TABS else "", asked.get("tim", "")[:MOST_WORDS],
            order if order in ORDERS else next(iter(ORDERS)), asked.get("trang", "1"),
        )  # fmt: skip

    def to(self, **changed: str) -> str:
        said = {"muc": self.tab, "tim": self.words, "sap": self.order} | changed
        return "?" + urlencode({name: word for name, word in said.items() if word})


@dataclass(frozen=True, slots=True)
class Line:
    """One saved analysis as the list tells it."""

    analysis: SavedAnalysis
    subject: str
    layout: str
    is_own: bool
    is_favourite: bool
    shares: int
    waiting: int


def listed(account: Account, today: date, wanted: Wanted) -> dict[str, Any]:
    """Return the context of the list."""
    who = viewer_of(account, today)
    found = _narrowed(who, wanted.tab).matching(strip_marks(wanted.words).lower().split())
    ordered = found.select_related("owner").order_by(*ORDERS[wanted.order][1])
    page = Paginator(ordered, SHOWN).get_page(wanted.page)
    recent = recent_questions(account, today, most=RECENT) if wanted.tab == "gan-day" else []
    return {
        "wanted": wanted,
        "tabs": [(word, label, wanted.to(muc=word, trang="")) for word, label in TABS.items()],
        "orders": [(word, label) for word, (label, _) in ORDERS.items()],
        "page": page,
        "lines": lines_of(list(page.object_list), who),
        "recent": [one for one in recent if _holds(one.title, wanted.words)],
        "previous": wanted.to(trang=str(page.number - 1)) if page.has_previous() else "",
        "next": wanted.to(trang=str(page.number + 1)) if page.has_next() else "",
    }


def _holds(title: str, words: str) -> bool:
    plain = strip_marks(title).lower()
    return all(word in plain for word in strip_marks(words).lower().split())


def _narrowed(who: Viewer, tab: str) -> SavedAnalysisQuerySet:
    if tab == "da-xoa":
        return SavedAnalysis.objects.own(who).exclude(archived_at=None)
    present = SavedAnalysis.objects.visible_to(who).filter(archived_at=None)
    if tab == "cua-toi":
        return present.filter(owner_id=who.account)
    if tab == "duoc-chia-se":
        return present.exclude(owner_id=who.account)
    if tab == "yeu-thich":
        return present.filter(favourites__account_id=who.account)
    return present.none() if tab == "gan-day" else present


def lines_of(analyses: list[SavedAnalysis], who: Viewer) -> list[Line]:
    """Return the lines of a list; what is told of shares is told to the owner only."""
    keys = [one.pk for one in analyses]
    starred = set(
        Favourite.objects.filter(account_id=who.account, analysis__in=keys).values_list(
            "analysis_id", flat=True
        )
    )
    states: dict[int, list[str]] = {}
    for pk, state in AnalysisShare.objects.filter(analysis__in=keys, state__in=OPEN_STATES).values_list(
        "analysis_id", "state"
    ):
        states.setdefault(pk, []).append(state)
    return [
        Line(
            one, subject_label(one.subject), layout_of(one), one.owner_id == who.account, one.pk in starred,
            states.get(one.pk, []).count(ShareState.ACTIVE), states.get(one.pk, []).count(ShareState.WAITING),
        )
        for one in analyses
    ]  # fmt: skip


def details(pk: int, account: Account, today: date) -> dict[str, Any]:
    """Return the context of one analysis: its words, its shares when it is one's own. Raises NotFound."""
    who = viewer_of(account, today)
    analysis = seen(pk, who)
    (line,) = lines_of([analysis], who)
    return {
        "analysis": analysis,
        "line": line,
        "conditions": conditions_of(analysis),
        "shares": list(analysis.shares.all()) if line.is_own else [],
        "units": receivers_of(account.unit_code, today) if line.is_own else [],
        "own_unit": account.unit_code,
        "groups": [(str(group), label) for group, label in GROUP_LABELS.items()],
    }


def shares_of(account: Account, today: date) -> dict[str, Any]:
    """Return the context of the list of shares: those that wait, those in force, those that ended."""
    who = viewer_of(account, today)
    found = AnalysisShare.objects.select_related("analysis__owner")
    mine = [one for one in found if rules.sees_share(one.analysis.owner_unit, one.asked_by, who)]
    told: list[dict[str, Any]] = [
        {
            "share": one,
            "subject": subject_label(one.analysis.subject),
            "layout": layout_of(one.analysis),
            "conditions": conditions_of(one.analysis),
            "may_decide": one.state == ShareState.WAITING
            and rules.may_decide(one.analysis.owner_unit, one.asked_by, who),
            "may_end": one.state in OPEN_STATES and rules.may_end(one.analysis.owner_unit, one.asked_by, who),
        }
        for one in mine
    ]
    return {
        "waiting": [one for one in told if one["share"].state == ShareState.WAITING],
        "active": [one for one in told if one["share"].state == ShareState.ACTIVE],
        "past": [one for one in told if one["share"].state not in OPEN_STATES],
    }


def archived(account: Account, today: date, pk: str) -> SavedAnalysis | None:
    """Return an analysis of the person's own that was taken out of the lists, so that it can be undone."""
    mine = SavedAnalysis.objects.own(viewer_of(account, today)).exclude(archived_at=None)
    return mine.filter(pk=_key(pk)).first()


def _key(text: str) -> int:
    """Return the key an address names; 0, which is nobody's, for anything else."""
    return int(text) if text.isdecimal() and len(text) <= LONGEST_KEY else 0


def bar_of(pk: str, account: Account, today: date) -> dict[str, Any]:
    """Return the context of the buttons beside an analysis; of one that is not the person's to see, of none."""
    who = viewer_of(account, today)
    analysis = SavedAnalysis.objects.visible_to(who).filter(archived_at=None, pk=_key(pk)).first()
    line = lines_of([analysis], who)[0] if analysis else None
    folders = SavedAnalysis.objects.own(who).filter(archived_at=None).exclude(folder="")
    return {"line": line, "folders": sorted(set(folders.values_list("folder", flat=True)))}


def address_of(analysis: SavedAnalysis) -> str:
    """Return the address that asks the question anew, under the rights of whoever opens it."""
    view = analysis.view
    said = {"q": encode(analysis.query), "luu": str(analysis.pk)}
    if view.get("shown") == "chart":
        said["v"] = "chart"
    if view.get("unit", "dong") != "dong":
        said["u"] = view["unit"]
    if view.get("chart", "auto") != "auto":
        said["c"] = view["chart"]
    if view.get("formats"):
        said["f"] = encode(view["formats"])
    return f"{reverse('analysis:page', kwargs={'subject': analysis.subject})}?{urlencode(said)}"


def receivers_of(unit: str, today: date) -> list[OrgUnit]:
    """Return the units an analysis may be shared with, the person's own first."""
    units = OrgUnit.objects.existing_on(today).filter(Q(is_it_unit=False) | Q(code=unit))
    return sorted(units, key=lambda one: (not one.code.startswith(unit), one.code))


def subject_label(name: str) -> str:
    """Return what people call a subject; one that the catalogue no longer has, its name."""
    subject = load_catalog().subjects.get(name)
    return subject.label if subject else name


def layout_of(analysis: SavedAnalysis) -> str:
    """Return what an analysis asks for in words: its measures and what they are cut by."""
    query = _query_of(analysis)
    if query is None:
        return "Câu hỏi này dùng trường không còn trong danh mục."
    subject = load_catalog().subject(query.subject)
    known = {*subject.measures, *subject.indicators}
    values = ", ".join(subject.value(name).label for name in query.values[:NAMED] if name in known)
    more = f" và {len(query.values) - NAMED} chỉ tiêu khác" if len(query.values) > NAMED else ""
    return f"{values}{more}; {title_of(query, subject).removeprefix(subject.label).strip() or 'cộng chung'}"


def conditions_of(analysis: SavedAnalysis) -> list[tuple[str, str]]:
    """Return each filter of an analysis as field and condition; members by their codes: no name is read here."""
    query = _query_of(analysis)
    if query is None:
        return []
    subject = load_catalog().subject(query.subject)
    return [(subject.field(one.field).label, condition_of(one, {})) for one in query.filters]


def _query_of(analysis: SavedAnalysis) -> Query | None:
    try:
        return Query.from_json(analysis.query)
    except Invalid:  # the catalogue went on since it was saved
        return None
