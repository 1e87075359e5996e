// SPDX-License-Identifier: Apache-2.0
#include "guard/sql_scan.h"

#include "guard/sql_dynamic.h"
#include "guard/sql_grammar.h"
#include "guard/sql_lexer.h"
#include "guard/sql_phrases.h"
#include "guard/sql_shape.h"
#include "guard/sql_trigger.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <vector>

namespace luthien::guard {

namespace {

using Kind = SqlToken::Kind;

/// Literals inside literals; the third level is already a riddle.
constexpr int kMaxDepth = 4;

constexpr SqlQuirks operator|(SqlQuirk a, SqlQuirk b)
{
    return static_cast<SqlQuirks>(static_cast<SqlQuirks>(a) | static_cast<SqlQuirks>(b));
}
constexpr SqlQuirks operator|(SqlQuirks a, SqlQuirk b)
{
    return static_cast<SqlQuirks>(a | static_cast<SqlQuirks>(b));
}

/// By SqlDialect.
constexpr std::array<SqlQuirks, kSqlDialectCount> kQuirks{
    SqlQuirk::NestedComments | SqlQuirk::EscapeStrings | SqlQuirk::DollarQuotes | SqlQuirk::MetaCommands,
    SqlQuirk::BackslashEscapes | SqlQuirk::HashComments | SqlQuirk::DashNeedsSpace | SqlQuirk::BacktickNames |
        SqlQuirk::ExecutableComments | SqlQuirk::PipesAreOr,
    SqlQuirk::BracketNames | SqlQuirk::BacktickNames,
    SqlQuirk::NestedComments | SqlQuirk::BracketNames,
};

/// One way to read the text, and whether PostgreSQL's grammar has a say in it.
struct Reading
{
    SqlQuirks quirks = 0;
    bool grammar = false;
};

/// The readings that differ for this text; most texts have one.
std::vector<Reading> readings(std::string_view text, SqlDialects dialects)
{
    const SqlQuirks relevant = relevantQuirks(text);
    std::vector<Reading> result;
    for (std::size_t i = 0; i < kSqlDialectCount; ++i) {
        if (!dialects.contains(static_cast<SqlDialect>(i)))
            continue;
        const auto quirks = static_cast<SqlQuirks>(kQuirks[i] & relevant);
        if (std::none_of(result.begin(), result.end(), [&](const Reading& r) { return r.quirks == quirks; }))
            result.push_back({quirks, static_cast<SqlDialect>(i) == SqlDialect::Postgres});
    }
    return result;
}

bool refutes(const GrammarView& view, const SqlPhrase& phrase)
{
    switch (phrase.what) {
    case SqlClass::Drop:
    case SqlClass::Truncate:
        return !view.classes.contains(phrase.what);
    case SqlClass::Privileges: // also part of ALTER DEFAULT PRIVILEGES
    case SqlClass::AlterDrop:
        return !view.classes.contains(phrase.what) && !view.hasOtherAlter;
    case SqlClass::DeleteWithoutWhere:
        return phrase.hasCondition ? !view.hasDelete : !view.classes.contains(phrase.what);
    case SqlClass::UpdateWithoutWhere:
        return phrase.hasCondition ? !view.hasUpdate : !view.classes.contains(phrase.what);
    default:
        return false;
    }
}

bool endsStatement(const SqlToken& token)
{
    return token.is(Kind::Semicolon) && token.depth == 0;
}

/// The grammar can only agree then: what begins with DROP, TRUNCATE, DELETE or UPDATE and is no error is just that.
bool isWholeStatement(std::span<const SqlToken> tokens, const SqlPhrase& phrase)
{
    if (phrase.first > 0 && !endsStatement(tokens[phrase.first - 1]))
        return false;
    const bool reachesEnd = phrase.end == tokens.size() || endsStatement(tokens[phrase.end]);
    switch (phrase.what) {
    case SqlClass::Drop:
    case SqlClass::Truncate:
        return true;
    case SqlClass::DeleteWithoutWhere:
    case SqlClass::UpdateWithoutWhere:
        return phrase.hasCondition || reachesEnd; // a WHERE behind the end is not known here
    default:
        return false;
    }
}

class Scanner
{
public:
    Scanner(const SqlOptions& options, SqlCertainty certainty, FindingList& findings)
        : m_options(options)
        , m_certainty(certainty)
        , m_findings(findings)
    {
    }

    enum class Literal { Code, Perhaps };

    void scan(const MappedText& text, int depth, Literal literal)
    {
        if (depth > kMaxDepth) {
            m_findings.add(SqlClass::Unparsed, text.origin({0, text.size()}), text.text(),
                           "SQL text is nested in SQL text too deeply to follow");
            return;
        }
        if (!m_findings.spend(text.size()) || !hasSqlTrigger(text.text()))
            return;
        for (const Reading& reading : readings(text.text(), m_options.dialects)) {
            if (m_findings.isFull())
                return;
            const std::vector<SqlToken> tokens = lexSql(text.text(), reading.quirks);
            for (const SqlPhrase& phrase : destructivePhrases(text.text(), tokens, reading.quirks)) {
                if (literal == Literal::Code || phrase.first == 0)
                    judge(text, tokens, reading, phrase);
            }
            scanDynamic(text, tokens, depth);
        }
    }

private:
    void judge(const MappedText& text, std::span<const SqlToken> tokens, const Reading& reading,
               const SqlPhrase& phrase)
    {
        if (m_certainty == SqlCertainty::MayBeSql && !hasStatementShape(text.text(), tokens, phrase))
            return;
        if (reading.grammar && !isWholeStatement(tokens, phrase)) {
            const std::optional<GrammarView> view = grammarView(text.text(), tokens, phrase.first);
            if (view && refutes(*view, phrase))
                return;
        }
        const TextSpan span{tokens[phrase.first].begin, tokens[phrase.end - 1].end};
        m_findings.add(phrase.what, text.origin(span), text.text().substr(span.begin, span.end - span.begin),
                       phrase.reason);
    }

    /// Of the statement around the token, within the budget of the whole scan.
    std::optional<GrammarView> grammarView(std::string_view text, std::span<const SqlToken> tokens, std::size_t token)
    {
        std::size_t first = token;
        while (first > 0 && token - first <= kMaxGrammarTokens && !endsStatement(tokens[first - 1]))
            --first;
        std::size_t end = token;
        while (end < tokens.size() && end - first <= kMaxGrammarTokens && !endsStatement(tokens[end]))
            ++end;
        const std::size_t count = end - first;
        if (count > kMaxGrammarTokens || m_grammarTokens + count > kMaxGrammarTokens)
            return std::nullopt;
        m_grammarTokens += count;
        return viewByGrammar(text.substr(tokens[first].begin, tokens[end - 1].end - tokens[first].begin));
    }

    void scanDynamic(const MappedText& text, std::span<const SqlToken> tokens, int depth)
    {
        const DynamicSql dynamic = dynamicSql(text, tokens);
        if (dynamic.tooMany)
            m_findings.add(SqlClass::Unparsed, text.origin({0, text.size()}), text.text(),
                           "runs more SQL text in literals than is read");
        const std::size_t before = m_findings.size();
        for (const MappedText& code : dynamic.code)
            scan(code, depth + 1, Literal::Code);
        for (const MappedText& code : dynamic.perhaps)
            scan(code, depth + 1, Literal::Perhaps);
        if (m_findings.size() > before || dynamic.unreadable.empty() || m_certainty == SqlCertainty::MayBeSql)
            return;
        const SqlToken& token = tokens[dynamic.unreadable.front()];
        m_findings.add(SqlClass::Dynamic, text.origin({token.begin, token.end}), text.text().substr(token.begin),
                       "runs SQL text that is only put together when it runs");
    }

    const SqlOptions& m_options;
    SqlCertainty m_certainty;
    FindingList& m_findings;
    std::size_t m_grammarTokens = 0;
};

} // namespace

void scanSql(const MappedText& text, const SqlOptions& options, SqlCertainty certainty, FindingList& findings)
{
    Scanner(options, certainty, findings).scan(text, 0, Scanner::Literal::Code);
}

} // namespace luthien::guard
