"""The outside world as local servers that really speak: push, mail and geocoding, each told how to behave or fail."""
