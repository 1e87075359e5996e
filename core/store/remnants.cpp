// SPDX-License-Identifier: Apache-2.0
#include "store/remnants.h"

#include "store/database.h"
#include "store/search_index.h"
#include "store/session_sizes.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace luthien::store {

namespace {
constexpr auto kContent = static_cast<std::int64_t>(RemnantKind::Content);
constexpr auto kNode = static_cast<std::int64_t>(RemnantKind::Node);
constexpr std::int64_t kAtOnce = 100;

RefusedRemovals::Kind refusedKind(std::int64_t kind)
{
    return kind == kNode ? RefusedRemovals::Kind::Node : RefusedRemovals::Kind::Content;
}
} // namespace

Result<void> Remnants::add(const char* query, std::int64_t callRow)
{
    auto insert = m_database.statement(query);
    return insert ? (*insert)->bind(":call", callRow).run() : insert.error();
}

Result<void> Remnants::add(std::int64_t kind, std::int64_t row)
{
    auto insert = m_database.statement("insert_remnant");
    return insert ? (*insert)->bind(":kind", kind).bind(":id", row).run() : insert.error();
}

Result<void> Remnants::remove(const char* query, const char* name, std::int64_t row)
{
    auto statement = m_database.statement(query);
    return statement ? (*statement)->bind(name, row).run() : statement.error();
}

Result<bool> Remnants::sweep(SteadyPoint until, SessionSizes& sizes, Forgotten& forgotten)
{
    auto list = m_database.statement("list_remnants");
    auto done = m_database.statement("delete_remnant");
    if (!list || !done)
        return list ? done.error() : list.error();
    std::vector<std::pair<std::int64_t, std::int64_t>> waiting;
    const auto listed = (*list)->bind(":limit", kAtOnce + m_refused.count()).each([&](const Statement& row) {
        if (!m_refused.has(refusedKind(row.number(0)), row.number(1)))
            waiting.emplace_back(row.number(0), row.number(1));
    });
    if (!listed)
        return listed.error();
    for (const auto& [kind, id] : waiting) {
        m_refused.isAbout(refusedKind(kind), id);
        // Its own place first: what follows may bring it back.
        auto swept = (*done)->bind(":kind", kind).bind(":id", id).run();
        if (swept)
            swept = kind == kNode ? sweepNode(id, forgotten) : sweepContent(id, sizes, forgotten);
        if (!swept)
            return swept.error();
        if (std::chrono::steady_clock::now() >= until)
            break;
    }
    return !waiting.empty();
}

Result<void> Remnants::sweepNode(std::int64_t row, Forgotten& forgotten)
{
    auto get = m_database.statement("get_unused_node");
    if (!get)
        return get.error();
    if (auto done = (*get)->bind(":node", row).exec(); !done)
        return done;
    const auto found = (*get)->next();
    const bool isUnused = found && *found;
    const NodeKey key = isUnused ? NodeKey{(*get)->number(0), (*get)->number(1), (*get)->number(2)} : NodeKey();
    (*get)->finish();
    if (!isUnused)
        return found ? Result<void>() : found.error();
    forgotten.nodes.push_back(key);
    auto done = remove("delete_node", ":node", row);
    if (done)
        done = add(kContent, key.content);
    return done && key.parent != 0 ? add(kNode, key.parent) : done;
}

Result<void> Remnants::sweepContent(std::int64_t row, SessionSizes& sizes, Forgotten& forgotten)
{
    auto get = m_database.statement("get_unused_content");
    if (!get)
        return get.error();
    if (auto done = (*get)->bind(":content", row).exec(); !done)
        return done;
    const auto found = (*get)->next();
    if (!found || !*found) {
        (*get)->finish();
        return found ? Result<void>() : found.error();
    }
    Digest hash{};
    const std::string stored = (*get)->blob(0);
    std::copy_n(stored.begin(), std::min(stored.size(), hash.size()), hash.begin());
    std::string data = (*get)->blob(3);
    sizes.add((*get)->number(4), -static_cast<std::int64_t>(data.size()));
    const auto bytes = m_compression.unpack(static_cast<Codec>((*get)->number(2)), std::move(data),
                                            static_cast<std::uint64_t>((*get)->number(1)));
    (*get)->finish();
    forgotten.contents.push_back(hash);
    if (bytes) { // one that is damaged goes all the same; its words stay until the index is made anew
        if (auto removed = m_search.remove(row, *bytes); !removed)
            return removed;
    }
    return remove("delete_content", ":content", row);
}

} // namespace luthien::store
