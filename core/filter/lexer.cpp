// SPDX-License-Identifier: Apache-2.0
#include "filter/lexer.h"

#include <algorithm>
#include <array>
#include <utility>

namespace luthien::filter {

namespace {
bool isSpace(char letter) noexcept
{
    return letter == ' ' || letter == '\t' || letter == '\n' || letter == '\r';
}
bool endsBareValue(char letter) noexcept
{
    return isSpace(letter) || letter == '(' || letter == ')' || letter == '"';
}
bool isNamePart(char letter) noexcept
{
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') ||
           letter == '.' || letter == '_' || letter == '-';
}

/// What a letter after a backslash stands for; nullopt = there is no such escape.
std::optional<char> escaped(char letter) noexcept
{
    switch (letter) {
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    case '"':
    case '\\':
        return letter;
    default:
        return std::nullopt;
    }
}

std::string lower(std::string_view text)
{
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](char letter) {
        return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter | 0x20) : letter;
    });
    return result;
}
} // namespace

void Lexer::skipSpace() noexcept
{
    while (m_position < m_text.size() && isSpace(m_text[m_position]))
        ++m_position;
}

std::variant<Token, FilterError> Lexer::next()
{
    skipSpace();
    Token token{.offset = m_position, .length = 1};
    if (m_position == m_text.size()) {
        token.length = 0;
        return token;
    }
    switch (m_text[m_position]) {
    case '(':
        token.kind = Token::Kind::Open;
        break;
    case ')':
        token.kind = Token::Kind::Close;
        break;
    case '-':
        token.kind = Token::Kind::Minus;
        break;
    default:
        return readTerm();
    }
    ++m_position;
    return token;
}

/// From the opening quote to behind the closing one.
Lexer::Quote Lexer::readQuoted()
{
    Quote quote;
    const std::size_t begin = m_position++;
    while (m_position < m_text.size() && m_text[m_position] != '"') {
        char letter = m_text[m_position++];
        if (letter == '\\') {
            const auto meant = m_position < m_text.size() ? escaped(m_text[m_position]) : std::nullopt;
            if (!meant) {
                quote.error =
                    FilterError{m_position - 1, std::min<std::size_t>(2, m_text.size() - m_position + 1),
                                R"(in quotes there are \", \\, \n, \r and \t)", R"(write \\ for a backslash)"};
                return quote;
            }
            letter = *meant;
            ++m_position;
        }
        quote.text += letter;
    }
    if (m_position == m_text.size())
        quote.error = FilterError{begin, m_text.size() - begin, "this quote is not closed", "end it with \""};
    else
        ++m_position;
    return quote;
}

/// From the opening slash to behind the closing one and its 'i'.
Lexer::Quote Lexer::readSlashed()
{
    Quote quote;
    const std::size_t begin = m_position++;
    while (m_position < m_text.size() && m_text[m_position] != '/') {
        if (m_text[m_position] == '\\' && m_position + 1 < m_text.size())
            quote.text += m_text[m_position++];
        quote.text += m_text[m_position++];
    }
    if (m_position == m_text.size()) {
        quote.error = FilterError{begin, m_text.size() - begin, "this expression is not closed", "end it with /"};
        return quote;
    }
    ++m_position;
    if (m_position < m_text.size() && m_text[m_position] == 'i') {
        quote.text.insert(0, "(?i)");
        ++m_position;
    }
    if (m_position < m_text.size() && !endsBareValue(m_text[m_position]))
        quote.error = FilterError{m_position, 1, "after an expression there is only i, for any case",
                                  R"(write \/ for a slash within it)"};
    return quote;
}

std::string_view Lexer::readBare()
{
    const std::size_t begin = m_position;
    while (m_position < m_text.size() && !endsBareValue(m_text[m_position]))
        ++m_position;
    return m_text.substr(begin, m_position - begin);
}

/// Also arg."/pointer with anything".
std::string Lexer::readName(std::optional<FilterError>& error)
{
    const std::size_t begin = m_position;
    while (m_position < m_text.size() && isNamePart(m_text[m_position]))
        ++m_position;
    std::string name(m_text.substr(begin, m_position - begin));
    if (name.ends_with('.') && m_position < m_text.size() && m_text[m_position] == '"') {
        Quote quote = readQuoted();
        error = std::move(quote.error);
        name += quote.text;
    }
    return name;
}

std::optional<Operator> Lexer::readOperator() noexcept
{
    using enum Operator;
    constexpr std::array<std::pair<std::string_view, Operator>, 8> kOperators{{{":", Colon},
                                                                               {"!=", NotEqual},
                                                                               {"<=", LessOrEqual},
                                                                               {">=", GreaterOrEqual},
                                                                               {"=", Equal},
                                                                               {"<", Less},
                                                                               {">", Greater},
                                                                               {"~", Finds}}};
    const std::size_t begin = m_position;
    skipSpace();
    for (const auto& [text, comparison] : kOperators) {
        // "a : b" are words; "tokens > 10" cannot be.
        if (!m_text.substr(m_position).starts_with(text) || (comparison == Colon && m_position != begin))
            continue;
        m_position += text.size();
        return comparison;
    }
    m_position = begin;
    return std::nullopt;
}

std::optional<FilterError> Lexer::readValue(Token& token)
{
    skipSpace();
    token.valueOffset = m_position;
    const char first = m_position < m_text.size() ? m_text[m_position] : ')';
    if (first == '"' || (first == '/' && token.comparison == Operator::Finds)) {
        token.form = first == '"' ? Token::Form::Quoted : Token::Form::Slashed;
        Quote quote = first == '"' ? readQuoted() : readSlashed();
        if (quote.error)
            return std::move(quote.error);
        token.value = std::move(quote.text);
    } else {
        token.value = readBare();
        if (token.value.empty())
            return FilterError{
                m_position, 0, "there is no value after " + std::string(operatorText(token.comparison)), {}};
    }
    token.valueLength = m_position - token.valueOffset;
    if (m_position < m_text.size() && m_text[m_position] == '"')
        return FilterError{m_position, 1, "there is a quote in the middle of a value",
                           "put all of it in quotes, with \\\" for each one inside"};
    return std::nullopt;
}

Token Lexer::word(std::size_t begin, std::string_view text) const
{
    Token token{.kind = Token::Kind::Text, .offset = begin, .length = m_position - begin};
    token.value = text;
    token.valueOffset = begin;
    token.valueLength = token.length;
    const std::string folded = lower(text);
    if (folded == "and" || folded == "or" || folded == "not")
        token.kind = folded == "and" ? Token::Kind::And : folded == "or" ? Token::Kind::Or : Token::Kind::Not;
    return token;
}

std::variant<Token, FilterError> Lexer::readTerm()
{
    const std::size_t begin = m_position;
    if (m_text[begin] == '"') {
        Quote quote = readQuoted();
        if (quote.error)
            return *std::move(quote.error);
        Token token{.kind = Token::Kind::Text, .offset = begin, .length = m_position - begin};
        token.value = std::move(quote.text);
        token.form = Token::Form::Quoted;
        token.valueOffset = begin;
        token.valueLength = token.length;
        return token;
    }
    std::optional<FilterError> error;
    Token token{.kind = Token::Kind::Predicate, .offset = begin};
    token.name = readName(error);
    token.nameLength = m_position - begin;
    if (error)
        return *std::move(error);
    const auto comparison = readOperator();
    if (comparison && token.name.empty())
        return FilterError{begin, m_position - begin, "there is no predicate before this operator",
                           "put it in quotes if it is text"};
    if (!comparison) {
        m_position = begin;
        return word(begin, readBare());
    }
    token.comparison = *comparison;
    if (auto failed = readValue(token))
        return *std::move(failed);
    token.length = m_position - begin;
    return token;
}

} // namespace luthien::filter
