"""The whole tour."""


def demo() -> None:
    """演示。"""
