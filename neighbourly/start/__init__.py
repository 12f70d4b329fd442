"""The home screen in one call, and what an app must know before anyone signs in."""
