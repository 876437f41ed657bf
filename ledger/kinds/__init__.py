"""What can be recorded: each kind declared once, and the codec between content bytes and typed events."""
