"""Who gets which answer from which address: the reviewed file `tests/access_matrix.csv`, tried for every person.

`MATRIX_WRITE=1 pytest tests/acceptance/test_access_matrix.py` writes the file as the program behaves now: read the diff
before committing it. A route that is missing from the file fails the suite.
"""

from __future__ import annotations

import csv
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from dwh.datapath.semantic.query import Query
from dwh.kernel.actor import Origin, operator
from dwh.operations.runs import services
from dwh.operations.runs.alert_services import look
from dwh.operations.runs.rules import Kind, State
from dwh.operations.runs.services import Outcome
from tests.personas import clerk, dung, ha, khanh, lan, minh, nam, tuan  # noqa: F401 -- the cast
from tests.warehouse_fixture import tiny_release

MATRIX = Path(__file__).parent.parent / "access_matrix.csv"
PEOPLE = ("nobody", "tuan", "minh", "lan", "ha", "nam", "khanh", "dung")
HANOI, DANANG = "00.01", "00.48-2025"


def query(subject: str = "contributions", org: str = "") -> str:
    filters = [{"field": "org.province", "op": "in", "values": [org]}] if org else []
    values = ["collected_vnd"] if subject == "contributions" else ["visits"]
    return json.dumps({"subject": subject, "rows": ["org.province"], "columns": [], "values": values,
                       "filters": filters, "org_basis": "as_is", "totals": True})  # fmt: skip


def cell(key: str | None) -> dict[str, str]:
    """Return the cell of one province, or the total, as the panel and the page of its rows take it."""
    wanted = json.dumps({"keys": [key], "measure": "collected_vnd", "place": ""})
    return {"q": query(), "cell": wanted, "o": wanted}


BODIES: dict[str, Any] = {
    "": {},
    "query": {"q": query()},
    "query claims": {"q": query("claims")},
    "query Hà Nội": {"q": query(org=HANOI)},
    "query Đà Nẵng": {"q": query(org=DANANG)},
    "cell": cell(None),
    "cell Đà Nẵng": cell(DANANG),
    "image": {"q": query(), "kind": "png"},
    "image claims": {"q": query("claims"), "kind": "svg"},
    "json": query(),
    "json claims": query("claims"),
    "json Hà Nội": query(org=HANOI),
    "json Đà Nẵng": query(org=DANANG),
    "run": {"kind": "build"},
    "ticket": {"ticket": "0" * 32},
    "saved": {"ten": "Thu theo tỉnh", "thu_muc": "", "ghi_chu": "", "q": query(), "xem": ""},
    "share": {"don_vi": HANOI, "nhom": "analyst", "ly_do": ""},
    "board": {"ten": "Bảng của người thử"},
    "tile": {"loai": "text", "tieu_de": "Ghi chú", "noi_dung": "Họp giao ban."},
    "step": {"viec": "rong"},
    "share leaders": {"don_vi": HANOI, "nhom": "leadership", "ly_do": ""},
    "reason": {"y_kien": "Chưa nêu lý do phối hợp."},
    "schedule": {"every_minutes": "60"},
    "pause": {"source": "claims", "reason": "bảo trì máy chủ nguồn"},
}


def rows() -> list[dict[str, str]]:
    with MATRIX.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def routes(patterns: list[Any] | None = None, prefix: str = "") -> Iterator[str]:
    """Yield every route of the site, as written in the URL files."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route


def test_every_route_is_in_the_reviewed_file():
    assert sorted(set(routes()) - {row["route"] for row in rows()}) == []


@pytest.mark.slow
@pytest.mark.req("B-01")
@pytest.mark.parametrize("who", PEOPLE)
def test_each_person_gets_the_answer_the_file_says(who, request, db, settings, tmp_path):
    settings.DATAPATH = tiny_release(tmp_path)
    _a_failed_run()
    _a_shared_analysis(request.getfixturevalue("lan"))
    _a_shared_board(request.getfixturevalue("lan"))
    account = None if who == "nobody" else request.getfixturevalue(who)
    found = {}
    for n, row in enumerate(rows()):
        found[n] = _status(account, row)
    if os.environ.get("MATRIX_WRITE"):
        _write(who, found)
        return
    wrong = [f"{row['method']} {row['path']} ({row['body']}): {found[n]}, the file says {row[who]}"
             for n, row in enumerate(rows()) if str(found[n]) != row[who]]  # fmt: skip
    assert wrong == []


def _a_failed_run() -> None:
    """Make run 1, which failed: it can be seen and asked again; every other source is late and has an alert."""
    now, by = timezone.now(), operator("Kiểm thử")
    run = services.ask_run(Kind.SYNC, source="iam", by=by, now=now, worker="w")
    services.finish(run, Outcome(State.FAILED, "Nguồn không trả lời."), now=now)
    look(by=by, now=now)


def _a_shared_analysis(owner: Any) -> None:
    """Keep an analysis of Lan's: all of Hà Nội may open it, a share with Đà Nẵng waits for the head; and a file."""
    from dwh.delivery.analyses import services as analyses  # noqa: PLC0415 -- models need Django to be set up first
    from dwh.delivery.analyses import share_services  # noqa: PLC0415
    from dwh.delivery.exchange import job_services  # noqa: PLC0415
    from dwh.delivery.exchange.services import Asked  # noqa: PLC0415
    from dwh.governance import gate  # noqa: PLC0415
    from dwh.governance.sharing.people import acting  # noqa: PLC0415
    from dwh.governance.sharing.share_services import Receiver  # noqa: PLC0415

    gate.refresh_units(by=operator("Kiểm thử"))
    by = acting(owner, Origin(), timezone.now())
    kept = analyses.save_analysis(analyses.Label("Thu của Lan"), analyses.Document(query()), by=by)
    asked = Asked(Query.from_text(query()), "xlsx")
    job_services.ask_for_file(asked, by=owner, now=timezone.now(), origin=Origin())
    for to in (Receiver(HANOI), Receiver(DANANG, "", "Phối hợp liên tỉnh.")):
        share_services.share_analysis(kept.pk, to, by=by)


def _a_shared_board(owner: Any) -> None:
    """Build a board of Lan's: all of Hà Nội may open it, a share with Đà Nẵng waits for the head."""
    from dwh.delivery.dashboards.own import services, share_services  # noqa: PLC0415 -- as above
    from dwh.governance.sharing.people import acting  # noqa: PLC0415
    from dwh.governance.sharing.share_services import Receiver  # noqa: PLC0415

    by = acting(owner, Origin(), timezone.now())
    board = services.create_board("Bảng của Lan", by=by)
    for title in ("Thu", "Phải thu"):
        new = services.NewTile("number", title, query())
        services.add_tile(board.pk, new, by=by, cost=lambda _: 0.0)
    for to in (Receiver(HANOI), Receiver(DANANG, "", "Phối hợp liên tỉnh.")):
        share_services.share_board(board.pk, to, by=by, cost=lambda _: 0.0)


def _board() -> int:
    from dwh.delivery.dashboards.own.models import OwnBoard  # noqa: PLC0415 -- models need Django to be set up first

    return OwnBoard.objects.get(title="Bảng của Lan").pk


def _waiting_board_share() -> int:
    from dwh.delivery.dashboards.own.models import BoardShare  # noqa: PLC0415 -- models need Django to be set up first

    return BoardShare.objects.get(unit_code=DANANG).pk


def _waiting_export() -> int:
    from dwh.delivery.exchange.models import ExportJob  # noqa: PLC0415 -- models need Django to be set up first

    return ExportJob.objects.get().pk


def _saved() -> int:
    from dwh.delivery.analyses.models import SavedAnalysis  # noqa: PLC0415 -- models need Django to be set up first

    return SavedAnalysis.objects.get(name="Thu của Lan").pk


def _waiting_share() -> int:
    from dwh.delivery.analyses.models import AnalysisShare  # noqa: PLC0415 -- models need Django to be set up first

    return AnalysisShare.objects.get(unit_code=DANANG).pk


def _status(account: Any, row: dict[str, str]) -> int:
    client = Client(raise_request_exception=False)
    if account is not None:
        _enter(client, account)
    path = row["path"].replace("{run}", str(_newest_run())).replace("{alert}", str(_alert_of("collection")))
    path = path.replace("{export}", str(_waiting_export()))
    path = path.replace("{saved}", str(_saved())).replace("{share}", str(_waiting_share()))
    path = path.replace("{board}", str(_board())).replace("{boardshare}", str(_waiting_board_share()))
    if row["method"] == "GET":
        return client.get(path).status_code
    body = BODIES[row["body"]]
    if isinstance(body, str):
        return client.post(path, body, content_type="application/json").status_code
    return client.post(path, body).status_code


def _newest_run() -> int:
    from dwh.operations.runs.models import Run  # noqa: PLC0415 -- models need Django to be set up first

    return Run.objects.filter(state=State.FAILED).latest("id").pk


def _alert_of(source: str) -> int:
    """Return the alert of a source whose owner is the unit Khanh works in, and no one else of the cast."""
    from dwh.operations.runs.models import SyncAlert  # noqa: PLC0415 -- models need Django to be set up first

    return SyncAlert.objects.get(source=source).pk


def _enter(client: Client, account: Any) -> None:
    """Sign in as the site does after IAM vouched for the person."""
    client.force_login(account)
    session = client.session
    session["signed_in_at"] = session["seen_at"] = int(time.time())
    session.save()
    assert {SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY} & set(session.keys())


def _write(who: str, found: dict[int, int]) -> None:
    present = rows()
    for n, row in enumerate(present):
        row[who] = str(found[n])
    with MATRIX.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["route", "method", "path", "body", *PEOPLE], lineterminator="\n")
        writer.writeheader()
        writer.writerows(present)
