// SPDX-License-Identifier: Apache-2.0
#include "filter/expression.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace luthien::filter {

namespace {
Needs needsOf(const Node& node)
{
    Needs needs = Needs::Nothing;
    if (node.kind == Node::Kind::Term) {
        const auto* const flag = std::get_if<const Flag*>(&node.term.value);
        needs = flag == nullptr ? node.term.predicate->needs : (*flag)->needs;
    }
    for (const Node& child : node.children)
        needs = needs | needsOf(child);
    return needs;
}

bool isPlain(std::string_view text)
{
    return !text.empty() && std::ranges::all_of(text, [](char letter) {
        return static_cast<unsigned char>(letter) > ' ' && letter != '\x7f' &&
               std::string_view("\"()\\").find(letter) == std::string_view::npos;
    });
}

std::string quoted(std::string_view text)
{
    std::string result = "\"";
    for (const char letter : text) {
        if (letter == '"' || letter == '\\')
            (result += '\\') += letter;
        else if (letter == '\n')
            result += "\\n";
        else if (letter == '\r')
            result += "\\r";
        else if (letter == '\t')
            result += "\\t";
        else
            result += letter;
    }
    return result + '"';
}

std::string plainOrQuoted(std::string_view text)
{
    return isPlain(text) ? std::string(text) : quoted(text);
}

/// A slash in the expression would end it.
std::string slashed(const std::string& expression)
{
    std::string result = "/";
    for (std::size_t i = 0; i < expression.size(); ++i) {
        if (expression[i] == '/')
            result += '\\';
        result += expression[i];
        if (expression[i] == '\\' && i + 1 < expression.size())
            result += expression[++i];
    }
    return result + '/';
}

std::string numberText(double number)
{
    std::array<char, 32> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number);
    return {digits.data(), end.ptr};
}

struct ValueText
{
    Unit unit;
    std::string operator()(const std::string& text) const { return plainOrQuoted(text); }
    std::string operator()(const Pattern& pattern) const { return slashed(pattern.expression()); }
    std::string operator()(std::int64_t number) const { return quantityText(number, unit); }
    std::string operator()(double number) const { return numberText(number); }
    std::string operator()(const ChosenWords& chosen) const { return chosen.text; }
    std::string operator()(const Moment& moment) const { return moment.toText(); }
    std::string operator()(const CallId& id) const { return id.toString(); }
    std::string operator()(const Phrase& phrase) const { return plainOrQuoted(filter::toText(phrase)); }
    std::string operator()(const Flag* flag) const { return std::string(flag->name); }
};

/// "arg", "arg.command", "arg.edits.0.path", and arg."/a b" for what is no plain name.
std::string nameText(const Term& term)
{
    std::string name(term.predicate->name);
    if (term.pointer.empty())
        return name;
    std::string dotted = term.pointer;
    const auto isSimple = [](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
               (letter >= '0' && letter <= '9') || letter == '_' || letter == '-' || letter == '/';
    };
    if (!std::ranges::all_of(dotted, isSimple) || dotted.ends_with('/') || dotted.find("//") != std::string::npos)
        return name + '.' + quoted(term.pointer);
    std::ranges::replace(dotted, '/', '.');
    return name + dotted;
}

/// A bare word would be read as something else.
bool isKeyword(std::string_view word)
{
    return word == "and" || word == "or" || word == "not";
}

std::string termText(const Term& term)
{
    const auto* const phrase = std::get_if<Phrase>(&term.value);
    if (phrase != nullptr && term.predicate->name == "text") {
        // Folded words have none of the letters that mean something here, but for the keywords.
        const std::string words = toText(*phrase);
        return phrase->words.size() == 1 && !isKeyword(words) ? words : quoted(words);
    }
    return nameText(term) + std::string(operatorText(term.comparison)) + valueText(term);
}

std::string nodeText(const Node& node);

std::string childText(const Node& node)
{
    return node.kind == Node::Kind::And || node.kind == Node::Kind::Or ? '(' + nodeText(node) + ')' : nodeText(node);
}

std::string nodeText(const Node& node)
{
    switch (node.kind) {
    case Node::Kind::All:
        return {};
    case Node::Kind::Term:
        return termText(node.term);
    case Node::Kind::Not:
        return '-' + childText(node.children.front());
    case Node::Kind::And:
    case Node::Kind::Or:
        break;
    }
    std::string text;
    for (const Node& child : node.children) {
        if (!text.empty())
            text += node.kind == Node::Kind::And ? " " : " or ";
        text += node.kind == Node::Kind::And ? childText(child) : nodeText(child);
    }
    return text;
}
} // namespace

std::string_view operatorText(Operator comparison) noexcept
{
    constexpr std::array<std::string_view, 8> kTexts{":", "=", "!=", "<", "<=", ">", ">=", "~"};
    return kTexts.at(static_cast<std::size_t>(comparison));
}

Expression::Expression()
    : m_root(std::make_shared<const Node>())
{
}

Expression::Expression(Node root)
    : m_root(std::make_shared<const Node>(std::move(root)))
    , m_needs(needsOf(*m_root))
{
}

Node notNode(Node child)
{
    Node node{.kind = Node::Kind::Not};
    node.children.push_back(std::move(child));
    return node;
}

Node joinedNode(Node::Kind kind, std::vector<Node> children)
{
    if (children.size() == 1)
        return std::move(children.front());
    Node node{.kind = kind, .subject = children.front().subject};
    for (Node& child : children) {
        if (child.subject != node.subject)
            node.subject = Subject::Call;
        if (child.kind == kind)
            std::ranges::move(child.children, std::back_inserter(node.children));
        else
            node.children.push_back(std::move(child));
    }
    return node;
}

std::string toText(const Expression& expression)
{
    return nodeText(expression.root());
}

std::string valueText(const Term& term)
{
    return std::visit(ValueText{term.predicate->unit}, term.value);
}

} // namespace luthien::filter
