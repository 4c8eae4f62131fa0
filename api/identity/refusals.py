"""Why somebody is not let in, or not let do something."""

from __future__ import annotations

from engine.model.errors import EngineError, Invalid, NotFound, NotPermitted


class NotSignedIn(EngineError):
    """The request names nobody: no session, no token, or one that has ended."""

    code = "not-signed-in"


class SignInFailed(EngineError):
    """Account and password do not fit. Never says which of the two."""

    code = "sign-in-failed"


class TooManyAttempts(EngineError):
    """Too many failed logins of this account or from this address."""

    code = "too-many-attempts"

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__(
            f"Expected fewer failed logins of this account or from this address; try again in "
            f"{retry_after_seconds} seconds.",
            retry_after_seconds=retry_after_seconds,
        )
        self.retry_after_seconds = retry_after_seconds


class NotASender(NotPermitted):
    """A message that others send, or that only processes send to one another."""

    code = "not-a-sender"


class FormNotFromHere(NotPermitted):
    """A change by cookie without the token of its session: it may come from another site."""

    code = "form-not-from-here"

    def __init__(self) -> None:
        super().__init__(
            "Expected the CSRF token of this session in the X-CSRF-Token header or the csrf_token field, but found "
            "none or another."
        )


class PermissionMissing(NotPermitted):
    """None of the actor's roles carries the permission."""

    code = "permission-missing"

    def __init__(self, user_id: str, permission: str) -> None:
        super().__init__(
            f"Expected {user_id} to hold a role with permission {permission!r}, but found none.", permission=permission
        )


class RouteClosed(NotPermitted):
    """Nobody has said whom the route is for, so it is for nobody."""

    code = "route-closed"

    def __init__(self, endpoint: str) -> None:
        super().__init__(f"Expected a rule for the route {endpoint!r}, but found none.", endpoint=endpoint)


class WeakPassword(Invalid):
    """The new password can be guessed."""

    code = "weak-password"


class TokenNotFound(NotFound):
    """No such token of this person."""

    code = "token-not-found"


class UserNotFound(NotFound):
    """No such account."""

    code = "user-not-found"


class UnsoundOrganisation(Invalid):
    """Units, people and posts do not fit together; holds every fault."""

    code = "unsound-organisation"


class NotTheirHead(NotPermitted):
    """Absences are arranged by the person, by a head of his units, or by who administers."""

    code = "not-their-head"


class AbsenceNotFound(NotFound):
    """No such absence, or none that the actor may know of."""

    code = "absence-not-found"


class UnsoundAbsence(Invalid):
    """An absence cannot be arranged so; holds every fault."""

    code = "unsound-absence"
