"""Where pushes go: a phone's installation, its token, and whose it is at the moment."""
