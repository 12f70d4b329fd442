"""What a person wants to be asked: interests, how far, when, how often, and when away; what they look for."""
