// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "store/compression.h"
#include "store/search_texts.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace luthien::store {

class Database;

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

    using Contents = std::vector<std::pair<std::int64_t, ContentSource::Part>>;

    [[nodiscard]] Result<std::vector<Waiting>> waiting(std::int64_t limit);
    [[nodiscard]] Result<bool> takeSome(const std::vector<Waiting>& calls, SteadyPoint until);
    /// False = the time was over before its end.
    [[nodiscard]] Result<bool> take(const Waiting& call, SteadyPoint until);
    [[nodiscard]] Result<bool> takeRequest(const Waiting& call, SteadyPoint until);
    /// What is new in the call's request, in its order.
    [[nodiscard]] Result<Contents> freshContents(const Waiting& call);
    [[nodiscard]] Result<void> takeContent(const Waiting& call, std::int64_t content, ContentSource::Part part);
    /// Whether all of its texts are in there.
    [[nodiscard]] Result<bool> add(std::int64_t content, const ContentSource& source);
    [[nodiscard]] Result<void> refuse(const Waiting& call);
    [[nodiscard]] Result<void> setUnindexed(const Waiting& call, std::int64_t bits);
    [[nodiscard]] Result<std::string> read(std::int64_t content);
    /// From now on the index is made anew, in turns. Only where words are taken out by saying them once more. Inside a
    /// transaction.
    [[nodiscard]] Result<void> startAnew();
    /// While it is made anew: the row up to which calls wait again.
    [[nodiscard]] Result<std::optional<std::int64_t>> renewedUpTo();
    /// Lets some more calls wait again; once all do, all words go. False = the index is not made anew.
    [[nodiscard]] Result<bool> renew();
    [[nodiscard]] Result<void> renewSome(std::int64_t from);

    Database& m_database;
    const ReadTexts m_read;
    Compression m_compression;
    bool m_oneByOne = false; ///< the database refused one of the calls, nobody knows which
    bool m_hasAdded = false; ///< a content, in this turn
    bool m_isCut = false;    ///< a text of the call that is taken in
    bool m_isMerging = false;
};

} // namespace luthien::store
