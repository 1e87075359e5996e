// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "filter/expression.h"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace luthien::filter {

/// Why a filter cannot be read, and where.
struct FilterError
{
    std::size_t offset = 0; ///< bytes from the beginning of the text
    std::size_t length = 0; ///< bytes; 0 = at its end, or between two
    std::string message;    ///< one sentence
    std::string suggestion; ///< what was meant, perhaps; may be empty

    bool operator==(const FilterError&) const = default;
};

/// A piece of a filter.
struct Token
{
    enum class Kind : std::uint8_t { Open, Close, Minus, And, Or, Not, Text, Predicate, End };
    enum class Form : std::uint8_t { Bare, Quoted, Slashed };
    Kind kind = Kind::End;
    std::size_t offset = 0;
    std::size_t length = 0;
    // Predicate
    std::string name;
    std::size_t nameLength = 0; ///< bytes in the text, from offset
    Operator comparison = Operator::Colon;
    // Predicate, Text
    std::string value;
    Form form = Form::Bare;
    std::size_t valueOffset = 0;
    std::size_t valueLength = 0;
};

/// Cuts a text into tokens. Thread: one at a time.
class Lexer
{
public:
    explicit Lexer(std::string_view text)
        : m_text(text)
    {
    }
    /// The next token; End for ever at the end of the text.
    [[nodiscard]] std::variant<Token, FilterError> next();

private:
    struct Quote
    {
        std::string text;
        std::optional<FilterError> error;
    };
    void skipSpace() noexcept;
    [[nodiscard]] Quote readQuoted();
    [[nodiscard]] Quote readSlashed();
    [[nodiscard]] std::string_view readBare();
    [[nodiscard]] std::string readName(std::optional<FilterError>& error);
    [[nodiscard]] std::optional<Operator> readOperator() noexcept;
    [[nodiscard]] std::optional<FilterError> readValue(Token& token);
    [[nodiscard]] std::variant<Token, FilterError> readTerm();
    [[nodiscard]] Token word(std::size_t begin, std::string_view text) const;

    std::string_view m_text;
    std::size_t m_position = 0;
};

} // namespace luthien::filter
