"""The source of the repository, parsed: modules, what they import, what they call."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("ledger", "reports", "migrations")


def modules() -> dict[str, Path]:
    """Every module of the product by its dotted name; a package is named like its folder."""
    found = {"cli": ROOT / "cli.py"}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()
TREES = {name: ast.parse(path.read_text("utf-8")) for name, path in MODULES.items()}


def imports(name: str) -> set[str]:
    """The modules of the product that a module imports anywhere, inside functions too."""
    return set(_resolved(TREES[name]))


def _resolved(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in MODULES)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports name the whole path"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                if whole in MODULES:
                    yield whole
                elif node.module in MODULES:
                    yield str(node.module)


def calls(name: str) -> set[str]:
    """The dotted names that a module calls."""
    return {ast.unparse(node.func) for node in ast.walk(TREES[name]) if isinstance(node, ast.Call)}


def outside_imports(name: str) -> set[str]:
    """The top-level names of what a module imports from elsewhere."""
    found = set()
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(str(node.module).partition(".")[0])
    return found - {"cli", *PACKAGES}


def files_of_tests() -> list[Path]:
    """Every file of the tests."""
    return sorted(path for path in (ROOT / "tests").rglob("*") if path.suffix in (".py", ".txt", ".json", ".md"))
