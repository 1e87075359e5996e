// SPDX-License-Identifier: Apache-2.0
#include "store/filter_query.h"

#include "store/database.h"
#include "store/search_texts.h"
#include "store/search_words.h"

#include <array>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

namespace luthien::store {

namespace {
constexpr std::int64_t kManyTexts = 20'000;

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

/// Numbers of the kinds of text that a filter means, as a list of SQL.
std::string kindsIn(filter::Texts where)
{
    using filter::Texts;
    constexpr std::array<std::pair<Texts, TextKind>, 5> kKinds{{{Texts::Asked, TextKind::User},
                                                                {Texts::Said, TextKind::Assistant},
                                                                {Texts::Thinking, TextKind::Thinking},
                                                                {Texts::Arguments, TextKind::Arguments},
                                                                {Texts::Result, TextKind::Result}}};
    std::string list;
    for (const auto& [texts, kind] : kKinds) {
        if (includes(where, texts))
            list += (list.empty() ? "" : ", ") + std::to_string(static_cast<int>(kind));
    }
    return list;
}

/// True if so many texts have the words that whoever looks at call after call finds some soon, sooner than all of the
/// texts are listed.
bool areCommon(Database& database, const std::string& words)
{
    auto count = database.statement("count_found");
    const auto found = count ? (*count)->bindText(":words", words).bind(":limit", kManyTexts).firstNumber()
                             : Result<std::optional<std::int64_t>>(count.error());
    return !found || found->value_or(kManyTexts) >= kManyTexts;
}

/// See filter::FullText.
std::optional<std::string> callsWithWords(Database& database, const filter::Phrase& phrase, filter::Texts where,
                                          const filter::BindValue& bind)
{
    const filter::SqlDialect dialect = dialectOf(database);
    const std::string kinds = kindsIn(where);
    if (phrase.words.empty() || kinds.empty())
        return std::nullopt;
    const std::string words = wordsQuery({&phrase, 1}, dialect);
    if (areCommon(database, words))
        return std::nullopt;
    const bool isSqlite = dialect == filter::SqlDialect::Sqlite;
    const std::string text = isSqlite ? "search_words.rowid" : "search_words.id";
    const std::string place = bind(words);
    const std::string found =
        isSqlite ? "search_words MATCH " + place : "search_words.words @@ CAST(" + place + " AS TSQUERY)";
    return "(call.unindexed <> 0 OR call.id IN (SELECT mention.call_id FROM search_words CROSS JOIN mention"
           " WHERE mention.content_id = " +
           text + " >> 3 AND " + found + " AND (" + text + " & 7) IN (" + kinds + ")))";
}
} // namespace

filter::SqlDialect dialectOf(const Database& database)
{
    const bool isSqlite = std::string_view(database.traits().folder) == "sqlite";
    return isSqlite ? filter::SqlDialect::Sqlite : filter::SqlDialect::Postgres;
}

filter::SqlCondition conditionFor(Database& database, const filter::Expression& expression, filter::SqlRows rows,
                                  TimePoint now)
{
    const auto fullText = [&](const filter::Phrase& phrase, filter::Texts where, const filter::BindValue& bind) {
        return callsWithWords(database, phrase, where, bind);
    };
    return filter::compile(expression,
                           {.dialect = dialectOf(database), .rows = rows, .now = now, .fullText = fullText});
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
