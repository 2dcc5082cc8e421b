"""The WSGI application of the demonstration's IAM."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "demo.iam.settings"
application = get_wsgi_application()
