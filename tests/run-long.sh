#!/usr/bin/env bash
# The tests that move much or take long, at their full length: .ci/run has them shortened. Prints what was measured.
# Usage: tests/run-long.sh [part of a test's full name, Transfer or Comparison for example]; without it, all of them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export WEBRTCCORE_LONG=1
export WEBRTCCORE_REQUIRE_PEERS=1
filter="FullyQualifiedName~Transfer|FullyQualifiedName~ComparisonTests"
if (($# > 0)); then
  filter="FullyQualifiedName~$1"
fi

dotnet test tests/WebRtcCore.Interop.Tests -c Release --nologo --filter "$filter" --logger 'console;verbosity=normal'
