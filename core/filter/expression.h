// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "filter/moment.h"
#include "filter/pattern.h"
#include "filter/predicate.h"
#include "filter/words.h"

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace luthien::filter {

enum class Operator : std::uint8_t { Colon, Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual, Finds };
[[nodiscard]] std::string_view operatorText(Operator comparison) noexcept;

/// The words of a Choice that a value means.
struct ChosenWords
{
    std::string text;          ///< as written, in lower case; '*' and '?' are wildcards
    std::uint32_t numbers = 0; ///< bit n = the word of number n
    bool operator==(const ChosenWords&) const = default;
};

/// string: Label, Name, Argument. Pattern: with '~'. int64: Quantity. double: Score. A Flag of the table outlives all.
using Value =
    std::variant<std::string, Pattern, std::int64_t, double, ChosenWords, Moment, CallId, Phrase, const Flag*>;

/// One predicate with its value.
struct Term
{
    const Predicate* predicate = nullptr;
    std::string pointer; ///< of arg: RFC 6901, into the arguments; empty = any value in them
    Operator comparison = Operator::Colon;
    Value value;
    bool operator==(const Term&) const = default;
};

/// A part of an expression. And, Or have two children or more, none of their own kind; Not has one.
struct Node
{
    enum class Kind : std::uint8_t { All, And, Or, Not, Term };
    Kind kind = Kind::All;
    /// What it is asked about, if all of it is about one: Decision or ToolCall without a Not; else Call.
    Subject subject = Subject::Call;
    std::vector<Node> children;
    Term term;
    bool operator==(const Node&) const = default;
};

/// What is looked for. In a conjunction all that is asked about a decision is asked about the same decision, and all
/// that is asked about a tool call about the same tool call; "not" asks about all of them anew. Immutable, cheap to
/// copy. Thread: any.
class Expression
{
public:
    /// All calls.
    Expression();
    explicit Expression(Node root);

    [[nodiscard]] const Node& root() const noexcept { return *m_root; }
    [[nodiscard]] bool isAll() const noexcept { return m_root->kind == Node::Kind::All; }
    /// The facts that decide it.
    [[nodiscard]] Needs needs() const noexcept { return m_needs; }
    bool operator==(const Expression& other) const { return *m_root == *other.m_root; }

private:
    std::shared_ptr<const Node> m_root;
    Needs m_needs = Needs::Nothing;
};

[[nodiscard]] Node notNode(Node child);
/// kind = And or Or. Children of that kind are taken apart; one child stands for itself.
[[nodiscard]] Node joinedNode(Node::Kind kind, std::vector<Node> children);

/// The canonical form: parses back to the same expression. "" = all calls.
[[nodiscard]] std::string toText(const Expression& expression);
/// The value alone, as toText writes it.
[[nodiscard]] std::string valueText(const Term& term);

} // namespace luthien::filter
