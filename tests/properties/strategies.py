"""What the property tests share: one modest setting, and values of the content profile."""

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from ledger.chain.canonical import MAX_INT


def modest(examples: int) -> settings:
    """The same examples on every run, so that a red run can be run again."""
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )


any_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
escaped_text = st.text(
    st.sampled_from([*map(chr, range(0x21)), '"', "\\", "/", "\x7f", "\x80", "é", "\u2028", "￿", "😀", "𠀀", "中"]),
    max_size=20,
)
keys = st.text(st.sampled_from("abcxyz0189_"), min_size=1, max_size=6)
integers = st.one_of(
    st.integers(-MAX_INT, MAX_INT), st.sampled_from([0, 1, -1, MAX_INT, -MAX_INT, 2**31, 2**32, 10**15])
)
leaves = st.one_of(st.booleans(), integers, any_text, escaped_text)


def within(levels: int) -> st.SearchStrategy[Any]:
    """Values of the profile with at most so many levels of arrays and objects."""
    value = leaves
    for _ in range(levels):
        value = st.one_of(leaves, st.lists(value, max_size=3), st.dictionaries(keys, value, max_size=3))
    return value


profile_values = within(4)
