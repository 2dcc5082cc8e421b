"""Claim files broken in every way we know, made on the fly."""

from __future__ import annotations

from dwh.datapath.sources.files.tests.broken_envelopes import ENVELOPES
from dwh.datapath.sources.files.tests.broken_packages import PACKAGES
from dwh.datapath.sources.files.tests.broken_zips import ZIPS

BROKEN_CLAIMS = [*ZIPS, *ENVELOPES, *PACKAGES]
