#!/usr/bin/env bash
# Writes the public surface of every package anew into its PublicAPI.Unshipped.txt. Read the difference before committing it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

for project in src/*/*.csproj; do
  folder=$(dirname "$project")
  [ -f "$folder/PublicAPI.Shipped.txt" ] || echo '#nullable enable' >"$folder/PublicAPI.Shipped.txt"
  echo '#nullable enable' >"$folder/PublicAPI.Unshipped.txt"
  dotnet restore "$project" -v q
  dotnet format analyzers "$project" --diagnostics RS0016 RS0036 RS0037 --severity warn --no-restore
done
