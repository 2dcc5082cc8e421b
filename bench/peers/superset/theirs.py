"""Answers pivots through Superset's chart-data API: runs in Superset's environment, reads one name a line.

The API is called inside the process (Flask's test client), so that no HTTP server of its own slows Superset down.
"""

import json
import sys
import time
from typing import Any

from superset.app import create_app


def main(file: str, pivots: dict[str, Any]) -> None:
    app = create_app()
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        ids = datasets(file, {one["dataset"] for one in pivots.values()})
    client = app.test_client()  # outside that context: a request inside it would be nobody's
    sign_in(client)
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(ask(client, ids, pivots[line.strip()])), flush=True)


def datasets(file: str, selects: set[str]) -> dict[str, int]:
    """Point Superset at the serving database and make one dataset of each SELECT; return SELECT → its id."""
    from superset import db, security_manager  # noqa: PLC0415 -- needs an application
    from superset.connectors.sqla.models import SqlaTable  # noqa: PLC0415
    from superset.models.core import Database  # noqa: PLC0415

    if security_manager.find_user("peer") is None:
        role = security_manager.find_role("Admin")
        security_manager.add_user("peer", "Đo", "Tốc độ", "peer@example.org", role, "peer")
    database = Database(database_name=f"dwh-{time.time()}", sqlalchemy_uri=f"duckdb:///{file}")
    database.extra = json.dumps({"engine_params": {"connect_args": {"read_only": True}}})
    db.session.add(database)
    db.session.flush()
    made = {}
    for number, select in enumerate(sorted(selects)):
        table = SqlaTable(
            table_name=f"pivot-{database.id}-{number}", sql=select, database=database, schema=None
        )
        db.session.add(table)
        db.session.flush()
        table.fetch_metadata()
        made[select] = table.id
    db.session.commit()
    return made


def sign_in(client: Any) -> None:
    said = client.post(
        "/api/v1/security/login", json={"username": "peer", "password": "peer", "provider": "db"}
    )
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {said.get_json()['access_token']}"


def ask(client: Any, ids: dict[str, int], pivot: dict[str, Any]) -> dict[str, float]:
    """Return wall and CPU seconds of one chart, and its rows."""
    metrics = [
        {"expressionType": "SQL", "sqlExpression": sql, "label": label}
        for label, sql in pivot["metrics"].items()
    ]
    query = {"columns": pivot["columns"], "metrics": metrics, "row_limit": 100_000, "filters": []}
    if "where" in pivot:
        query["extras"] = {"where": pivot["where"]}
    body = {
        "datasource": {"id": ids[pivot["dataset"]], "type": "table"},
        "queries": [query],
        "result_format": "json",
        "result_type": "full",
        "force": True,
    }
    wall, cpu = time.perf_counter(), time.process_time()
    answer = client.post("/api/v1/chart/data", json=body)
    took = {"wall_s": time.perf_counter() - wall, "cpu_s": time.process_time() - cpu}
    if answer.status_code != 200:
        raise SystemExit(answer.get_data(as_text=True)[:2000])
    return took | {"rows": answer.get_json()["result"][0]["rowcount"]}


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
