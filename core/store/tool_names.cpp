// SPDX-License-Identifier: Apache-2.0
#include "store/tool_names.h"

#include "conversation/response.h"
#include "store/compression.h"
#include "store/database.h"

#include <limits>

namespace luthien::store {

namespace {
constexpr std::int64_t kNewest = 2000;     ///< calls, and decisions, that are looked at
constexpr std::int64_t kReplies = 300;     ///< of those calls' that are read
constexpr std::int64_t kLargest = 1 << 18; ///< bytes of a reply; a larger one tells hardly more tools

/// Runs a query over the newest rows; take is called with each that it gives.
template <typename Bind, typename Take>
Result<void> eachRow(Database& database, const char* name, Bind bind, Take take)
{
    auto query = database.statement(name);
    if (!query)
        return query.error();
    constexpr std::int64_t kAfterAll = std::numeric_limits<std::int64_t>::max();
    (*query)->bind(":micros", kAfterAll).bind(":row", kAfterAll).bind(":newest", kNewest);
    bind(**query);
    return (*query)->each(take);
}

void addTools(const std::string& reply, std::set<std::string>& names)
{
    const auto response = conversation::responseFromJson(reply);
    if (!response)
        return;
    for (const conversation::Block& block : response->blocks)
        if (block.kind == conversation::BlockKind::ToolUse && !block.name.empty())
            names.insert(block.name);
}
} // namespace

Result<std::set<std::string>> readToolNames(Database& database, Compression& compression)
{
    std::set<std::string> names;
    auto judged = eachRow(
        database, "list_judged_tools", [](Statement&) {},
        [&names](const Statement& row) { names.insert(row.text(0)); });
    if (!judged)
        return judged.error();
    const auto limits = [](Statement& query) {
        query.bind(":tool_use", static_cast<std::int64_t>(conversation::StopReason::ToolUse))
            .bind(":largest", kLargest)
            .bind(":limit", kReplies);
    };
    auto called = eachRow(database, "list_replies_with_tools", limits, [&](const Statement& row) {
        const auto reply = compression.unpack(static_cast<Codec>(row.number(1)), row.blob(2),
                                              static_cast<std::uint64_t>(row.number(0)));
        if (reply)
            addTools(*reply, names);
    });
    if (!called)
        return called.error();
    return names;
}

} // namespace luthien::store
