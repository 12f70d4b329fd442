"""The tests: their folders mirror the program's, and `tests.fakes` plays the outside world."""
