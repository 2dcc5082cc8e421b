"""Superset's own settings for the comparison: nothing cached, nothing limited, nobody outside the machine."""

import os

SECRET_KEY = "only-for-the-bench"  # a governance of its own that is thrown away
SQLALCHEMY_DATABASE_URI = f"sqlite:///{os.environ['PEER_HOME']}/superset.db"
CACHE_CONFIG = DATA_CACHE_CONFIG = FILTER_STATE_CACHE_CONFIG = EXPLORE_FORM_DATA_CACHE_CONFIG = {
    "CACHE_TYPE": "NullCache"
}
WTF_CSRF_ENABLED = False
TALISMAN_ENABLED = False
RATELIMIT_ENABLED = False
PREVENT_UNSAFE_DB_CONNECTIONS = False
ROW_LIMIT = SQL_MAX_ROW = 100_000
LOG_LEVEL = "ERROR"
