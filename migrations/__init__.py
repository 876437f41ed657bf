"""Schema revisions. They add tables and columns; they never rewrite recorded bytes."""
