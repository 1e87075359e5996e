// SPDX-License-Identifier: Apache-2.0
#include "guard/sql_keyword.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace luthien::guard {

namespace {
struct Entry
{
    std::string_view word; ///< in lower case
    SqlKeyword keyword;
};

using enum SqlKeyword;

constexpr std::size_t kLongestWord = 24;

/// Words of one first letter and length stand together, so that a look-up compares only one or two.
constexpr std::size_t shelfOf(char firstLetter, std::size_t length)
{
    return static_cast<std::size_t>(firstLetter - 'a') * (kLongestWord + 1) + length;
}

constexpr auto kSortedEntries = [] {
    std::array entries{
        Entry{"after", After},
        Entry{"all", All},
        Entry{"alter", Alter},
        Entry{"always", Always},
        Entry{"analyse", Analyze},
        Entry{"analyze", Analyze},
        Entry{"and", And},
        Entry{"any", Reserved},
        Entry{"as", As},
        Entry{"asc", Reserved},
        Entry{"attach", Attach},
        Entry{"before", Before},
        Entry{"begin", Begin},
        Entry{"between", Between},
        Entry{"by", Reserved},
        Entry{"call", Call},
        Entry{"case", Case},
        Entry{"cast", Cast},
        Entry{"collate", Reserved},
        Entry{"comment", Comment},
        Entry{"commit", Commit},
        Entry{"conflict", Conflict},
        Entry{"copy", Copy},
        Entry{"create", Create},
        Entry{"cross", Reserved},
        Entry{"current", Current},
        Entry{"database", Database},
        Entry{"deallocate", Deallocate},
        Entry{"declare", Declare},
        Entry{"default", Default},
        Entry{"delete", Delete},
        Entry{"desc", Describe},
        Entry{"describe", Describe},
        Entry{"distinct", Reserved},
        Entry{"div", Reserved},
        Entry{"do", Do},
        Entry{"drop", Drop},
        Entry{"duplicate", Duplicate},
        Entry{"else", Else},
        Entry{"end", End},
        Entry{"escape", Reserved},
        Entry{"exec", Exec},
        Entry{"execute", Execute},
        Entry{"exists", Exists},
        Entry{"explain", Explain},
        Entry{"expression", Expression},
        Entry{"false", False},
        Entry{"for", For},
        Entry{"from", From},
        Entry{"function", Function},
        Entry{"glob", Like},
        Entry{"go", Go},
        Entry{"grant", Grant},
        Entry{"group", ObjectKind},
        Entry{"having", Reserved},
        Entry{"identity", Identity},
        Entry{"if", If},
        Entry{"ignore", Ignore},
        Entry{"ilike", Like},
        Entry{"immediate", Immediate},
        Entry{"in", In},
        Entry{"inner", Reserved},
        Entry{"insert", Insert},
        Entry{"instead", Instead},
        Entry{"interval", Reserved},
        Entry{"into", Into},
        Entry{"is", Is},
        Entry{"isnull", Reserved},
        Entry{"join", Join},
        Entry{"key", Key},
        Entry{"language", Language},
        Entry{"left", Reserved},
        Entry{"like", Like},
        Entry{"limit", Limit},
        Entry{"loop", Loop},
        Entry{"low_priority", LowPriority},
        Entry{"matched", Matched},
        Entry{"merge", Merge},
        Entry{"not", Not},
        Entry{"notnull", Reserved},
        Entry{"null", Null},
        Entry{"of", Of},
        Entry{"on", On},
        Entry{"only", Only},
        Entry{"or", Or},
        Entry{"order", Order},
        Entry{"outer", Reserved},
        Entry{"overwrite", Overwrite},
        Entry{"partition", Partition},
        Entry{"pragma", Pragma},
        Entry{"prepare", Prepare},
        Entry{"proc", Procedure},
        Entry{"procedure", Procedure},
        Entry{"program", Program},
        Entry{"publication", Publication},
        Entry{"quick", Quick},
        Entry{"regexp", Like},
        Entry{"replace", Replace},
        Entry{"restore", Restore},
        Entry{"returning", Returning},
        Entry{"revoke", Revoke},
        Entry{"rlike", Like},
        Entry{"schema", Schema},
        Entry{"select", Select},
        Entry{"set", Set},
        Entry{"similar", Reserved},
        Entry{"some", Reserved},
        Entry{"subscription", Subscription},
        Entry{"table", Table},
        Entry{"temp", Temporary},
        Entry{"temporary", Temporary},
        Entry{"then", Then},
        Entry{"to", To},
        Entry{"top", Top},
        Entry{"transient", Transient},
        Entry{"trigger", Trigger},
        Entry{"true", True},
        Entry{"truncate", Truncate},
        Entry{"union", Reserved},
        Entry{"unknown", Reserved},
        Entry{"update", Update},
        Entry{"using", Using},
        Entry{"verbose", Verbose},
        Entry{"when", Reserved},
        Entry{"where", Where},
        Entry{"while", While},
        Entry{"with", With},
        Entry{"writable_schema", WritableSchema},
        Entry{"xor", Reserved},
        Entry{"xp_cmdshell", XpCmdshell},
        // Functions that take SQL text: PostgreSQL's dblink, pg_cron and xml mapping, T-SQL's sp_executesql and
        // OPENQUERY.
        Entry{"dblink", SqlFunction},
        Entry{"dblink_exec", SqlFunction},
        Entry{"dblink_open", SqlFunction},
        Entry{"dblink_send_query", SqlFunction},
        Entry{"openquery", SqlFunction},
        Entry{"openrowset", SqlFunction},
        Entry{"query_to_xml", SqlFunction},
        Entry{"schedule", SqlFunction},
        Entry{"schedule_in_database", SqlFunction},
        Entry{"sp_executesql", SqlFunction},
        Entry{"sp_sqlexec", SqlFunction},
        // What DROP may be followed by.
        Entry{"access", ObjectKind},
        Entry{"aggregate", ObjectKind},
        Entry{"assembly", ObjectKind},
        Entry{"catalog", ObjectKind},
        Entry{"certificate", ObjectKind},
        Entry{"collation", ObjectKind},
        Entry{"column", ObjectKind},
        Entry{"constraint", ObjectKind},
        Entry{"conversion", ObjectKind},
        Entry{"credential", ObjectKind},
        Entry{"dictionary", ObjectKind},
        Entry{"domain", ObjectKind},
        Entry{"event", ObjectKind},
        Entry{"extension", ObjectKind},
        Entry{"foreign", ObjectKind},
        Entry{"index", ObjectKind},
        Entry{"keyspace", ObjectKind},
        Entry{"library", ObjectKind},
        Entry{"login", ObjectKind},
        Entry{"macro", ObjectKind},
        Entry{"materialized", ObjectKind},
        Entry{"operator", ObjectKind},
        Entry{"owned", ObjectKind},
        Entry{"package", ObjectKind},
        Entry{"pipe", ObjectKind},
        Entry{"policy", ObjectKind},
        Entry{"procedural", ObjectKind},
        Entry{"resource", ObjectKind},
        Entry{"role", ObjectKind},
        Entry{"routine", ObjectKind},
        Entry{"rule", ObjectKind},
        Entry{"secret", ObjectKind},
        Entry{"sequence", ObjectKind},
        Entry{"server", ObjectKind},
        Entry{"service", ObjectKind},
        Entry{"share", ObjectKind},
        Entry{"stage", ObjectKind},
        Entry{"statistics", ObjectKind},
        Entry{"stream", ObjectKind},
        Entry{"synonym", ObjectKind},
        Entry{"tables", ObjectKind},
        Entry{"tablespace", ObjectKind},
        Entry{"task", ObjectKind},
        Entry{"text", ObjectKind},
        Entry{"transform", ObjectKind},
        Entry{"trusted", ObjectKind},
        Entry{"type", ObjectKind},
        Entry{"undo", ObjectKind},
        Entry{"user", ObjectKind},
        Entry{"view", ObjectKind},
        Entry{"warehouse", ObjectKind},
    };
    std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
        return shelfOf(a.word[0], a.word.size()) < shelfOf(b.word[0], b.word.size());
    });
    return entries;
}();

/// Where the words of each shelf begin.
constexpr auto kShelves = [] {
    std::array<std::uint8_t, shelfOf('z', kLongestWord) + 2> begins{};
    for (std::size_t shelf = 0, at = 0; shelf < begins.size(); ++shelf) {
        while (at < kSortedEntries.size() &&
               shelfOf(kSortedEntries[at].word[0], kSortedEntries[at].word.size()) < shelf)
            ++at;
        begins[shelf] = static_cast<std::uint8_t>(at);
    }
    return begins;
}();
static_assert(kSortedEntries.size() < 256);
static_assert(std::all_of(kSortedEntries.begin(), kSortedEntries.end(), [](const Entry& entry) {
    return std::all_of(entry.word.begin(), entry.word.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
})); // hasSqlTrigger() counts on it

constexpr char lowered(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}
} // namespace

SqlKeyword sqlKeyword(std::string_view word) noexcept
{
    if (word.size() < 2 || word.size() > kLongestWord)
        return None;
    const char first = lowered(word[0]);
    if (first < 'a' || first > 'z')
        return None;
    const std::size_t shelf = shelfOf(first, word.size());
    for (std::size_t i = kShelves[shelf]; i < kShelves[shelf + 1]; ++i) {
        if (std::equal(word.begin(), word.end(), kSortedEntries[i].word.begin(),
                       [](char a, char b) { return lowered(a) == b; }))
            return kSortedEntries[i].keyword;
    }
    return None;
}

bool isObjectKind(SqlKeyword keyword) noexcept
{
    switch (keyword) {
    case ObjectKind:
    case Cast:
    case Database:
    case Function:
    case Language:
    case Partition:
    case Procedure:
    case Publication:
    case Schema:
    case Subscription:
    case Table:
    case Trigger:
        return true;
    default:
        return false;
    }
}

} // namespace luthien::guard
