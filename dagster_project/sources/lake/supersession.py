"""A file that comes again with other content: its rejects close those of its former load, whose accepted rows stay."""

from collections.abc import Iterable

from dagster_project.sources.lake.manifests import Manifest


def with_supersession(known: Iterable[Manifest], current: dict[tuple[str, str], str]) -> list[Manifest]:
    """The known loads whose `superseded_by` changes, changed; `current` is the load id now at each (table, uri).

    A load whose very content is back at its uri is open again. Replayed rows hold no rejects and stay as they are.
    """
    changed = []
    for manifest in known:
        load_id = current.get((manifest.table, manifest.uri))
        if load_id is None or manifest.replay_of is not None:
            continue
        superseded_by = None if load_id == manifest.load_id else load_id
        if superseded_by != manifest.superseded_by:
            changed.append(manifest.model_copy(update={"superseded_by": superseded_by}))
    return changed
