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
/// Where a client that is to get such a reply sends its request.
[[nodiscard]] std::string replayPath(const CorpusCase& recording);
/// A request that asks for it as it comes, streamed or whole.
[[nodiscard]] std::string askingFor(const CorpusCase& recording);
/// Answers each request with the recording its field x-recording names, in pieces of random size. recordings must
/// outlive the upstream.
[[nodiscard]] ScriptedUpstream::Script replaying(const Recordings& recordings);

} // namespace luthien::test
