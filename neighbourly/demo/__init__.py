"""A believable neighbourhood of Toulouse, so that the product can be tried in a minute."""
