// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "protocol/http_message.h"

#include <string>
#include <string_view>
#include <vector>

// What the readers make of bytes, as text that can be compared: one line a step, the data of a body as one.
//   HEAD POST /v1/messages 1.1 length=5 keep
//   BODY hello
//   DONE keep
//   FAILED 400 obs_fold
namespace luthien::test {

using Pieces = std::vector<std::string_view>;

/// All requests in pieces, until one fails or the bytes are used up.
[[nodiscard]] std::string readRequests(const Pieces& pieces, protocol::HttpLimits limits = {});

enum class Peer { StaysOpen, Closes };
/// The reply in pieces to a request with method.
[[nodiscard]] std::string readReply(std::string_view method, const Pieces& pieces, Peer peer);

/// bytes whole; byte by byte; and cut in two everywhere (at 512 places if that is fewer).
[[nodiscard]] std::vector<Pieces> everySplit(std::string_view bytes);

} // namespace luthien::test
