// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "guard/mapped_text.h"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace luthien::guard {

/// What a destructive statement does. The names in policies are those of sqlClassName().
enum class SqlClass : std::uint8_t {
    Drop,               ///< DROP of any object that outlives the session
    Truncate,           ///< TRUNCATE
    DeleteWithoutWhere, ///< DELETE whose condition is missing or can not tell rows apart
    UpdateWithoutWhere, ///< UPDATE of the same kind
    AlterDrop,          ///< ALTER that removes a column, constraint or partition
    ReplaceAll,         ///< CREATE OR REPLACE TABLE, INSERT OVERWRITE, RESTORE DATABASE
    Privileges,         ///< GRANT, REVOKE
    Dynamic,            ///< SQL text built at run time, which nobody can read beforehand
    RunProgram,         ///< the database starts a program: COPY ... PROGRAM, xp_cmdshell, a client's shell escape
    Attach,             ///< SQLite ATTACH
    WritableSchema,     ///< SQLite PRAGMA writable_schema
    Tool,               ///< a command whose purpose is to empty or remove a database, e.g. dropdb
    Unparsed,           ///< could not be read to the end, so nothing can be said about it
    TooLarge,           ///< longer than the bound, not read
};
inline constexpr std::size_t kSqlClassCount = 14;

/// "delete_without_where" and so on.
[[nodiscard]] std::string_view sqlClassName(SqlClass what) noexcept;
[[nodiscard]] std::optional<SqlClass> sqlClassFromName(std::string_view name) noexcept;

/// A set of classes.
class SqlClasses
{
public:
    constexpr SqlClasses() = default;
    constexpr SqlClasses(std::initializer_list<SqlClass> classes)
    {
        for (const SqlClass what : classes)
            insert(what);
    }
    constexpr void insert(SqlClass what) { m_bits |= bit(what); }
    [[nodiscard]] constexpr bool contains(SqlClass what) const { return (m_bits & bit(what)) != 0; }
    bool operator==(const SqlClasses&) const = default;

private:
    static constexpr std::uint32_t bit(SqlClass what) { return 1U << static_cast<unsigned>(what); }
    std::uint32_t m_bits = 0;
};

/// What a policy looks for if it says nothing else: loss of data, and whatever could hide one.
inline constexpr SqlClasses kDefaultSqlClasses{SqlClass::Drop,
                                               SqlClass::Truncate,
                                               SqlClass::DeleteWithoutWhere,
                                               SqlClass::UpdateWithoutWhere,
                                               SqlClass::AlterDrop,
                                               SqlClass::ReplaceAll,
                                               SqlClass::RunProgram,
                                               SqlClass::Tool,
                                               SqlClass::WritableSchema,
                                               SqlClass::Unparsed,
                                               SqlClass::TooLarge};

/// One destructive statement.
struct Finding
{
    SqlClass what = SqlClass::Drop;
    TextSpan span;         ///< in the text that was given
    std::string statement; ///< its first kStatementBytes bytes, cut at a whole character
    std::string reason;    ///< one sentence for the operator
    bool operator==(const Finding&) const = default;
};
inline constexpr std::size_t kStatementBytes = 200;

} // namespace luthien::guard
