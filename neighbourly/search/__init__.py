"""Who and what is near: words, rings and filters over what is published, nearest first."""
