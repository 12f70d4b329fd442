"""What people do with accounts: join, sign in, stay signed in, change, invite, block, leave."""

from neighbourly.accounts.service.blocks import block_person, unblock_person
from neighbourly.accounts.service.invitations import create_invitation
from neighbourly.accounts.service.leaving import delete_me, finish_erasing, finish_leaving, note_wish_to_leave, stay
from neighbourly.accounts.service.profile import accept_terms, get_me, update_me
from neighbourly.accounts.service.registration import create_user, register, verify_email
from neighbourly.accounts.service.roles import promote_user
from neighbourly.accounts.service.sessions import (
    SignedIn,
    delete_session,
    end_all_sessions,
    end_lapsed_sessions,
    end_session,
    log_out,
    open_session,
    refresh,
)
from neighbourly.accounts.service.signing_in import (
    forgot_password,
    log_in,
    log_in_with_firebase,
    resend_code,
    reset_password,
)

__all__ = [
    "SignedIn",
    "accept_terms",
    "block_person",
    "create_invitation",
    "create_user",
    "delete_me",
    "delete_session",
    "end_all_sessions",
    "end_lapsed_sessions",
    "end_session",
    "finish_erasing",
    "finish_leaving",
    "forgot_password",
    "get_me",
    "log_in",
    "log_in_with_firebase",
    "log_out",
    "note_wish_to_leave",
    "open_session",
    "promote_user",
    "refresh",
    "register",
    "resend_code",
    "reset_password",
    "stay",
    "unblock_person",
    "update_me",
    "verify_email",
]
