"""HTTP for accounts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request

from neighbourly.accounts import schemas, selectors, service
from neighbourly.accounts.authenticator import authenticate
from neighbourly.accounts.models import User
from neighbourly.accounts.selectors import Actor
from neighbourly.accounts.service import SignedIn
from neighbourly.accounts.terms import Terms, terms_in
from neighbourly.core.api.auth import MEMBER, PUBLIC
from neighbourly.core.api.blueprint import Blueprint, Documented
from neighbourly.core.api.dispatch import Created
from neighbourly.core.api.languages import language
from neighbourly.core.api.limits import (
    BLOCKS,
    PROOF,
    REFRESH,
    RESEND,
    RESET,
    RESET_TO,
    SIGN_IN,
    SIGN_IN_TO,
    SIGN_UP,
    SIGN_UP_TO,
    WRITE,
    address,
)
from neighbourly.core.api.pagination import Page, PageQuerySchema, page_of

bp = Blueprint("accounts", __name__, url_prefix="/v1", description="Joining, signing in, one's own account.")


def _label() -> str:
    """What the app calls itself."""
    return "".join(each for each in request.headers.get("User-Agent", "") if each.isprintable())[:80]


@bp.post(
    "/auth/register",
    auth=PUBLIC,
    body=schemas.RegisterSchema,
    returns=schemas.RegistrationSchema,
    status=202,
    limits=(SIGN_UP, SIGN_UP_TO),
    secret=True,
)
def register(body: dict[str, Any]) -> dict[str, Any]:
    """Ask to join: a code goes to the mailbox, and the answer is of one kind whatever the address."""
    body.pop("adult")
    return {"registration": service.register(network=address(), **body)}


@bp.post(
    "/auth/email/verify",
    auth=PUBLIC,
    body=schemas.VerifySchema,
    returns=schemas.SignedInSchema,
    limits=(SIGN_IN, SIGN_IN_TO),
    secret=True,
)
def verify_email(body: dict[str, Any]) -> SignedIn:
    """Type the code of a registration: the account exists from now on, and is signed in."""
    return service.verify_email(label=_label(), network=address(), language=language(), **body)


@bp.post(
    "/auth/email/resend",
    auth=PUBLIC,
    body=schemas.ResendSchema,
    returns=schemas.EmptySchema,
    status=202,
    limits=(RESEND, SIGN_UP_TO),
)
def resend_code(body: dict[str, Any]) -> dict[str, Any]:
    """Ask for another code; the answer is the same whatever the address."""
    service.resend_code(network=address(), **body)
    return {}


@bp.post(
    "/auth/login",
    auth=PUBLIC,
    body=schemas.LoginSchema,
    returns=schemas.SignedInSchema,
    limits=(SIGN_IN, SIGN_IN_TO),
    secret=True,
)
def log_in(body: dict[str, Any]) -> SignedIn:
    """Sign in with an address and its password."""
    return service.log_in(label=_label(), network=address(), **body)


@bp.post(
    "/auth/firebase",
    auth=PUBLIC,
    body=schemas.FirebaseSchema,
    returns=schemas.SignedInSchema,
    limits=(SIGN_IN,),
    secret=True,
)
def log_in_with_firebase(body: dict[str, Any]) -> SignedIn:
    """Sign in with an ID token of Firebase Auth."""
    return service.log_in_with_firebase(label=_label(), network=address(), language=language(), **body)


@bp.post(
    "/auth/refresh",
    auth=PUBLIC,
    body=schemas.RefreshSchema,
    returns=schemas.SignedInSchema,
    limits=(REFRESH,),
    secret=True,
)
def refresh(body: dict[str, Any]) -> SignedIn:
    """Exchange a refresh token for the next pair; one used twice ends its family."""
    return service.refresh(**body)


@bp.post("/auth/logout", auth=PUBLIC, body=schemas.LogoutSchema, status=204, limits=(REFRESH,), secret=True)
def log_out(body: dict[str, Any]) -> None:
    """End this session, by its refresh token or by its access token."""
    actor = authenticate(request.headers.get("Authorization"))
    service.log_out(session_id=actor.session_id if actor else None, **body)


@bp.post(
    "/auth/password/forgot",
    auth=PUBLIC,
    body=schemas.EmailSchema,
    returns=schemas.EmptySchema,
    status=202,
    limits=(RESET, RESET_TO),
)
def forgot_password(body: dict[str, Any]) -> dict[str, Any]:
    """Ask for a code that sets a new password; the answer is the same whatever the address."""
    service.forgot_password(network=address(), **body)
    return {}


@bp.post(
    "/auth/password/reset",
    auth=PUBLIC,
    body=schemas.ResetSchema,
    returns=schemas.SignedInSchema,
    limits=(RESET, SIGN_IN_TO),
    secret=True,
)
def reset_password(body: dict[str, Any]) -> SignedIn:
    """Set a new password with a code; every session ends, and a new one begins."""
    return service.reset_password(label=_label(), network=address(), **body)


@bp.get("/terms", auth=PUBLIC, returns=schemas.TermsSchema)
def get_terms() -> Terms:
    """The terms of use, in the caller's language."""
    return terms_in(language())


@bp.get("/me", auth=MEMBER, returns=schemas.OwnAccountSchema)
def get_me(actor: Actor) -> User:
    """One's own account."""
    return service.get_me(actor=actor)


@bp.patch("/me", auth=MEMBER, body=schemas.MeUpdateSchema, returns=schemas.OwnAccountSchema, limits=(WRITE,))
def update_me(actor: Actor, body: dict[str, Any]) -> User:
    """Change one's own account; a new password needs the current one, a first one a proof."""
    return service.update_me(actor=actor, network=address(), **body)


@bp.delete(
    "/me",
    auth=MEMBER,
    body=schemas.LeaveSchema,
    status=204,
    limits=(PROOF,),
    docs=Documented(example={"password": "quatre chats sur le toit"}),
)
def delete_me(actor: Actor, body: dict[str, Any]) -> None:
    """Erase one's own account and everything personal in it, at once.

    Under an open loan it answers 409 `loan_open` with `leaves_at`: it happens by itself once the thing is back, and
    then at the latest; until it has, the wish can be taken back.
    """
    service.delete_me(actor=actor, network=address(), **body)


@bp.delete("/me/erasure", auth=MEMBER, status=204, limits=(WRITE,))
def withdraw_erasure(actor: Actor) -> None:
    """Take back the wish to leave, while a loan still holds it up."""
    service.stay(actor=actor)


@bp.post("/me/codes", auth=MEMBER, returns=schemas.EmptySchema, status=202, limits=(WRITE,))
def send_proof_code(actor: Actor) -> dict[str, Any]:
    """Have a code mailed to one's own address, to show without a password that the account is one's own."""
    service.send_proof_code(actor=actor, network=address())
    return {}


@bp.post(
    "/me/proof",
    auth=MEMBER,
    body=schemas.ProofSchema,
    status=204,
    limits=(PROOF,),
    secret=True,
    docs=Documented(example={"password": "quatre chats sur le toit"}),
)
def prove(actor: Actor, body: dict[str, Any]) -> None:
    """Show anew that the account is one's own; for ten minutes this session may then make another way in."""
    service.prove(actor=actor, network=address(), **body)


@bp.put("/me/firebase", auth=MEMBER, body=schemas.LinkSchema, returns=schemas.OwnAccountSchema, limits=(PROOF,))
def link_firebase(actor: Actor, body: dict[str, Any]) -> User:
    """Sign in by this Firebase account of the same address from now on; needs a proof of the last ten minutes."""
    return service.link_firebase(actor=actor, **body)


@bp.delete("/me/firebase", auth=MEMBER, status=204)
def unlink_firebase(actor: Actor) -> None:
    """Sign in by Firebase no more; needs a password to sign in by."""
    service.unlink_firebase(actor=actor)


@bp.put("/me/terms", auth=MEMBER, body=schemas.TermsVersionSchema, returns=schemas.OwnAccountSchema)
def accept_terms(actor: Actor, body: dict[str, Any]) -> User:
    """Accept the terms in force."""
    return service.accept_terms(actor=actor, **body)


@bp.get("/me/sessions", auth=MEMBER, query=PageQuerySchema, returns=page_of(schemas.SessionSchema))
def list_sessions(actor: Actor, query: dict[str, Any]) -> Page:
    """Where one is signed in."""
    return selectors.list_sessions(actor, **query)


@bp.delete("/me/sessions/<uuid:session_id>", auth=MEMBER, status=204)
def delete_session(actor: Actor, session_id: UUID) -> None:
    """End one of one's own sessions."""
    service.delete_session(actor=actor, session_id=session_id)


@bp.post(
    "/invitations",
    auth=MEMBER,
    returns=schemas.InvitationSchema,
    status=201,
    limits=(WRITE,),
    secret=True,
    docs=Documented(also={200: "The code that nobody has used yet."}),
)
def create_invitation(actor: Actor) -> Created:
    """Invite neighbours: a code, a link and a QR, for twenty people and sixty days."""
    card, new = service.create_invitation(actor=actor)
    return Created(card, f"/i/{card.code}", new)


@bp.get("/me/blocks", auth=MEMBER, query=PageQuerySchema, returns=page_of(schemas.BlockSchema))
def list_blocks(actor: Actor, query: dict[str, Any]) -> Page:
    """Whom one has blocked."""
    return selectors.list_blocks(actor.id, **query)


@bp.put("/me/blocks/<uuid:user_id>", auth=MEMBER, status=204, limits=(BLOCKS,), not_yet=frozenset({"report"}))
def block_person(actor: Actor, user_id: UUID) -> None:
    """Block someone: neither sees, matches with or is notified of the other."""
    service.block_person(actor=actor, user_id=user_id)


@bp.delete("/me/blocks/<uuid:user_id>", auth=MEMBER, status=204, limits=(BLOCKS,))
def unblock_person(actor: Actor, user_id: UUID) -> None:
    """Lift one's own block."""
    service.unblock_person(actor=actor, user_id=user_id)
