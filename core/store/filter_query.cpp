// SPDX-License-Identifier: Apache-2.0
#include "store/filter_query.h"

#include "store/database.h"

#include <string_view>
#include <variant>

namespace luthien::store {

namespace {
struct Bind
{
    Statement& statement;
    const char* name;

    void operator()(std::int64_t number) const { statement.bind(name, number); }
    void operator()(double number) const { statement.bindReal(name, number); }
    void operator()(const std::string& text) const { statement.bindText(name, text); }
    void operator()(const CallId& id) const { statement.bindId(name, id); }
};

/// A condition speaks of the tables; lists over a view look up their row's.
std::string overList(std::string_view name, const std::string& condition)
{
    if (name == "list_sessions")
        return "EXISTS (SELECT 1 FROM session WHERE session.id = session_row.id AND " + condition + ")";
    if (name.starts_with("list_calls_"))
        return "EXISTS (SELECT 1 FROM call JOIN session ON session.id = call.session_id"
               " WHERE call.id = call_row.id AND " +
               condition + ")";
    return condition;
}
} // namespace

filter::SqlCondition conditionFor(const Database& database, const filter::Expression& expression, filter::SqlRows rows,
                                  TimePoint now)
{
    const bool isSqlite = std::string_view(database.traits().folder) == "sqlite";
    return filter::compile(expression, {.dialect = isSqlite ? filter::SqlDialect::Sqlite : filter::SqlDialect::Postgres,
                                        .rows = rows,
                                        .now = now,
                                        .fullText = {}});
}

Result<std::unique_ptr<Statement>> filteredList(Database& database, const char* name, const filter::SqlCondition& where)
{
    auto statement = database.statementWhere(name, overList(name, where.sql));
    if (!statement)
        return statement;
    for (const filter::SqlBinding& binding : where.bindings)
        std::visit(Bind{**statement, binding.name.c_str()}, binding.value);
    return statement;
}

} // namespace luthien::store
