// SPDX-License-Identifier: Apache-2.0
#include "filter/match.h"

#include "filter/term_match.h"

#include <algorithm>
#include <functional>

namespace luthien::filter {

using namespace conversation;

namespace {
/// A node that is all about one thing, asked about one such thing.
template <typename Thing>
bool holds(const Node& node, const Thing& thing)
{
    const auto holdsFor = [&thing](const Node& child) { return holds(child, thing); };
    if (node.kind == Node::Kind::Term)
        return matches(node.term, thing);
    return node.kind == Node::Kind::And ? std::ranges::all_of(node.children, holdsFor)
                                        : std::ranges::any_of(node.children, holdsFor);
}

class Matcher
{
public:
    Matcher(const CallFacts& call, const Decision* only, TimePoint now)
        : m_call(call)
        , m_only(only)
        , m_now(now)
    {
    }

    [[nodiscard]] bool matches(const Node& node) const
    {
        if (node.subject != Subject::Call)
            return someHolds(node.subject, [&node](const auto& thing) { return holds(node, thing); });
        switch (node.kind) {
        case Node::Kind::All:
            return true;
        case Node::Kind::And:
            return matchesAll(node);
        case Node::Kind::Or:
            return std::ranges::any_of(node.children, [this](const Node& child) { return matches(child); });
        case Node::Kind::Not:
            return !matches(node.children.front());
        case Node::Kind::Term:
            break;
        }
        return filter::matches(node.term, m_call, m_now);
    }

private:
    template <typename Test>
    [[nodiscard]] bool someHolds(Subject subject, const Test& test) const
    {
        if (subject == Subject::Decision)
            return m_only != nullptr ? test(*m_only) : std::ranges::any_of(m_call.decisions, test);
        return std::ranges::any_of(m_call.reply, [&test](const Block& block) {
            return block.kind == BlockKind::ToolUse && test(ToolCall(block));
        });
    }

    /// Children about decisions are asked about the same one, and so are those about tool calls.
    [[nodiscard]] bool matchesAll(const Node& node) const
    {
        const auto sameHolds = [&](Subject subject) {
            const auto isOther = [subject](const Node& child) { return child.subject != subject; };
            return std::ranges::all_of(node.children, isOther) || someHolds(subject, [&](const auto& thing) {
                       return std::ranges::all_of(node.children, [&](const Node& child) {
                           return child.subject != subject || holds(child, thing);
                       });
                   });
        };
        const auto callMatches = [this](const Node& child) { return child.subject != Subject::Call || matches(child); };
        return std::ranges::all_of(node.children, callMatches) && sameHolds(Subject::Decision) &&
               sameHolds(Subject::ToolCall);
    }

    const CallFacts& m_call;
    const Decision* m_only; ///< null = any decision of the call will do
    TimePoint m_now;
};
} // namespace

bool matches(const Expression& expression, const CallFacts& call, TimePoint now)
{
    return Matcher(call, nullptr, now).matches(expression.root());
}

bool matches(const Expression& expression, const CallFacts& call, const Decision& decision, TimePoint now)
{
    return Matcher(call, &decision, now).matches(expression.root());
}

} // namespace luthien::filter
