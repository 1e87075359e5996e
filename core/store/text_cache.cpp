// SPDX-License-Identifier: Apache-2.0
#include "store/text_cache.h"

#include <algorithm>
#include <utility>

namespace luthien::store {

namespace {
constexpr std::size_t kEntryBytes = 256; // what an entry takes besides its value
constexpr std::size_t kLargestPart = 8;

std::size_t sizeOf(const std::string& text)
{
    return text.size();
}

std::size_t sizeOf(const EventPage& page)
{
    std::size_t bytes = 0;
    for (const EventRow& event : page.items)
        bytes += sizeof event + event.bytes.size();
    return bytes;
}

std::size_t sizeOf(const std::vector<MessageRow>& messages)
{
    std::size_t bytes = 0;
    for (const MessageRow& message : messages)
        bytes += sizeof message + message.json.size();
    return bytes;
}
} // namespace

TextCache::TextCache(std::size_t mostBytes, Metrics* metrics)
    : m_mostBytes(mostBytes)
    , m_metrics(metrics)
{
}

std::size_t TextCache::Hash::operator()(const Key& key) const noexcept
{
    constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15;
    auto mixed = (static_cast<std::uint64_t>(key.call) ^ static_cast<std::uint64_t>(key.what) << 56U) * kOdd;
    mixed = (mixed ^ (std::uint64_t{key.from} << 32U | key.limit)) * kOdd;
    return mixed ^ mixed >> 32U;
}

void TextCache::count(Metric metric, std::uint64_t amount) const
{
    if (m_metrics != nullptr)
        m_metrics->add(metric, amount);
}

std::shared_ptr<const TextCache::Value> TextCache::find(const Key& key)
{
    const std::lock_guard lock(m_mutex);
    const auto place = m_places.find(key);
    count(place == m_places.end() ? Metric::StoreCacheMisses : Metric::StoreCacheHits);
    if (place == m_places.end())
        return nullptr;
    m_entries.splice(m_entries.begin(), m_entries, place->second);
    return place->second->value;
}

TextCache::Age TextCache::age() const
{
    const std::lock_guard lock(m_mutex);
    return m_age;
}

void TextCache::put(const Key& key, std::string_view session, Value value, Age age)
{
    const std::size_t bytes =
        kEntryBytes + session.size() + std::visit([](const auto& texts) { return sizeOf(texts); }, value);
    if (bytes > m_mostBytes / kLargestPart)
        return;
    Entry entry{key, std::string(session), bytes, std::make_shared<const Value>(std::move(value))};
    const std::lock_guard lock(m_mutex);
    if (age != m_age || m_places.contains(key)) // another reader was faster
        return;
    while (m_bytes + bytes > m_mostBytes) {
        count(Metric::StoreCacheEvictedBytes, m_entries.back().bytes);
        erase(std::prev(m_entries.end()));
    }
    m_entries.push_front(std::move(entry));
    m_places.emplace(key, m_entries.begin());
    m_bytes += bytes;
}

void TextCache::forget(const std::vector<std::string>& sessions)
{
    if (sessions.empty())
        return;
    const std::lock_guard lock(m_mutex);
    ++m_age;
    for (auto entry = m_entries.begin(); entry != m_entries.end();) {
        const auto next = std::next(entry);
        if (std::ranges::find(sessions, entry->session) != sessions.end())
            erase(entry);
        entry = next;
    }
}

std::size_t TextCache::bytes() const
{
    const std::lock_guard lock(m_mutex);
    return m_bytes;
}

void TextCache::erase(Entries::iterator entry)
{
    m_bytes -= entry->bytes;
    m_places.erase(entry->key);
    m_entries.erase(entry);
}

} // namespace luthien::store
