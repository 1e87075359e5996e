// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/metrics.h"
#include "store/rows.h"

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

namespace luthien::store {

/// Texts of calls that are over, as readers give them, so that a session that is looked at again is neither fetched nor
/// unpacked again; what was used longest ago goes first. It does not know what the database says: whoever asks has made
/// sure that the call still has its texts. Thread: any.
class TextCache
{
public:
    enum class What : std::uint8_t { Events, Messages, RequestBody, RequestHead, Reply, SentReply };

    struct Key
    {
        std::int64_t call = 0; ///< its row
        What what = What::Events;
        std::uint32_t from = 0;
        std::uint32_t limit = 0;
        bool operator==(const Key&) const = default;
    };

    using Value = std::variant<std::string, EventPage, std::vector<MessageRow>>;

    /// How often something was forgotten.
    using Age = std::uint64_t;

    /// metrics outlives it and may be null; mostBytes = 0 keeps nothing.
    TextCache(std::size_t mostBytes, Metrics* metrics);

    /// Null = it is not there. Counts a hit or a miss.
    [[nodiscard]] std::shared_ptr<const Value> find(const Key& key);
    /// To be asked before the database is; what was read since something was forgotten may be that, and is not kept.
    [[nodiscard]] Age age() const;
    /// Keeps a value of a call in a session, unless it is larger than an eighth of all there may be.
    void put(const Key& key, std::string_view session, Value value, Age age);
    /// All that is kept of these sessions goes.
    void forget(const std::vector<std::string>& sessions);

    [[nodiscard]] std::size_t bytes() const;

private:
    struct Hash
    {
        std::size_t operator()(const Key& key) const noexcept;
    };

    struct Entry
    {
        Key key;
        std::string session;
        std::size_t bytes = 0; ///< of the value and what goes with it
        std::shared_ptr<const Value> value;
    };
    using Entries = std::list<Entry>;

    void erase(Entries::iterator entry);
    void count(Metric metric, std::uint64_t amount = 1) const;

    const std::size_t m_mostBytes;
    Metrics* const m_metrics;
    mutable std::mutex m_mutex;
    Entries m_entries; ///< the last used first
    std::unordered_map<Key, Entries::iterator, Hash> m_places;
    std::size_t m_bytes = 0;
    Age m_age = 0;
};

} // namespace luthien::store
