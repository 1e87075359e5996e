// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "store/compression.h"
#include "store/index_renewal.h"
#include "store/search_texts.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace luthien::store {

class Database;

/// What search_content says of a content.
struct IndexedContent
{
    std::int64_t source = 0;
    std::int64_t kinds = 0;
    bool isCut = false;
    std::int64_t hash = 0;
};

/// The words of what was recorded. Calls wait in the table call (column unindexed) until they are taken in, and each
/// content is taken in once, however often it is sent.
///
/// Whoever deletes: within the transaction that deletes a call's row, forget(call); within the one that deletes a row
/// of content, remove(content, its decoded bytes) first. The words are gone from answers then. SQLite keeps the bytes
/// of deleted words in older parts of its index until these are merged: afterwards call merge(), in transactions of its
/// own, until it gives false.
///
/// Thread: the writer's, on its connection.
class SearchIndex
{
public:
    /// database outlives it.
    SearchIndex(Database& database, ReadTexts read);

    /// Takes in some of the calls that wait, the oldest first, in a transaction of its own, until the time is over; one
    /// content at least. False = none waits any more. A call whose texts the database refuses is left out, for good,
    /// and looked through by whoever asks for texts. Errors: of the database; then the transaction is rolled back.
    [[nodiscard]] Result<bool> advance(std::chrono::milliseconds budget);

    /// Takes a content's texts out. Does nothing for one that is not in there. Where that takes to know what its words
    /// were and nobody does, the index is made anew. Inside a transaction.
    [[nodiscard]] Result<void> remove(std::int64_t content, std::string_view bytes);
    /// The call brings no content any more. Inside a transaction.
    [[nodiscard]] Result<void> forget(std::int64_t call);
    /// Rewrites a part of the index so that no bytes of what was deleted are left; false = that is done.
    [[nodiscard]] Result<bool> merge();

private:
    /// A call that waits.
    struct Waiting
    {
        std::int64_t row = 0;
        std::int64_t unindexed = 0;
        conversation::Api api = conversation::Api::Other;
        std::int64_t freshFrom = 0;
        std::optional<std::int64_t> reply;
    };

    /// A content that is new in a call.
    struct Brought
    {
        std::int64_t content = 0;
        ContentSource::Part part = ContentSource::Part::Message;
        std::optional<IndexedContent> known{};
        std::optional<std::string> bytes{}; ///< none = they have to be read
    };

    [[nodiscard]] Result<std::vector<Waiting>> waiting(std::int64_t limit);
    [[nodiscard]] Result<bool> takeSome(const std::vector<Waiting>& calls, SteadyPoint until);
    /// False = the time was over before its end.
    [[nodiscard]] Result<bool> take(const Waiting& call, SteadyPoint until);
    /// In the call's order.
    [[nodiscard]] Result<std::vector<Brought>> brought(const Waiting& call);
    [[nodiscard]] Result<void> takeContent(const Waiting& call, const Brought& one,
                                           const std::optional<IndexedContent>& known);
    [[nodiscard]] Result<void> refuse(const Waiting& call);
    [[nodiscard]] Result<void> setUnindexed(const Waiting& call, std::int64_t bits);
    [[nodiscard]] Result<std::string> read(std::int64_t content);

    Database& m_database;
    const ReadTexts m_read;
    Compression m_compression;
    IndexRenewal m_renewal;
    bool m_oneByOne = false; ///< the database refused one of the calls, nobody knows which
    bool m_hasAdded = false; ///< a content, in this turn
    bool m_isCut = false;    ///< a text of the call that is taken in
    bool m_isMerging = false;
};

} // namespace luthien::store
