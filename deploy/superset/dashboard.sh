#!/bin/bash
# Install Superset in an environment of its own, make the dashboard of the latest release, and start it on this machine alone.
#   deploy/superset/dashboard.sh RELEASES|URI [SCHEMA]     RELEASES: a workspace's folder releases/; URI: of SQLAlchemy
# Needs the network for the first installation only. State lies in SUPERSET_HOME, by default deploy/superset/home.
set -euo pipefail
umask 077
here=$(cd "$(dirname "$0")" && pwd)
repository=$(cd "$here/../.." && pwd)
export SUPERSET_HOME=${SUPERSET_HOME:-$here/home}
export SUPERSET_CONFIG_PATH=$here/superset_config.py FLASK_APP=superset SCARF_ANALYTICS=false PYTHONWARNINGS=ignore
port=${PORT:-8088}
mkdir -p "$SUPERSET_HOME"
bin=$SUPERSET_HOME/venv/bin

case $1 in
    *://*) uri=$1 schema=${2:-hiring_pulse} ;;
    *) uri="duckdb:///$(cd "$1" && pwd)/latest/hiring_pulse.duckdb?access_mode=read_only" schema=main ;;
esac

if ! cmp -s "$here/requirements.txt" "$SUPERSET_HOME/installed.txt"; then
    echo "installing Superset into $SUPERSET_HOME/venv (some minutes, once)"
    PATH="$PATH:$repository/.uv/bin"
    uv venv --quiet --clear --python "${PYTHON_FOR_SUPERSET:-3.11}" "$SUPERSET_HOME/venv"
    uv pip install --quiet --python "$bin/python" -r "$here/requirements.txt"
    cp "$here/requirements.txt" "$SUPERSET_HOME/installed.txt"
fi

[ -s "$SUPERSET_HOME/secret_key" ] || head -c 48 /dev/urandom | base64 -w 0 > "$SUPERSET_HOME/secret_key"
if [ ! -s "$SUPERSET_HOME/admin_password" ]; then
    head -c 18 /dev/urandom | base64 -w 0 > "$SUPERSET_HOME/admin_password"
    echo "making Superset's metadata"
    "$bin/superset" db upgrade > "$SUPERSET_HOME/setup.log" 2>&1
    "$bin/superset" fab create-admin --username admin --firstname Hiring --lastname Pulse --email admin@localhost.localdomain \
        --password "$(cat "$SUPERSET_HOME/admin_password")" >> "$SUPERSET_HOME/setup.log" 2>&1
    "$bin/superset" init >> "$SUPERSET_HOME/setup.log" 2>&1
fi

bundle=$SUPERSET_HOME/dashboard.zip
(cd "$repository" && .venv/bin/python "$here/dashboard_bundle.py" "$uri" "$schema" "$bundle")
"$bin/python" "$here/import_bundle.py" "$bundle" >> "$SUPERSET_HOME/setup.log" 2>&1 \
    || { echo "the import failed: $SUPERSET_HOME/setup.log says why"; exit 1; }
rm "$bundle" # it holds the address of the database
[ "${START:-yes}" = yes ] || exit 0
echo "http://127.0.0.1:$port/superset/dashboard/hiring-report/  user admin, password in $SUPERSET_HOME/admin_password"
exec "$bin/gunicorn" --bind "127.0.0.1:$port" --workers 1 --threads 8 --timeout 120 --log-level warning "superset.app:create_app()"
