"""The models' SQL, which is DuckDB's, as Spark reads it.

sqlglot translates syntax and names of functions; the classes below hold what it does otherwise than DuckDB means it.
What cannot be translated is an error and never left out.
"""

from collections.abc import Callable
from typing import Any

from sqlglot import ErrorLevel, exp, parse_one
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.dialects.spark import Spark
from sqlglot.errors import UnsupportedError
from sqlglot.generator import Generator
from sqlglot.optimizer.qualify import qualify

LIST, MEMBER, KEPT = "listed_values", "listed_value", "is_kept"
"""Names of columns between queries that are one in the models."""


class ModelSql(DuckDB):
    """DuckDB's SQL with the habits of the models."""

    class Parser(DuckDB.Parser):  # type: ignore[misc, valid-type]
        # `len` counts the members of a list, `length` the characters of a text; the largest value is a known one
        FUNCTIONS = DuckDB.Parser.FUNCTIONS | {
            "ANY_VALUE": exp.Max.from_arg_list,
            "LEN": exp.ArraySize.from_arg_list,
            "LIST_SUM": lambda given: exp.Reduce(this=given[0], initial=exp.null(), merge=exp.null()),
        }


class ClusterSql(Spark):
    """Spark's SQL where it has to mean what DuckDB means."""

    class Generator(Spark.Generator):  # type: ignore[misc, valid-type]
        TRANSFORMS = Spark.Generator.TRANSFORMS | {
            exp.Div: lambda self, node: _float_division(self, node),
            exp.ArrayAgg: lambda self, node: _ordered_list(self, node),
            exp.DateDiff: lambda self, node: _boundaries_between(self, node),
            exp.Split: lambda self, node: self.func("SPLIT", node.this, _as_pattern(node.expression)),
            exp.Reduce: lambda self, node: (
                f"AGGREGATE({self.sql(node, 'this')}, CAST(0 AS BIGINT), (total, member) -> total + member)"
            ),
            exp.PercentileDisc: lambda self, node: _quantiles(self, node),
            exp.Window: lambda self, node: _window(self, node),
        }


def translated(sql: str, columns: Callable[[str], list[str]]) -> str:
    """A statement of the models in Spark's dialect; `columns` names those of a table or view.

    Raises sqlglot.errors.UnsupportedError naming a construct that Spark has not, ParseError for what is no SQL.
    """
    tree: Any = parse_one(sql, read=ModelSql)
    # Every column with its table: Sail knows a key of `using` by no table's name, and no `exclude` of one table.
    tables: dict[str, object] = {
        table.name: dict.fromkeys(columns(exp.table_name(table)), "") for table in _stored_tables(tree)
    }
    tree = qualify(tree, dialect=ModelSql, schema=tables, quote_identifiers=False, validate_qualify_columns=False)
    for table in tree.find_all(exp.CTE):
        table.set("materialized", None)
    for select in list(tree.find_all(exp.Select)):
        _spell_windows(select)
        _keep_around(select)
        _unnest_first(select)
        _name_groups(select)
    for joined in list(tree.find_all(exp.GroupConcat)):
        _join_distinct(joined)
    return tree.sql(dialect=ClusterSql, unsupported_level=ErrorLevel.RAISE, pretty=True)


def _stored_tables(tree: exp.Expression) -> list[exp.Table]:
    """Tables that the statement does not define: a CTE may have the name of a table that it reads by its schema."""
    named = {table.alias for table in tree.find_all(exp.CTE)}
    return [table for table in tree.find_all(exp.Table) if table.name and (table.db or table.name not in named)]


def _float_division(self: Generator, node: exp.Div) -> str:
    """DuckDB divides integers and decimals as floats, Spark decimals as decimals."""
    return f"{self.sql(exp.cast(node.left, 'double'))} / {self.sql(node.right)}"


def _quantiles(self: Generator, node: exp.PercentileDisc) -> str:
    """DuckDB gives a list of quantiles for a list of fractions."""
    fractions = node.expression.expressions if isinstance(node.expression, exp.Array) else [node.expression]
    of_each = [f"PERCENTILE_DISC({self.sql(f)}) WITHIN GROUP (ORDER BY {self.sql(node.this)})" for f in fractions]
    return f"ARRAY({', '.join(of_each)})" if isinstance(node.expression, exp.Array) else of_each[0]


def _window(self: Generator, node: exp.Window) -> str:
    """A median of the rows around the current one: Spark leaves no row out of a frame, and has medians over none."""
    frame = node.args.get("spec")
    if frame is None or not frame.args.get("exclude"):
        return self.window_sql(node)
    if not isinstance(node.this, exp.Median) or frame.args["exclude"].name.upper() != "CURRENT ROW":
        self.unsupported(f"a window of this kind: {node.sql(ModelSql)}")
    partition = self.expressions(node, key="partition_by", flat=True)
    sides = [
        f"COALESCE(COLLECT_LIST({self.sql(node.this.this)}) OVER ({f'PARTITION BY {partition} ' if partition else ''}"
        f"{self.sql(node, 'order')} ROWS BETWEEN {side}), ARRAY())"
        for side in (
            f"{self.sql(frame, 'start')} PRECEDING AND 1 PRECEDING",
            f"1 FOLLOWING AND {self.sql(frame, 'end')} FOLLOWING",
        )
    ]
    lower, upper = "NULLIF(INT((SIZE(near) + 1) DIV 2), 0)", "INT(SIZE(near) DIV 2 + 1)"
    middle = f"(TRY_ELEMENT_AT(near, {lower}) + TRY_ELEMENT_AT(near, {upper})) / 2"
    known = f"FILTER(CONCAT({', '.join(sides)}), near -> NOT near IS NULL)"  # Sail's lists keep what is unknown
    return f"TRANSFORM(ARRAY(SORT_ARRAY({known})), near -> {middle})[0]"


def _ordered_list(self: Generator, node: exp.ArrayAgg) -> str:
    """Spark's lists have no order of their own: the keys are collected with the values and sorted."""
    if not isinstance(node.this, exp.Order):
        return self.func("COLLECT_LIST", node.this)
    keys = [ordered.this for ordered in node.this.expressions]
    if any(ordered.args.get("desc") for ordered in node.this.expressions):
        self.unsupported("A list in descending order")
    if [node.this.this] == keys:
        return self.func("SORT_ARRAY", exp.func("COLLECT_LIST", node.this.this))
    pairs = self.func("COLLECT_LIST", self.func("STRUCT", *keys, exp.alias_(node.this.this, "listed")))
    return f"TRANSFORM(SORT_ARRAY({pairs}), pair -> pair.listed)"


def _boundaries_between(self: Generator, node: exp.DateDiff) -> str:
    """DuckDB counts the boundaries between two days, Spark the whole months."""
    later, earlier = self.sql(node.this), self.sql(node.expression)
    match str(node.args.get("unit") or "DAY").upper():
        case "DAY":
            return f"DATEDIFF({later}, {earlier})"
        case "MONTH":
            return f"(12 * (YEAR({later}) - YEAR({earlier})) + MONTH({later}) - MONTH({earlier}))"
    self.unsupported(f"date_diff in {node.args['unit']}")
    return ""


def _as_pattern(separator: exp.Expression) -> exp.Expression:
    """Spark splits at a regular expression: of a single character a class of its own."""
    return exp.Literal.string(f"[{separator.name}]") if separator.is_string else separator


def _spell_windows(select: exp.Select) -> None:
    """A named window at each place that names it."""
    named = {window.name: window for window in select.args.get("windows") or []}
    for window in list(select.find_all(exp.Window)):
        if (name := window.args.get("alias")) is not None and name.name in named and window.this is not name:
            window.set("partition_by", [key.copy() for key in named[name.name].args["partition_by"]])
            window.set("alias", None)
    select.set("windows", None)


def _keep_around(select: exp.Select) -> None:
    """`qualify` as a query around: sqlglot's own way takes a table's column for a selected one of the same name."""
    condition = select.args.get("qualify")
    if condition is None:
        return
    inner = select.copy()
    inner.set("qualify", None)
    inner.select(exp.alias_(condition.this.copy(), KEPT), copy=False)
    names = [exp.column(column.alias_or_name) for column in select.expressions]
    outer = exp.select(*names).from_(inner.subquery("windowed")).where(exp.column(KEPT))
    for name in set(select.args) | set(outer.args):
        select.set(name, outer.args.get(name))


def _unnest_first(select: exp.Select) -> None:
    """Spark expands a list only as a column of its own, and not beside an aggregation.

    What is more is said in three queries: the list, its members, and what is made of a member.
    """
    found = [column for column in select.expressions if _expansion(column)]
    if not any(_is_more_than_a_column(column) for column in found):
        return
    lists = select.copy()
    lists.set("distinct", None)
    lists.set("expressions", [_as_list(column) for column in lists.expressions])
    others = [exp.column(column.alias_or_name) for column in select.expressions if column not in found]
    members = exp.select(*others, exp.alias_(exp.Explode(this=exp.column(LIST)), MEMBER)).from_(lists.subquery("lists"))
    made = exp.select(*(_of_member(column) for column in select.expressions)).from_(members.subquery("members"))
    if select.args.get("distinct"):
        made = made.distinct()
    for name in set(select.args) | set(made.args):
        select.set(name, made.args.get(name))


def _expansion(column: Any) -> Any:
    return column.find(exp.Explode, exp.Unnest)


def _is_more_than_a_column(column: exp.Expression) -> bool:
    expansion = _expansion(column)
    return column.unalias() is not expansion or expansion.find(exp.AggFunc) is not None


def _as_list(column: exp.Expression) -> Any:
    expansion = _expansion(column)
    if expansion is None:
        return column
    given = expansion.this if isinstance(expansion, exp.Explode) else expansion.expressions[0]
    return exp.alias_(given, LIST)


def _of_member(column: exp.Expression) -> Any:
    if _expansion(column) is None:
        return exp.column(column.alias_or_name)
    made = exp.Select(expressions=[column.copy()])
    _expansion(made).replace(exp.column(MEMBER))  # type: ignore[union-attr]
    return made.expressions[0]


def _name_groups(select: exp.Select) -> None:
    """`group by all` spelled out: the columns that are no aggregates."""
    group = select.args.get("group")
    if group is not None and group.args.get("all"):
        keys = [column.unalias() for column in select.expressions if not column.find(exp.AggFunc)]
        select.set("group", exp.Group(expressions=[key for key in keys if not isinstance(key, exp.Literal)]))


def _join_distinct(joined: exp.GroupConcat) -> None:
    """Distinct texts in their own order as a sorted set: Spark 4.2 cannot plan `listagg(distinct ...)` in an order."""
    if not isinstance(joined.this, exp.Order) or not isinstance(joined.this.this, exp.Distinct):
        return
    [text] = joined.this.this.expressions
    if [(key.this, bool(key.args.get("desc"))) for key in joined.this.expressions] != [(text, False)]:
        raise UnsupportedError(f"Distinct texts in another order than their own: {joined.sql(ModelSql)}")
    whole: exp.Expression = joined.parent if isinstance(joined.parent, exp.Filter) else joined
    found: exp.Expression = exp.ArrayUniqueAgg(this=text.copy())
    if whole is not joined:
        found = exp.Filter(this=found, expression=whole.expression.copy())
    text_of_set = exp.func("ARRAY_JOIN", exp.func("SORT_ARRAY", found), joined.args["separator"].copy())
    is_filled = exp.GT(this=exp.func("SIZE", found.copy()), expression=exp.Literal.number(0))
    whole.replace(exp.case().when(is_filled, text_of_set))
