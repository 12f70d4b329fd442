"""What both sides say afterwards, shown by the word of who it is about; a concern goes to moderators instead."""
