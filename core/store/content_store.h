// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "base/sha256.h"
#include "conversation/call_event.h"
#include "store/compression.h"
#include "store/forgotten.h"
#include "store/remembered.h"
#include "store/session_sizes.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace luthien::store {

class Database;

/// The bytes that a row holds; none = the row is gone. Errors: InvalidInput if they are damaged, those of the database.
/// Thread: the connection's.
[[nodiscard]] Result<std::optional<std::string>> readContent(Database& database, Compression& compression,
                                                             std::int64_t row);

/// A request body, taken apart.
struct StoredBody
{
    std::int64_t opening = 0;         ///< content before the first message, or all of it if there are no messages
    std::optional<std::int64_t> head; ///< node of the last message
    std::optional<std::int64_t> closing;
    std::vector<std::int64_t> meanings; ///< of the conversation up to each message
    std::vector<Digest> hashes;         ///< of opening, each message and closing
};

/// Writes bytes that are stored once, whoever uses them. Knows no JSON except for how a cache mark looks.
/// Thread: the writer's, inside a transaction.
class ContentStore
{
public:
    ContentStore(Database& database, const Remembered& remembered)
        : m_database(database)
        , m_most(remembered.contents)
    {
    }

    /// The session whose bytes are put from now on: what is new counts as its own.
    void setOwner(std::int64_t session) noexcept { m_owner = session; }
    /// What the owners grew by.
    [[nodiscard]] SessionSizes& sizes() noexcept { return m_sizes; }
    /// These rows are gone; the other: anything may be gone. \{
    void forget(const Forgotten& forgotten);
    void forgetAll();
    /// \}
    /// The row that holds bytes, made if there is none.
    [[nodiscard]] Result<std::int64_t> put(std::string_view bytes);
    /// hash = SHA-256 of bytes.
    [[nodiscard]] Result<std::int64_t> put(std::string_view bytes, const Digest& hash);
    /// Errors: InvalidArgument if the spans are not ascending, disjoint and within the body.
    [[nodiscard]] Result<StoredBody> putBody(std::string_view body, std::span<const conversation::Span> messages);

private:
    struct Hash
    {
        std::size_t operator()(const NodeKey& key) const noexcept;
        std::size_t operator()(const Digest& digest) const noexcept;
    };

    [[nodiscard]] Result<std::int64_t> insert(std::string_view bytes, const Digest& hash);
    [[nodiscard]] Result<std::int64_t> node(const NodeKey& key, std::size_t depth, std::int64_t meaning);

    Database& m_database;
    const std::size_t m_most;
    Compression m_compression;
    SessionSizes m_sizes;
    std::int64_t m_owner = 0;
    std::unordered_map<Digest, std::int64_t, Hash> m_contents;
    std::unordered_map<NodeKey, std::int64_t, Hash> m_nodes;
};

} // namespace luthien::store
