"""What this IAM says about a person: the sector mailbox, the name, the staff code."""

from __future__ import annotations

from typing import Any

from oauth2_provider.oauth2_validators import OAuth2Validator

from demo.people import load_people


class Claims(OAuth2Validator):  # type: ignore[misc]  # the library is untyped
    """Puts the claims into the ID token and the user info."""

    oidc_claim_scope = OAuth2Validator.oidc_claim_scope | {
        "email": "email",
        "email_verified": "email",
        "name": "profile",
        "employee_code": "profile",
    }

    def get_additional_claims(self, request: Any) -> dict[str, Any]:
        """Return the claims of the person who signs in; an address of unknown people is not verified."""
        person = next((p for p in load_people() if p.email == request.user.email), None)
        return {
            "email": request.user.email,
            "email_verified": person is not None,
            "name": person.name if person else request.user.first_name,
            "employee_code": person.staff_code if person else "",
        }
