// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "base/sha256.h"
#include "conversation/call_event.h"
#include "store/block.h"
#include "store/compression.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

/// What the column call.recorded_sha256 is made of: the bytes of a call as they are stored.
namespace luthien::store {

class Database;

/// A block as it is stored.
struct StoredBlock
{
    BlockHead head;
    std::uint64_t rawBytes = 0;
    Codec codec = Codec::Plain;
    std::string_view data;
};
[[nodiscard]] Digest digestOf(const StoredBlock& block);

/// Calls take with some of a call's blocks, in order from the number seq on: not all, for a reply may be larger than
/// the memory. Returns the number after them; none = there are no more.
[[nodiscard]] Result<std::optional<std::uint32_t>>
forSomeBlocks(Database& database, std::int64_t callRow, std::uint32_t seq,
              const std::function<Result<void>(const StoredBlock&)>& take);

struct RequestDigest
{
    std::uint32_t seq = 0;
    conversation::Direction direction = conversation::Direction::Received;
    Digest parts{}; ///< digestOf() its headers, opening, messages and closing
};
[[nodiscard]] Digest digestOf(const std::vector<Digest>& parts);

[[nodiscard]] Digest recordedDigest(const std::vector<RequestDigest>& requests, const std::vector<Digest>& blocks);
/// The same from the tables. Errors: NotFound if bytes of a request are missing.
[[nodiscard]] Result<Digest> recordedDigest(Database& database, std::int64_t callRow);

} // namespace luthien::store
