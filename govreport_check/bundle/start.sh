#!/bin/sh
cd "$(dirname "$0")" || exit 2
for python in ./python/bin/python3 python{python} python3; do
  if command -v "$python" >/dev/null 2>&1; then
    exec "$python" start.py --lang zh "$@"
  fi
done
echo "没有找到 Python {python}。请按 python/README.txt 操作。" >&2
echo "Python {python} was not found: see python/README.txt." >&2
exit 2
