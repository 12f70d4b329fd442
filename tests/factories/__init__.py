"""Things for tests, made through the services that make the real ones."""
