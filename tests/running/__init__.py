"""Real processes, from the command to the line that says it is ready, and to the end."""
