// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "filter/facts.h"
#include "filter/quantity.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace luthien::filter {

/// What a predicate is asked about. Of decisions and of tool calls there are many in a call.
enum class Subject : std::uint8_t { Call, Decision, ToolCall };

/// How the value of a predicate is written, and so which operators there are.
enum class ValueKind : std::uint8_t {
    Label,    ///< an id: ':' glob, '=' exact, '~' expression; case matters
    Name,     ///< as Label; ':' ignores the case of ASCII letters
    Uuid,     ///< ':' and '='
    Choice,   ///< one of a few words
    Quantity, ///< a number in Predicate::unit: all comparisons
    Score,    ///< a number with a fraction: all comparisons
    Time,     ///< ':' with a moment
    Text,     ///< ':' words, '~' expression
    Argument, ///< as Label, of one argument of a tool call, or of any
    Flag,     ///< ':' with the name of a Flag
};

/// Texts of a call; a set of bits.
enum class Texts : std::uint8_t { None = 0, Said = 1, Thinking = 2, Arguments = 4, Asked = 8, Result = 16, All = 31 };
[[nodiscard]] constexpr bool includes(Texts set, Texts part) noexcept
{
    return (static_cast<unsigned>(set) & static_cast<unsigned>(part)) != 0;
}

using CallText = std::string_view (*)(const CallFacts&);
using CallNumber = std::optional<std::int64_t> (*)(const CallFacts&);
using CallUuid = CallId (*)(const CallFacts&);
using DecisionText = std::string_view (*)(const conversation::Decision&);
using DecisionNumber = std::optional<std::int64_t> (*)(const conversation::Decision&);
using DecisionScore = std::optional<double> (*)(const conversation::Decision&);
using ToolText = std::string_view (*)(const conversation::Block&);
using ToolNumber = std::optional<std::int64_t> (*)(const conversation::Block&);
/// monostate: see Predicate::kind.
using FactReader = std::variant<std::monostate, CallText, CallNumber, CallUuid, DecisionText, DecisionNumber,
                                DecisionScore, ToolText, ToolNumber, Texts>;

/// The words a Choice may be: the names of 0 to count - 1. An empty name is written "none".
struct Choices
{
    std::uint32_t count = 0;
    std::string_view (*nameOf)(std::uint32_t) = nullptr;
    [[nodiscard]] std::string_view name(std::uint32_t number) const;
};

/// One row of the table of all predicates.
struct Predicate
{
    std::string_view name;
    Subject subject = Subject::Call;
    ValueKind kind = ValueKind::Name;
    std::string_view noun; ///< as a sentence names it: "the model"; of a decision or tool call after "whose": "verdict"
    std::string_view help; ///< one line
    std::string_view example;
    FactReader read;
    /// SQL over the tables call, session or decision, the same for both databases; empty = SQL cannot tell.
    std::string_view column;
    Needs needs = Needs::Nothing;
    Unit unit = Unit::Count;
    Choices choices;
};

/// One word after "has:" or "is:".
struct Flag
{
    std::string_view predicate; ///< "has" or "is"
    std::string_view name;
    std::string_view help; ///< after "Calls that ...": "are open"
    bool (*test)(const CallFacts&);
    std::string_view sql; ///< a condition over call; empty = SQL cannot tell
    Needs needs = Needs::Nothing;
};

/// All predicates, in the order in which they are shown.
[[nodiscard]] std::span<const Predicate> predicates() noexcept;
/// Null = there is none of this name. Case does not matter.
[[nodiscard]] const Predicate* findPredicate(std::string_view name) noexcept;
[[nodiscard]] std::span<const Flag> flags() noexcept;
/// The words a predicate may be given; empty = they are not of a fixed set.
[[nodiscard]] std::vector<std::string_view> fixedValues(const Predicate& predicate);

} // namespace luthien::filter
