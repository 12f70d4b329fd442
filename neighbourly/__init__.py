"""The back end of an app for neighbours who lend, share and help one another."""
