"""What both sides say afterwards: words, seen by all once both wrote; a concern goes to moderators instead."""
