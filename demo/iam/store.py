"""The provider's own records: its people, its one client. Used by `python -m demo.iam`."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction
from oauth2_provider.models import Application

from demo.iam import settings
from demo.iam.backchannel import announce_logout
from demo.people import load_people


@transaction.atomic
def add_people(password: str) -> None:
    """Make an IAM user of everybody in `people.toml` who is not one yet."""
    for person in load_people():
        if not User.objects.filter(username=person.email).exists():
            User.objects.create_user(person.email, person.email, password, first_name=person.name)


@transaction.atomic
def register_client(secret: str) -> None:
    """Register the DWH at its present address; running it again only moves the address."""
    address = {
        "redirect_uris": f"{settings.PUBLIC_URL}/oidc/ve/",
        "post_logout_redirect_uris": f"{settings.PUBLIC_URL}/dang-nhap/",
    }
    client = Application.objects.filter(client_id=settings.CLIENT_ID).first()
    if client is None:
        client = Application(
            client_id=settings.CLIENT_ID,
            client_secret=secret,
            name="DWH BHXH",
            client_type=Application.CLIENT_CONFIDENTIAL,
            authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
            algorithm=Application.RS256_ALGORITHM,
            skip_authorization=True,
        )
    for name, value in address.items():
        setattr(client, name, value)
    client.save()


def set_active(email: str, active: bool) -> bool:
    """Lock or unlock a person; locking also ends their sessions elsewhere. False: nobody has that mailbox."""
    user = User.objects.filter(username=email).first()
    if user is None:
        return False
    user.is_active = active
    user.save(update_fields=["is_active"])
    if not active:
        announce_logout(str(user.pk))
    return True
