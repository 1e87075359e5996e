// SPDX-License-Identifier: Apache-2.0
#include "filter/sql_term.h"

#include <algorithm>

namespace luthien::filter {

namespace {
const SqlPart kAnything{"TRUE", false};

std::string lowerAscii(std::string_view text)
{
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](char letter) {
        return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter | 0x20) : letter;
    });
    return result;
}

/// The glob as a pattern of LIKE, with '!' before what LIKE would read otherwise. Not a backslash: drivers and servers
/// differ in what one in a literal means.
std::string likePattern(std::string_view glob)
{
    std::string pattern;
    for (const char letter : glob) {
        if (letter == '%' || letter == '_' || letter == '!')
            pattern += '!';
        pattern += letter == '*' ? '%' : letter == '?' ? '_' : letter;
    }
    return pattern;
}

/// SQLite's GLOB knows brackets, a filter's does not.
std::string globPattern(std::string_view glob)
{
    std::string pattern;
    for (const char letter : glob)
        pattern += letter == '[' ? std::string("[[]") : std::string(1, letter);
    return pattern;
}

// All that the dialects differ in stands in the next two functions.

/// SQLite's LIKE ignores the case of ASCII letters and no others; PostgreSQL's lower() does so under this collation.
std::string likeIgnoringCase(std::string_view column, std::string_view glob, SqlDialect dialect, const BindValue& bind)
{
    const std::string pattern = bind(likePattern(lowerAscii(glob)));
    const std::string text =
        dialect == SqlDialect::Sqlite ? std::string(column) : "lower(" + std::string(column) + R"( COLLATE "C"))";
    return text + " LIKE " + pattern + " ESCAPE '!'";
}

std::string likeWithCase(std::string_view column, std::string_view glob, SqlDialect dialect, const BindValue& bind)
{
    if (dialect == SqlDialect::Sqlite)
        return std::string(column) + " GLOB " + bind(globPattern(glob));
    return std::string(column) + " LIKE " + bind(likePattern(glob)) + " ESCAPE '!'";
}

std::string textSql(const Term& term, const std::string& text, SqlDialect dialect, const BindValue& bind)
{
    const std::string_view column = term.predicate->column;
    if (term.comparison != Operator::Colon)
        return std::string(column) + (term.comparison == Operator::Equal ? " = " : " <> ") + bind(text);
    if (term.predicate->kind != ValueKind::Label)
        return likeIgnoringCase(column, text, dialect, bind);
    // Without a wildcard an index finds it.
    return hasWildcard(text) ? likeWithCase(column, text, dialect, bind) : std::string(column) + " = " + bind(text);
}

/// Whoever has the words has each of them somewhere, if they are ASCII: of other letters no case is known here.
SqlPart wordsSql(const Term& term, const Phrase& phrase, SqlDialect dialect, const BindValue& bind)
{
    std::string sql;
    for (const std::string& word : phrase.words) {
        const bool isAscii =
            std::ranges::all_of(word, [](char letter) { return static_cast<unsigned char>(letter) < 0x80; });
        if (isAscii)
            sql += (sql.empty() ? "" : " AND ") +
                   likeIgnoringCase(term.predicate->column, "*" + word + "*", dialect, bind);
    }
    return sql.empty() ? kAnything : SqlPart{"(" + sql + ")", false};
}

std::string_view sqlOperator(Operator comparison)
{
    if (comparison == Operator::NotEqual)
        return "<>";
    return comparison == Operator::Colon ? "=" : operatorText(comparison);
}

/// Never NULL, so that NOT means what it says.
std::string knownAnd(std::string_view column, const std::string& condition)
{
    return "(" + std::string(column) + " IS NOT NULL AND " + condition + ")";
}

std::string chosenSql(const Term& term, const ChosenWords& chosen)
{
    std::string numbers;
    for (std::uint32_t number = 0; number < term.predicate->choices.count; ++number) {
        if (((chosen.numbers >> number) & 1U) != 0)
            numbers += (numbers.empty() ? "" : ", ") + std::to_string(number);
    }
    return std::string(term.predicate->column) + (term.comparison == Operator::NotEqual ? " NOT IN (" : " IN (") +
           numbers + ")";
}

std::string timeSql(const Term& term, const Moment& moment, TimePoint now, const BindValue& bind)
{
    const std::string column(term.predicate->column);
    const TimeSpan span = moment.at(now);
    if (term.predicate->name == "since")
        return column + " >= " + bind(toMicros(span.from));
    if (term.predicate->name == "until")
        return column + " < " + bind(toMicros(span.from));
    return "(" + column + " >= " + bind(toMicros(span.from)) + " AND " + column + " < " + bind(toMicros(span.to)) + ")";
}

struct TermSql
{
    const Term& term;
    const SqlOptions& options;
    const BindValue& bind;

    SqlPart operator()(const std::string& text) const { return {textSql(term, text, options.dialect, bind)}; }
    SqlPart operator()(const Pattern& /*pattern*/) const { return kAnything; }
    SqlPart operator()(std::int64_t number) const { return compared(number); }
    SqlPart operator()(double number) const { return compared(number); }
    SqlPart operator()(const CallId& id) const { return compared(id); }
    SqlPart operator()(const ChosenWords& chosen) const { return {chosenSql(term, chosen)}; }
    SqlPart operator()(const Moment& moment) const { return {timeSql(term, moment, options.now, bind)}; }
    SqlPart operator()(const Phrase& phrase) const { return wordsSql(term, phrase, options.dialect, bind); }
    SqlPart operator()(const Flag* flag) const
    {
        return flag->sql.empty() ? kAnything : SqlPart{std::string(flag->sql)};
    }

private:
    SqlPart compared(SqlValue value) const
    {
        const std::string_view column = term.predicate->column;
        const std::string condition = std::string(column) + ' ' + std::string(sqlOperator(term.comparison)) + ' ';
        return {knownAnd(column, condition + bind(std::move(value)))};
    }
};
} // namespace

SqlPart sqlOf(const Term& term, const SqlOptions& options, const BindValue& bind)
{
    const auto* const phrase = std::get_if<Phrase>(&term.value);
    const auto* const texts = std::get_if<Texts>(&term.predicate->read);
    if (phrase != nullptr && texts != nullptr && options.fullText) {
        if (auto found = options.fullText(*phrase, *texts, bind))
            return {*std::move(found), false};
    }
    if (term.predicate->column.empty() && term.predicate->kind != ValueKind::Flag)
        return kAnything;
    return std::visit(TermSql{term, options, bind}, term.value);
}

} // namespace luthien::filter
