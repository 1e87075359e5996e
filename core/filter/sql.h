// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/ids.h"
#include "filter/expression.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace luthien::filter {

enum class SqlDialect : std::uint8_t { Sqlite, Postgres };

/// Which rows the condition chooses from. Calls: a query over call joined with session. Sessions: over session; those
/// with a call that matches. Decisions: over decision joined with call and session.
enum class SqlRows : std::uint8_t { Calls, Sessions, Decisions };

using SqlValue = std::variant<std::int64_t, double, std::string, CallId>;

/// A value to bind; no text of a filter is ever part of the SQL.
struct SqlBinding
{
    std::string name; ///< with its colon
    SqlValue value;
    bool operator==(const SqlBinding&) const = default;
};

/// Adds a value to those that are bound, and returns its place in the SQL: ":filter3".
using BindValue = std::function<std::string(SqlValue)>;

/// Where the words of a text are looked up: a condition over call.id that holds for every call in one of whose texts
/// of this kind the words stand, and as few others as may be. Nullopt = it cannot tell.
using FullText = std::function<std::optional<std::string>(const Phrase& words, Texts where, const BindValue& bind)>;

struct SqlOptions
{
    SqlDialect dialect = SqlDialect::Sqlite;
    SqlRows rows = SqlRows::Calls;
    TimePoint now;
    FullText fullText; ///< empty = texts are not looked up
};

struct SqlCondition
{
    std::string sql; ///< stands after WHERE or AND
    std::vector<SqlBinding> bindings;
    /// False: rows may be among them that do not match, none is missing. Ask matches() about each.
    bool isExact = true;
};

/// What of an expression a database can decide. Thread: any.
[[nodiscard]] SqlCondition compile(const Expression& expression, const SqlOptions& options);

} // namespace luthien::filter
