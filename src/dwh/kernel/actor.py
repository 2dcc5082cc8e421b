"""Who did it, and from where: the plain value every verb and every log record takes as `by`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Channel = Literal["web", "cli", "worker"]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a call came from: the channel, the machine's address, the request's id.

    `ticket` names one question, so that the person who asked it can stop it; empty when nobody will.
    """

    channel: Channel = "web"
    address: str = ""
    request_id: str = ""
    ticket: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """A person (or the program itself, `account_id` None) as the log remembers them.

    `unit` is the org_code of the unit the person works in.
    """

    email: str
    name: str
    unit: str
    account_id: int | None = None
    origin: Channel = "web"
    address: str = ""
    request_id: str = ""


def operator(name: str, origin: Channel = "cli", *, request_id: str = "") -> Actor:
    """Return the actor for work started at the machine itself: the builder, the worker, a scheduled run."""
    return Actor(email="", name=name, unit="00", origin=origin, request_id=request_id)
