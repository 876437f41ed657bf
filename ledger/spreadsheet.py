"""What a spreadsheet makes of a text in a CSV file."""

# In half and in full width: the second is what a Chinese keyboard gives, and spreadsheets take it for the first.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def neutral(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return "'" + text if text.startswith(FORMULA_STARTS) else text
