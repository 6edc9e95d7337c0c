"""Superset on this machine alone: its metadata in SQLite, its key in a file of SUPERSET_HOME, nothing sent anywhere."""

import os
from pathlib import Path

HOME = Path(os.environ["SUPERSET_HOME"])
SECRET_KEY = (HOME / "secret_key").read_text(encoding="utf-8").strip()
SQLALCHEMY_DATABASE_URI = f"sqlite:///{HOME / 'metadata.db'}"
DATA_CACHE_CONFIG = {"CACHE_TYPE": "NullCache"}  # a release moves: what is shown is what `latest` says now
FEATURE_FLAGS = {"THUMBNAILS": False, "ALERT_REPORTS": False}
SCARF_ANALYTICS = False
TALISMAN_CONFIG = {
    "content_security_policy": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "style-src": ["'self'", "'unsafe-inline'"],
        "script-src": ["'self'", "'strict-dynamic'"],
        "worker-src": ["'self'", "blob:"],
        "object-src": "'none'",
    },
    "content_security_policy_nonce_in": ["script-src"],
    "force_https": False,
    "session_cookie_secure": False,
}
