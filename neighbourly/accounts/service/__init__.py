"""What people do with accounts: join, sign in, stay signed in, change, invite, block, leave."""

from neighbourly.accounts.service.blocks import block_person, unblock_person
from neighbourly.accounts.service.invitations import create_invitation
from neighbourly.accounts.service.leaving import delete_me, finish_erasing, finish_leaving, note_wish_to_leave, stay
from neighbourly.accounts.service.notices import tell
from neighbourly.accounts.service.profile import accept_terms, get_me, rename_user, update_me
from neighbourly.accounts.service.proofs import prove, require_recent_proof, send_proof_code
from neighbourly.accounts.service.registration import create_user, register, verify_email
from neighbourly.accounts.service.roles import promote_user
from neighbourly.accounts.service.sessions import (
    SignedIn,
    delete_session,
    end_all_sessions,
    end_lapsed_sessions,
    end_session,
    log_out,
    note_arrived,
    open_session,
    refresh,
)
from neighbourly.accounts.service.signing_in import (
    forgot_password,
    link_firebase,
    log_in,
    log_in_with_firebase,
    resend_code,
    reset_password,
    unlink_firebase,
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
    "link_firebase",
    "log_in",
    "log_in_with_firebase",
    "log_out",
    "note_arrived",
    "note_wish_to_leave",
    "open_session",
    "promote_user",
    "prove",
    "refresh",
    "register",
    "rename_user",
    "require_recent_proof",
    "resend_code",
    "reset_password",
    "send_proof_code",
    "stay",
    "tell",
    "unblock_person",
    "unlink_firebase",
    "update_me",
    "verify_email",
]
