"""What the SQL linter puts in place of the macros that need dbt or a warehouse; the SQL is linted, never run.

Only sqlfluff reads this package (`library_path` in `.sqlfluff`); plain Jinja macros it reads from `dbt/macros`.
"""

from collections.abc import Callable


def env_var(name: str, default: str = "") -> str:
    """The default of a variable of the environment."""
    return default


def value_filters() -> list[tuple[str, int | None]]:
    """Two filters of `value_filters.sql`: with one more alike, a loop's SQL has no other form."""
    return [("all", None), ("at_least_50", 50)]


def passes_value_filter(minimum: int | None, column: str = "projected_value_usd") -> str:
    """Condition of one filter as in `value_filters.sql`."""
    return "true" if minimum is None else f"coalesce({column} >= {minimum}, false)"


def candidate_rule(name: str, text: str) -> str:
    """Any condition over the text: the rule is read from the lake."""
    return f"{text} = ''"


def post_text(relation: str) -> str:
    """Any text of the relation's posts: how it is cleaned is read from the lake."""
    return f"{relation}.title"


def audit_error_classes() -> list[tuple[str, str]]:
    """The classes of `audit_errors.sql`."""
    return [("missed_candidate", "refused_true"), ("false_accept", "accepted_false")]


class adapter:  # noqa: N801
    """dbt's object of this name: a macro that differs by engine becomes its own name, a relation or a column."""

    @staticmethod
    def dispatch(name: str) -> Callable[..., str]:
        """The macro of this name for no engine."""
        return lambda *arguments: name
