"""The WSGI application the web process serves."""

from __future__ import annotations

import os
from threading import Thread

from django.core.wsgi import get_wsgi_application

from dwh.datapath.dictionary.collect import load_dictionary
from dwh.kernel.machine import keep_what_is_loaded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dwh.site.settings")
application = get_wsgi_application()
keep_what_is_loaded()
# The dictionary takes two seconds to make: while the process waits for its first person, not while that person waits.
Thread(target=load_dictionary, name="dictionary", daemon=True).start()
