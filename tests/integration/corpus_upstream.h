// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support/corpus.h"
#include "support/scripted_upstream.h"

#include <map>
#include <string>

namespace luthien::test {

using Recordings = std::map<std::string, CorpusCase>;

/// The recorded replies by id.
[[nodiscard]] Recordings recordings();
/// Where a client of that API sends its requests.
[[nodiscard]] std::string replayPath(conversation::Api api);
/// Answers each request with the recording its field x-recording names, in pieces of random size. recordings must
/// outlive the upstream.
[[nodiscard]] ScriptedUpstream::Script replaying(const Recordings& recordings);

} // namespace luthien::test
