// SPDX-License-Identifier: Apache-2.0
#include "daemon/policy_history.h"

#include "control/policy_desk.h"
#include "policy/definition_diff.h"
#include "runtime/recorded_data.h"
#include "store/reader.h"

#include <algorithm>
#include <vector>

namespace luthien::daemon {

namespace {
using Rows = std::vector<store::PolicyChangeRow>;

constexpr std::uint32_t kPage = 500;
/// As many digits of a version as are shown, and as are asked for.
constexpr std::size_t kShortVersion = 12;
constexpr std::size_t kLeastVersion = 8;

Error noSuchPolicy(const std::string& id)
{
    return {.code = ErrorCode::NotFound, .message = "nothing is known of a policy with the id '" + id + "'"};
}

/// Newest first.
Result<Rows> readHistory(const runtime::Paths& paths, const FindKey& findKey, const std::string& id)
{
    auto data = runtime::RecordedData::open(paths, findKey);
    if (!data)
        return data.error().code == ErrorCode::NotFound ? noSuchPolicy(id) : data.error();
    Rows rows;
    std::optional<store::Cursor> from;
    do {
        auto page = data->reader().policyHistory(id, from, kPage);
        if (!page)
            return page.error();
        std::ranges::move(page->items, std::back_inserter(rows));
        from = page->next;
    } while (from);
    return rows.empty() ? Result<Rows>(noSuchPolicy(id)) : rows;
}

/// The newest row with the version.
Result<Rows::const_iterator> findVersion(const Rows& rows, std::string_view version)
{
    if (version.size() < kLeastVersion)
        return Error{.code = ErrorCode::InvalidArgument,
                     .message = "'" + std::string(version) + "' is no version: 8 digits or more of one are needed"};
    const auto found =
        std::ranges::find_if(rows, [&](const auto& row) { return row.change.version.starts_with(version); });
    if (found == rows.end())
        return Error{.code = ErrorCode::NotFound,
                     .message = "this policy has never had the version '" + std::string(version) + "'"};
    return found;
}

std::string shortVersion(const store::PolicyChangeRow& row)
{
    return row.change.version.substr(0, kShortVersion);
}
} // namespace

Result<std::string> policyHistoryText(const runtime::Paths& paths, const FindKey& findKey, const std::string& id,
                                      bool asJson)
{
    const auto rows = readHistory(paths, findKey, id);
    if (!rows)
        return rows.error();
    std::string text;
    for (const store::PolicyChangeRow& row : *rows) {
        const store::PolicyChange& change = row.change;
        text += asJson ? control::toJson(row)
                       : toRfc3339(change.at).substr(0, 19) + "Z  " + shortVersion(row) + "  " +
                             std::string(conversation::policyModeName(change.mode)) + "  by " + change.source +
                             (change.author.empty() ? "" : " (" + change.author + ')');
        text += '\n';
    }
    return text;
}

Result<std::string> policyDiffText(const runtime::Paths& paths, const FindKey& findKey, const std::string& id,
                                   std::string_view from, std::string_view to)
{
    const auto rows = readHistory(paths, findKey, id);
    if (!rows)
        return rows.error();
    const auto after = to.empty() ? Result(rows->begin()) : findVersion(*rows, to);
    if (!after)
        return after.error();
    const auto isOther = [&](const auto& row) { return row.change.version != (*after)->change.version; };
    const auto before = from.empty() ? Result(std::find_if(*after, rows->end(), isOther)) : findVersion(*rows, from);
    if (!before)
        return before.error();
    if (*before == rows->end())
        return Error{.code = ErrorCode::NotFound, .message = "this policy has had no version before that one"};
    std::string text = "--- " + shortVersion(**before) + "\n+++ " + shortVersion(**after) + '\n';
    for (const policy::DefinitionDifference& each : policy::differences((*before)->definition, (*after)->definition)) {
        if (!each.before.empty())
            text += "- " + each.pointer + ": " + each.before + '\n';
        if (!each.after.empty())
            text += "+ " + each.pointer + ": " + each.after + '\n';
    }
    return text;
}

Result<policy::Definition> policyAtVersion(const runtime::Paths& paths, const FindKey& findKey, const std::string& id,
                                           std::string_view version)
{
    const auto rows = readHistory(paths, findKey, id);
    if (!rows)
        return rows.error();
    const auto found = findVersion(*rows, version);
    if (!found)
        return found.error();
    auto definition = policy::definitionFromJson((*found)->definition);
    if (definition)
        definition->mode = rows->front().change.mode;
    return definition;
}

} // namespace luthien::daemon
