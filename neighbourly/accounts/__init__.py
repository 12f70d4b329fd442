"""People: how they sign in and out, their sessions, roles and invitations, and whom they blocked."""
