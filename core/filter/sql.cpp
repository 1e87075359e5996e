// SPDX-License-Identifier: Apache-2.0
#include "filter/sql.h"

#include "filter/sql_term.h"

#include <algorithm>
#include <utility>

namespace luthien::filter {

namespace {
enum class Sense : std::uint8_t { Plain, Negated };

/// True if a node asks only about the session: the same for all of its calls.
bool isAboutSession(const Node& node)
{
    if (node.kind == Node::Kind::Term)
        return node.term.predicate->column.starts_with("session.");
    return node.kind != Node::Kind::All && std::ranges::all_of(node.children, isAboutSession);
}

class Compiler
{
public:
    explicit Compiler(const SqlOptions& options)
        : m_options(options)
        , m_bind([this](SqlValue value) {
            m_bindings.push_back({":filter" + std::to_string(m_bindings.size()), std::move(value)});
            return m_bindings.back().name;
        })
    {
    }
    Compiler(const Compiler&) = delete;
    Compiler& operator=(const Compiler&) = delete;

    SqlCondition compile(const Node& root)
    {
        SqlPart part = m_options.rows == SqlRows::Sessions ? sessionSql(root) : callSql(root, Sense::Plain);
        return {std::move(part.sql), std::move(m_bindings), part.isExact};
    }

private:
    /// What is the same for all calls of a session stands outside, where an index of sessions serves it.
    SqlPart sessionSql(const Node& root)
    {
        if (root.kind == Node::Kind::All)
            return {"TRUE"};
        std::vector<SqlPart> outside;
        Node inside{.kind = Node::Kind::And};
        for (const Node& child : root.kind == Node::Kind::And ? root.children : std::vector<Node>{root}) {
            if (isAboutSession(child))
                outside.push_back(callSql(child, Sense::Plain));
            else
                inside.children.push_back(child);
        }
        if (!inside.children.empty()) {
            SqlPart part = inside.children.size() == 1 ? callSql(inside.children.front(), Sense::Plain)
                                                       : allSql(inside, Sense::Plain);
            part.sql = "EXISTS (SELECT 1 FROM call WHERE call.session_id = session.id AND " + part.sql + ")";
            outside.push_back(std::move(part));
        }
        return joined(outside, " AND ");
    }

    SqlPart callSql(const Node& node, Sense sense)
    {
        if (node.subject != Subject::Call)
            return negatedIf(sense, someSql(node.subject, [&] { return thingSql(node); }));
        switch (node.kind) {
        case Node::Kind::All:
            return {sense == Sense::Plain ? "TRUE" : "FALSE"};
        case Node::Kind::And:
            return allSql(node, sense);
        case Node::Kind::Or:
            return orSql(node, sense);
        case Node::Kind::Not:
            return callSql(node.children.front(), sense == Sense::Plain ? Sense::Negated : Sense::Plain);
        case Node::Kind::Term:
            break;
        }
        return negatedIf(sense, sqlOf(node.term, m_options, m_bind));
    }

    SqlPart allSql(const Node& node, Sense sense)
    {
        std::vector<SqlPart> parts;
        for (const Node& child : node.children) {
            if (child.subject == Subject::Call)
                parts.push_back(callSql(child, sense));
        }
        for (const Subject subject : {Subject::Decision, Subject::ToolCall}) {
            const auto isSame = [subject](const Node& child) { return child.subject == subject; };
            if (std::ranges::none_of(node.children, isSame))
                continue;
            parts.push_back(negatedIf(sense, someSql(subject, [&] {
                                          std::vector<SqlPart> same;
                                          for (const Node& child : node.children) {
                                              if (isSame(child))
                                                  same.push_back(thingSql(child));
                                          }
                                          return joined(same, " AND ");
                                      })));
        }
        return joined(parts, sense == Sense::Plain ? " AND " : " OR ");
    }

    SqlPart orSql(const Node& node, Sense sense)
    {
        std::vector<SqlPart> parts;
        for (const Node& child : node.children)
            parts.push_back(callSql(child, sense));
        return joined(parts, sense == Sense::Plain ? " OR " : " AND ");
    }

    /// There is one of which within() holds.
    template <typename Within>
    SqlPart someSql(Subject subject, const Within& within)
    {
        if (subject == Subject::ToolCall)
            return {"call.reply_content_id IS NOT NULL", false}; // what replies hold is compressed
        SqlPart part = within();
        if (m_options.rows != SqlRows::Decisions)
            part.sql = "EXISTS (SELECT 1 FROM decision WHERE decision.call_id = call.id AND " + part.sql + ")";
        return part;
    }

    /// A node that is all about one thing, over the row of that thing.
    SqlPart thingSql(const Node& node)
    {
        if (node.kind == Node::Kind::Term)
            return sqlOf(node.term, m_options, m_bind);
        std::vector<SqlPart> parts;
        for (const Node& child : node.children)
            parts.push_back(thingSql(child));
        return joined(parts, node.kind == Node::Kind::And ? " AND " : " OR ");
    }

    /// What holds for too many holds for too few when it is negated: then all may match.
    static SqlPart negatedIf(Sense sense, SqlPart part)
    {
        if (sense == Sense::Plain)
            return part;
        return part.isExact ? SqlPart{"NOT (" + part.sql + ")"} : SqlPart{"TRUE", false};
    }

    static SqlPart joined(const std::vector<SqlPart>& parts, std::string_view word)
    {
        if (parts.size() == 1)
            return parts.front();
        SqlPart all{"("};
        for (const SqlPart& part : parts) {
            all.sql += (all.sql.size() == 1 ? std::string() : std::string(word)) + part.sql;
            all.isExact = all.isExact && part.isExact;
        }
        all.sql += ')';
        return all;
    }

    const SqlOptions& m_options;
    std::vector<SqlBinding> m_bindings;
    BindValue m_bind;
};
} // namespace

SqlCondition compile(const Expression& expression, const SqlOptions& options)
{
    return Compiler(options).compile(expression.root());
}

} // namespace luthien::filter
