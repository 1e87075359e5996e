// SPDX-License-Identifier: Apache-2.0
#include "store/content_store.h"

#include "store/database.h"
#include "store/message_meaning.h"

#include <cstring>

namespace luthien::store {

namespace {
constexpr int kLevel = 3;
/// What is not known is new, but for what earlier processes recorded: to try is cheaper than to ask first.
constexpr std::size_t kMaxTriedBytes = 16 << 10;

/// Adds one message to the hash of the conversation before it.
std::int64_t combine(std::int64_t before, const Digest& message)
{
    std::string both(reinterpret_cast<const char*>(&before), sizeof before);
    both += asBytes(message);
    const Digest all = Sha256::of(both);
    std::int64_t meaning;
    std::memcpy(&meaning, all.data(), sizeof meaning);
    return meaning;
}

/// Bytes between the end of the message before and this one.
std::size_t gapBefore(std::span<const conversation::Span> messages, std::size_t index)
{
    if (index == 0)
        return 0;
    const conversation::Span& before = messages[index - 1];
    return messages[index].offset - (std::size_t{before.offset} + before.length);
}

bool areOrdered(std::string_view body, std::span<const conversation::Span> messages)
{
    std::size_t end = 0;
    for (const conversation::Span& span : messages) {
        if (span.offset < end)
            return false;
        end = std::size_t{span.offset} + span.length;
    }
    return end <= body.size();
}
} // namespace

Result<std::optional<std::string>> readContent(Database& database, Compression& compression, std::int64_t row)
{
    auto get = database.statement("get_content");
    if (!get)
        return get.error();
    if (auto done = (*get)->bind(":id", row).exec(); !done)
        return done.error();
    const auto found = (*get)->next();
    if (!found || !*found)
        return found ? Result<std::optional<std::string>>(std::nullopt) : found.error();
    auto bytes = compression.unpack(static_cast<Codec>((*get)->number(1)), (*get)->blob(2),
                                    static_cast<std::uint64_t>((*get)->number(0)));
    (*get)->finish();
    return bytes ? Result<std::optional<std::string>>(*std::move(bytes)) : bytes.error();
}

std::size_t ContentStore::Hash::operator()(const NodeKey& key) const noexcept
{
    constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15;
    auto mixed = static_cast<std::uint64_t>(key.parent) * kOdd;
    mixed = (mixed ^ static_cast<std::uint64_t>(key.content)) * kOdd;
    return (mixed ^ static_cast<std::uint64_t>(key.gap)) * kOdd;
}

std::size_t ContentStore::Hash::operator()(const Digest& digest) const noexcept
{
    std::size_t start;
    std::memcpy(&start, digest.data(), sizeof start);
    return start;
}

void ContentStore::forget(const Forgotten& forgotten)
{
    for (const Digest& hash : forgotten.contents)
        m_contents.erase(hash);
    for (const NodeKey& key : forgotten.nodes)
        m_nodes.erase(key);
}

void ContentStore::forgetAll()
{
    m_contents.clear();
    m_nodes.clear();
}

Result<std::int64_t> ContentStore::put(std::string_view bytes)
{
    return put(bytes, Sha256::of(bytes));
}

Result<std::int64_t> ContentStore::put(std::string_view bytes, const Digest& hash)
{
    if (const auto cached = m_contents.find(hash); cached != m_contents.end())
        return cached->second;
    const auto row = insert(bytes, hash);
    if (m_contents.size() >= m_most)
        m_contents.clear();
    if (row)
        m_contents.emplace(hash, *row);
    return row;
}

Result<std::int64_t> ContentStore::insert(std::string_view bytes, const Digest& hash)
{
    auto find = m_database.statement("find_content");
    auto insert = m_database.statement("insert_content");
    if (!find || !insert)
        return find ? insert.error() : find.error();
    if (bytes.size() > kMaxTriedBytes) {
        const auto found = (*find)->bindBlob(":hash", asBytes(hash)).firstNumber();
        if (!found || *found)
            return found ? Result<std::int64_t>(**found) : found.error();
    }
    const Packed packed = m_compression.pack(bytes, kLevel);
    if (auto bound = m_database.bindLarge(**insert, ":data", packed.bytes); !bound)
        return bound.error();
    auto row = (*insert)
                   ->bindBlob(":hash", asBytes(hash))
                   .bind(":raw_bytes", static_cast<std::int64_t>(bytes.size()))
                   .bind(":codec", static_cast<std::int64_t>(packed.codec))
                   .bind(":session", m_owner)
                   .firstNumber();
    if (row && *row)
        m_sizes.add(m_owner, static_cast<std::int64_t>(packed.bytes.size()));
    else if (row) // it is there
        row = (*find)->bindBlob(":hash", asBytes(hash)).firstNumber();
    return row ? Result<std::int64_t>(row->value_or(0)) : row.error();
}

Result<std::int64_t> ContentStore::node(const NodeKey& key, std::size_t depth, std::int64_t meaning)
{
    if (const auto cached = m_nodes.find(key); cached != m_nodes.end())
        return cached->second;
    auto find = m_database.statement("find_node");
    auto insert = m_database.statement("insert_node");
    if (!find || !insert)
        return find ? insert.error() : find.error();
    auto row = (*insert)
                   ->bind(":parent", key.parent)
                   .bind(":content", key.content)
                   .bind(":gap_bytes", key.gap)
                   .bind(":depth", static_cast<std::int64_t>(depth))
                   .bind(":meaning", meaning)
                   .firstNumber();
    if (row && !*row) // it is there
        row = (*find)
                  ->bind(":parent", key.parent)
                  .bind(":content", key.content)
                  .bind(":gap_bytes", key.gap)
                  .firstNumber();
    if (!row)
        return row.error();
    if (m_nodes.size() >= m_most)
        m_nodes.clear();
    m_nodes.emplace(key, row->value_or(0));
    return row->value_or(0);
}

Result<StoredBody> ContentStore::putBody(std::string_view body, std::span<const conversation::Span> messages)
{
    if (!areOrdered(body, messages))
        return Error{ErrorCode::InvalidArgument, "message spans must be ascending and inside the body", "request"};
    StoredBody stored;
    const std::size_t first = messages.empty() ? body.size() : messages.front().offset;
    stored.hashes.push_back(Sha256::of(body.substr(0, first)));
    const auto opening = put(body.substr(0, first), stored.hashes.back());
    if (!opening)
        return opening.error();
    stored.opening = *opening;
    std::int64_t parent = 0;
    std::int64_t meaning = 0;
    for (std::size_t i = 0; i < messages.size(); ++i) {
        const std::size_t gap = gapBefore(messages, i);
        const std::string_view bytes = body.substr(messages[i].offset - gap, gap + messages[i].length);
        const Digest hash = Sha256::of(bytes);
        const auto content = put(bytes, hash);
        if (!content)
            return content.error();
        meaning = combine(meaning, mayVary(bytes) ? Sha256::of(settled(bytes)) : hash);
        const auto head = node({parent, *content, static_cast<std::int64_t>(gap)}, i, meaning);
        if (!head)
            return head.error();
        parent = *head;
        stored.meanings.push_back(meaning);
        stored.hashes.push_back(hash);
    }
    if (messages.empty())
        return stored;
    stored.head = parent;
    const std::string_view rest = body.substr(std::size_t{messages.back().offset} + messages.back().length);
    stored.hashes.push_back(Sha256::of(rest));
    const auto closing = put(rest, stored.hashes.back());
    if (!closing)
        return closing.error();
    stored.closing = *closing;
    return stored;
}

} // namespace luthien::store
