"""The asset graph as text; `.venv/bin/python -m tests.support.graph_text > tests/unit/defs/graph.txt` renews it."""

import dagster as dg


def graph_text(definitions: dg.Definitions) -> str:
    """A paragraph an asset: key, group, step, what it reads, and the checks of its gate; sorted by key.

    dbt's own tests are left out: they stand beside the models that they test.
    """
    graph = definitions.resolve_asset_graph()
    checks: dict[dg.AssetKey, list[str]] = {}
    for check_key in graph.asset_check_keys:
        spec = graph.get_check_spec(check_key)
        if spec.name.endswith(("_suite", "_warnings")):
            checks.setdefault(check_key.asset_key, []).append(f"{spec.name}{' (blocking)' if spec.blocking else ''}")
    paragraphs = []
    for key in sorted(graph.materializable_asset_keys):
        node = graph.get(key)
        step = graph.assets_def_for_key(key).op.name
        lines = [f"{key.to_user_string()}", f"  group {node.group_name}, step {step}"]
        lines += [f"  < {parent.to_user_string()}" for parent in sorted(node.parent_keys)]
        lines += [f"  ! {check}" for check in sorted(checks.get(key, []))]
        paragraphs.append("\n".join(lines))
    return "\n\n".join(paragraphs) + "\n"


if __name__ == "__main__":
    from dagster_project.definitions import defs

    print(graph_text(defs()), end="")
