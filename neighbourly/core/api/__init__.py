"""The door: one decorator a route, one transaction a request, one shape for every refusal. It knows no feature."""
