#!/usr/bin/env bash
# The tests that move much or take long, at their full length: .ci/run has them shortened. Prints what was measured. Arguments go to dotnet test.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export WEBRTCCORE_LONG=1
export WEBRTCCORE_REQUIRE_PEERS=1
dotnet test tests/WebRtcCore.Interop.Tests -c Release --nologo --filter 'FullyQualifiedName~Transfer|FullyQualifiedName~ComparisonTests' --logger 'console;verbosity=normal' "$@"
