// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/sha256.h"

#include <cstdint>
#include <vector>

namespace luthien::store {

/// How a message is found: the one before it, its text, and how many of the text's bytes come before the message.
struct NodeKey
{
    std::int64_t parent = 0;
    std::int64_t content = 0;
    std::int64_t gap = 0;
    bool operator==(const NodeKey&) const = default;
};

/// Rows that are gone, which a recorder may remember.
struct Forgotten
{
    std::vector<Digest> contents;
    std::vector<NodeKey> nodes;
    std::vector<std::int64_t> sessions; ///< or some of their calls
};

} // namespace luthien::store
