"""Import a bundle and overwrite what an earlier one made; `superset import-dashboards` leaves charts as they were."""

import sys
from zipfile import ZipFile

from flask import g
from superset.app import create_app


def import_bundle(bundle: str) -> None:
    """Database, datasets, charts and dashboard of the zip, as user admin."""
    with create_app().app_context():
        from superset.commands.importers.v1.assets import ImportAssetsCommand
        from superset.commands.importers.v1.utils import get_contents_from_bundle
        from superset.extensions import security_manager

        g.user = security_manager.find_user(username="admin")
        with ZipFile(bundle) as archive:
            ImportAssetsCommand(get_contents_from_bundle(archive)).run()


if __name__ == "__main__":
    import_bundle(sys.argv[1])
