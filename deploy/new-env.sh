#!/usr/bin/env bash
# Writes .env from .env.example, with a random password wherever one is missing. Leaves an .env that is there alone.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
if [ -e .env ]; then
    echo "There is an .env already: edit it, or remove it first (MySQL and Grafana keep the passwords of their first start)." >&2
    exit 1
fi
umask 077
while IFS= read -r line; do
    case $line in
        '#'*) printf '%s\n' "$line" ;;
        *_PASSWORD=) printf '%s%s\n' "$line" "$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')" ;;
        *) printf '%s\n' "$line" ;;
    esac
done <.env.example >.env
echo "Wrote .env."
