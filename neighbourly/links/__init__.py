"""Small pages behind the links in messages, to open the app or get it, and behind each refusal's `type`."""
