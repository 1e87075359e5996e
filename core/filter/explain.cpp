// SPDX-License-Identifier: Apache-2.0
#include "filter/explain.h"

#include <algorithm>

namespace luthien::filter {

namespace {
std::string inQuotes(std::string_view text)
{
    return "'" + std::string(text) + "'";
}

std::string_view comparisonWords(Operator comparison)
{
    switch (comparison) {
    case Operator::Colon:
    case Operator::Equal:
        return " is ";
    case Operator::NotEqual:
        return " is not ";
    case Operator::Less:
        return " is below ";
    case Operator::LessOrEqual:
        return " is at most ";
    case Operator::Greater:
        return " is above ";
    case Operator::GreaterOrEqual:
        return " is at least ";
    case Operator::Finds:
        break;
    }
    return " has a match of ";
}

std::string_view wildcardWords(const Term& term, const std::string& text)
{
    if (term.comparison == Operator::Colon)
        return hasWildcard(text) ? " is like " : " is ";
    return term.comparison == Operator::Equal ? " is exactly " : " is not exactly ";
}

/// What follows the noun.
struct Saying
{
    const Term& term;

    std::string operator()(const std::string& text) const
    {
        return std::string(wildcardWords(term, text)) + inQuotes(text);
    }
    std::string operator()(const Phrase& phrase) const
    {
        return (phrase.words.size() == 1 ? " has the word " : " has the words ") + inQuotes(toText(phrase));
    }
    std::string operator()(const ChosenWords& chosen) const
    {
        std::string words;
        for (std::uint32_t number = 0; number < term.predicate->choices.count; ++number) {
            if (((chosen.numbers >> number) & 1U) != 0)
                words += (words.empty() ? "" : " or ") + std::string(term.predicate->choices.name(number));
        }
        return std::string(comparisonWords(term.comparison)) + words;
    }
    template <typename Other>
    std::string operator()(const Other& /*value*/) const
    {
        return std::string(comparisonWords(term.comparison)) + valueText(term);
    }
};

std::string timeSentence(const Term& term, const Moment& moment)
{
    std::string time = moment.toText();
    if (moment.isAgo())
        time += " ago";
    if (term.predicate->name == "on")
        return "it began " + (moment.isAgo() ? "" : std::string("within ")) + time;
    return term.predicate->name == "since" ? "it began " + time + " or later" : "it began before " + time;
}

std::string nounOf(const Term& term)
{
    if (term.predicate->name != "arg")
        return std::string(term.predicate->noun);
    return term.pointer.empty() ? "any argument" : "argument " + term.pointer.substr(1);
}

std::string callTerm(const Term& term)
{
    if (const auto* const flag = std::get_if<const Flag*>(&term.value))
        return "they " + std::string((*flag)->help);
    if (const auto* const moment = std::get_if<Moment>(&term.value))
        return timeSentence(term, *moment);
    return std::string(term.predicate->noun) + std::visit(Saying{term}, term.value);
}

std::string listed(const std::vector<std::string>& parts, std::string_view word)
{
    std::string all;
    for (const std::string& part : parts)
        all += (all.empty() ? std::string() : std::string(word)) + part;
    return all;
}

/// A node that is all about one decision or tool call: "whose verdict is block and whose policy is 'sql'".
std::string thingText(const Node& node)
{
    if (node.kind == Node::Kind::Term)
        return "whose " + nounOf(node.term) + std::visit(Saying{node.term}, node.term.value);
    std::vector<std::string> parts;
    for (const Node& child : node.children)
        parts.push_back(child.children.empty() ? thingText(child) : '(' + thingText(child) + ')');
    return listed(parts, node.kind == Node::Kind::And ? " and " : " or ");
}

std::string someText(Subject subject, const std::string& whose, std::string_view quantity)
{
    return "there is " + std::string(quantity) + (subject == Subject::Decision ? " decision " : " tool call ") + whose;
}

std::string callText(const Node& node);

std::string childText(const Node& node)
{
    return node.subject == Subject::Call && node.children.size() > 1 ? '(' + callText(node) + ')' : callText(node);
}

std::string allText(const Node& node)
{
    std::vector<std::string> parts;
    for (const Node& child : node.children) {
        if (child.subject == Subject::Call)
            parts.push_back(childText(child));
    }
    for (const Subject subject : {Subject::Decision, Subject::ToolCall}) {
        Node same{.kind = Node::Kind::And};
        std::ranges::copy_if(node.children, std::back_inserter(same.children),
                             [subject](const Node& child) { return child.subject == subject; });
        if (!same.children.empty())
            parts.push_back(someText(subject, thingText(same), "a"));
    }
    return listed(parts, ", and ");
}

std::string callText(const Node& node)
{
    if (node.subject != Subject::Call)
        return someText(node.subject, thingText(node), "a");
    if (node.kind == Node::Kind::Term)
        return callTerm(node.term);
    if (node.kind == Node::Kind::And)
        return allText(node);
    if (node.kind == Node::Kind::Not) {
        const Node& child = node.children.front();
        return child.subject != Subject::Call ? someText(child.subject, thingText(child), "no")
                                              : "it is not so that " + childText(child);
    }
    std::vector<std::string> parts;
    for (const Node& child : node.children)
        parts.push_back(childText(child));
    return listed(parts, ", or ");
}
} // namespace

Explanation explain(const Expression& expression)
{
    if (expression.isAll())
        return {.sentence = "All calls.", .canonical = {}};
    return {.sentence = "Calls where " + callText(expression.root()) + ".", .canonical = toText(expression)};
}

} // namespace luthien::filter
