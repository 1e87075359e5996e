// SPDX-License-Identifier: Apache-2.0
#include "guard/sql_phrases.h"

#include "guard/sql_condition.h"

#include <algorithm>

namespace luthien::guard {

namespace {

using Kind = SqlToken::Kind;
using enum SqlKeyword;

/// How far ahead is looked from one word, so that the whole stays linear. An UPDATE's SET stands behind a short list
/// of tables; a WHERE further away than its bound counts as missing.
constexpr std::size_t kSetWithin = 400;
constexpr std::size_t kWhereWithin = 2000;
constexpr std::size_t kSpanWithin = 400;
constexpr std::size_t kAnalyzeWithin = 16;

class PhraseFinder
{
public:
    PhraseFinder(std::string_view text, std::span<const SqlToken> tokens, SqlQuirks quirks)
        : m_text(text)
        , m_tokens(tokens)
        , m_quirks(quirks)
    {
    }

    std::vector<SqlPhrase> run()
    {
        for (std::size_t i = 0; i < m_tokens.size(); ++i) {
            if (m_tokens[i].is(Kind::Semicolon) && m_tokens[i].depth == 0)
                m_statement = i + 1;
            else if (m_tokens[i].is(Kind::Meta))
                lookAtMeta(i);
            else if (m_tokens[i].keyword != None)
                lookAt(i);
        }
        return std::move(m_found);
    }

private:
    [[nodiscard]] const SqlToken& at(std::size_t index) const
    {
        static constexpr SqlToken kNothing{.kind = Kind::Semicolon};
        return index < m_tokens.size() ? m_tokens[index] : kNothing;
    }
    [[nodiscard]] SqlKeyword word(std::size_t index) const { return at(index).keyword; }
    [[nodiscard]] SqlKeyword before(std::size_t index) const { return index > 0 ? word(index - 1) : None; }
    [[nodiscard]] bool isName(std::size_t index) const { return at(index).is(Kind::Name) || at(index).is(Kind::Word); }
    [[nodiscard]] std::string_view text(std::size_t index) const
    {
        return m_text.substr(at(index).begin, at(index).end - at(index).begin);
    }

    void lookAt(std::size_t i)
    {
        switch (m_tokens[i].keyword) {
        case Drop:
            return lookAtDrop(i);
        case Truncate:
            return lookAtTruncate(i);
        case Delete:
            return lookAtDelete(i);
        case Update:
            return lookAtUpdate(i);
        case Create:
            return lookAtCreate(i);
        case Insert:
            if (word(i + 1) == Overwrite)
                add(SqlClass::ReplaceAll, i, "INSERT OVERWRITE replaces what the table holds");
            return;
        case Restore:
            if (word(i + 1) == Database && startsStatement(i))
                add(SqlClass::ReplaceAll, i, "RESTORE DATABASE overwrites the database");
            return;
        case Grant:
        case Revoke:
            if (startsStatement(i) || word(m_statement) == Alter) // ALTER DEFAULT PRIVILEGES ... GRANT
                add(SqlClass::Privileges, i, "changes who may do what");
            return;
        case Copy:
            return lookAtCopy(i);
        case XpCmdshell:
            return add(SqlClass::RunProgram, i, "xp_cmdshell runs a program on the database server");
        case Attach:
            if (startsStatement(i) && (word(i + 1) == Database || !at(i + 1).is(Kind::Semicolon)))
                add(SqlClass::Attach, i, "ATTACH opens another database file");
            return;
        case WritableSchema:
            return lookAtWritableSchema(i);
        default:
            return;
        }
    }

    /// A place where a statement can begin: after an end, an opening, or a word that introduces one.
    [[nodiscard]] bool startsStatement(std::size_t i) const
    {
        if (i == 0 || i == m_statement)
            return true;
        const SqlToken& previous = m_tokens[i - 1];
        if (previous.is(Kind::Semicolon) || previous.is(Kind::Open) || previous.is(Kind::Meta))
            return true;
        switch (previous.keyword) {
        case Begin:
        case Then:
        case Else:
        case Do:
        case Loop:
        case Go:
        case Explain:
        case Describe:
        case Analyze:
        case Verbose:
        case Instead:
        case As:
        case End:
            return true;
        default:
            return startsLine(i);
        }
    }

    [[nodiscard]] bool startsLine(std::size_t i) const
    {
        const std::size_t from = m_tokens[i - 1].end;
        return m_text.substr(from, m_tokens[i].begin - from).find('\n') != std::string_view::npos;
    }

    /// EXPLAIN without ANALYZE shows a plan and runs nothing.
    [[nodiscard]] bool isOnlyExplained(std::size_t i) const
    {
        if (word(m_statement) != Explain && word(m_statement) != Describe)
            return false;
        for (std::size_t k = m_statement; k < i; ++k) {
            if (word(k) == Analyze || k > m_statement + kAnalyzeWithin)
                return false;
        }
        return true;
    }

    void lookAtDrop(std::size_t i)
    {
        const SqlKeyword next = word(i + 1);
        if (word(m_statement) == Alter && next != Table && next != Database && next != Schema) {
            const bool keepsData = next == Not || next == Default || next == Expression || next == Identity;
            if (m_tokens[i].depth == m_tokens[m_statement].depth && !keepsData && isName(i + 1))
                add(SqlClass::AlterDrop, m_statement, "ALTER removes a part of the object, with its data");
            return;
        }
        if (next == Prepare || next == Temporary) // MySQL's words for things that belong to the session
            return;
        const bool unknownKind = startsStatement(i) && at(i + 1).is(Kind::Word) && isName(i + 2);
        if (isObjectKind(next) || unknownKind)
            add(SqlClass::Drop, i, "DROP removes the object");
    }

    void lookAtTruncate(std::size_t i)
    {
        switch (before(i)) {
        case Before:
        case After:
        case Grant:
        case Revoke:
        case On:
        case Or:
            return;
        default:
            break;
        }
        const SqlKeyword next = word(i + 1);
        const bool certain = next == Table || next == Database || next == Partition;
        if (certain || (startsStatement(i) && isName(i + 1) && next != From && next != As))
            add(SqlClass::Truncate, i, "TRUNCATE empties the table");
    }

    void lookAtDelete(std::size_t i)
    {
        if (before(i) == Grant || before(i) == Revoke || isOnlyExplained(i))
            return;
        std::size_t next = i + 1;
        while (word(next) == LowPriority || word(next) == Quick || word(next) == Ignore || word(next) == Top ||
               (word(next - 1) == Top && at(next).is(Kind::Open)))
            next = at(next).is(Kind::Open) ? afterParentheses(next) : next + 1;
        const bool mayLackFrom = startsStatement(i) && isName(next) && word(next) != On && word(next) != To &&
                                 word(next) != Or && word(next) != As && word(next) != Reserved && before(i) != Instead;
        const bool alter = word(m_statement) == Alter && word(next) == Where; // ClickHouse
        if (word(next) == From || mayLackFrom || alter)
            addUnlessConditional(SqlClass::DeleteWithoutWhere, i);
    }

    void lookAtUpdate(std::size_t i)
    {
        switch (before(i)) {
        case For:
        case On:
        case Key:
        case Before:
        case After:
        case Or:
        case Of:
        case Grant:
        case Revoke:
        case Instead:
            return;
        default:
            break;
        }
        if (word(i + 1) == Set || isOnlyExplained(i)) // ON CONFLICT DO UPDATE SET, MERGE ... THEN UPDATE SET
            return;
        const std::size_t last = std::min(i + kSetWithin, m_tokens.size());
        for (std::size_t k = i + 1; k < last && !endsStatement(k, m_tokens[i].depth); ++k) {
            if (word(k) == Set && m_tokens[k].depth == m_tokens[i].depth)
                return addUnlessConditional(SqlClass::UpdateWithoutWhere, i);
        }
    }

    void lookAtCreate(std::size_t i)
    {
        if (word(i + 1) != Or || word(i + 2) != Replace)
            return;
        std::size_t kind = i + 3;
        if (word(kind) == Temporary)
            return;
        if (word(kind) == Transient)
            ++kind;
        if (word(kind) == Table || word(kind) == Database || word(kind) == Schema)
            add(SqlClass::ReplaceAll, i, "CREATE OR REPLACE drops what was there before");
    }

    void lookAtCopy(std::size_t i)
    {
        const std::size_t last = std::min(i + kWhereWithin, m_tokens.size());
        for (std::size_t k = i + 1; startsStatement(i) && k < last && !at(k).is(Kind::Semicolon); ++k) {
            if (word(k) == Program && at(k + 1).is(Kind::String))
                return add(SqlClass::RunProgram, i, "COPY ... PROGRAM runs a program on the database server");
        }
    }

    void lookAtWritableSchema(std::size_t i)
    {
        const std::size_t value = at(i + 1).symbol == '=' || at(i + 1).is(Kind::Open) ? i + 2 : i + 1;
        const bool off = text(value) == "0" || word(value) == False || text(value) == "off" || text(value) == "OFF";
        if (!off && !at(value).is(Kind::Semicolon))
            add(SqlClass::WritableSchema, i, "PRAGMA writable_schema lets statements rewrite the schema directly");
    }

    /// psql: \! runs a shell command, \copy ... program one too.
    void lookAtMeta(std::size_t i)
    {
        const SqlToken& meta = m_tokens[i];
        const std::string_view name = m_text.substr(meta.innerBegin, meta.innerEnd - meta.innerBegin);
        const std::string_view rest = m_text.substr(meta.innerEnd, meta.end - meta.innerEnd);
        const bool copies = name == "copy" && (rest.find(" program ") != std::string_view::npos ||
                                               rest.find(" PROGRAM ") != std::string_view::npos);
        if (name == "!" || copies)
            add(SqlClass::RunProgram, i, "the database client runs a shell command");
    }

    [[nodiscard]] std::size_t afterParentheses(std::size_t open) const
    {
        std::size_t i = open + 1;
        while (i < std::min(open + kSpanWithin, m_tokens.size()) &&
               !(at(i).is(Kind::Close) && at(i).depth == at(open).depth))
            ++i;
        return i + 1;
    }

    /// Whether the statement that began at this depth is over before token i.
    [[nodiscard]] bool endsStatement(std::size_t i, std::uint32_t depth) const
    {
        const SqlToken& token = m_tokens[i];
        if (token.depth < depth)
            return true;
        if (token.depth > depth)
            return false;
        switch (token.keyword) {
        case Select:
        case Insert:
        case Delete:
        case Update:
        case Drop:
        case Truncate:
        case Exec:
        case Declare:
        case Merge:
        case Go:
        case Create:
            return true;
        default:
            return token.is(Kind::Semicolon) || token.is(Kind::Meta);
        }
    }

    [[nodiscard]] std::size_t statementEnd(std::size_t first) const
    {
        std::size_t end = first + 1;
        while (end < std::min(first + kWhereWithin, m_tokens.size()) && !endsStatement(end, m_tokens[first].depth))
            ++end;
        return end;
    }

    void add(SqlClass what, std::size_t first, std::string_view reason)
    {
        std::size_t end = first + 1;
        const std::size_t last = std::min(first + kSpanWithin, m_tokens.size());
        while (end < last && !at(end).is(Kind::Semicolon) && at(end).depth >= at(first).depth)
            ++end;
        m_found.push_back({.what = what, .first = first, .end = end, .reason = reason});
    }

    void addUnlessConditional(SqlClass what, std::size_t first)
    {
        const std::size_t end = statementEnd(first);
        const std::uint32_t depth = m_tokens[first].depth;
        const bool isDelete = what == SqlClass::DeleteWithoutWhere;
        for (std::size_t i = first + 1; i < end; ++i) {
            if (word(i) != Where || m_tokens[i].depth != depth)
                continue;
            std::size_t conditionEnd = i + 1;
            while (conditionEnd < end && !(m_tokens[conditionEnd].depth == depth && endsCondition(conditionEnd)))
                ++conditionEnd;
            if (canTellRowsApart(m_text, m_tokens.subspan(i + 1, conditionEnd - i - 1), m_quirks))
                return;
            m_found.push_back({.what = what,
                               .first = first,
                               .end = end,
                               .reason = isDelete ? "the condition of DELETE holds for every row"
                                                  : "the condition of UPDATE holds for every row",
                               .hasCondition = true});
            return;
        }
        m_found.push_back(
            {.what = what,
             .first = first,
             .end = end,
             .reason = isDelete ? "DELETE without WHERE empties the table" : "UPDATE without WHERE changes every row"});
    }

    [[nodiscard]] bool endsCondition(std::size_t i) const
    {
        return word(i) == Returning || word(i) == Order || word(i) == Limit;
    }

    std::string_view m_text;
    std::span<const SqlToken> m_tokens;
    SqlQuirks m_quirks;
    std::size_t m_statement = 0; ///< first token of the statement between semicolons
    std::vector<SqlPhrase> m_found;
};

} // namespace

std::vector<SqlPhrase> destructivePhrases(std::string_view text, std::span<const SqlToken> tokens, SqlQuirks quirks)
{
    return PhraseFinder(text, tokens, quirks).run();
}

} // namespace luthien::guard
