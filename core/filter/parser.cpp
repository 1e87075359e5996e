// SPDX-License-Identifier: Apache-2.0
#include "filter/parser.h"

#include "filter/term.h"

#include <optional>
#include <utility>

namespace luthien::filter {

namespace {
/// Recursive descent: or, and, unary, term. The first error ends it.
class Parser
{
public:
    explicit Parser(std::string_view text)
        : m_text(text)
        , m_lexer(text)
    {
    }

    std::variant<Expression, FilterError> parse()
    {
        advance();
        if (!m_error && m_token.kind == Token::Kind::End)
            return Expression();
        auto root = readOr();
        if (root && !m_error && m_token.kind == Token::Kind::Close)
            fail("there is no ( for this )");
        if (m_error)
            return *std::move(m_error);
        Expression expression(*std::move(root));
        if (toText(expression).size() > kMaxBytes)
            return FilterError{0, m_text.size(), "this filter is longer than 4 KiB", {}};
        return expression;
    }

private:
    using Part = std::optional<Node>; ///< none = m_error says why

    void advance()
    {
        auto token = m_lexer.next();
        if (auto* const error = std::get_if<FilterError>(&token))
            m_error = std::move(*error);
        else
            m_token = std::get<Token>(std::move(token));
    }

    Part fail(std::string message, std::string suggestion = {})
    {
        if (!m_error)
            m_error = FilterError{m_token.offset, m_token.length, std::move(message), std::move(suggestion)};
        return std::nullopt;
    }

    Part readOr()
    {
        std::vector<Node> children;
        while (true) {
            Part child = readAnd();
            if (!child || m_error)
                return std::nullopt;
            children.push_back(*std::move(child));
            if (m_token.kind != Token::Kind::Or)
                return joinedNode(Node::Kind::Or, std::move(children));
            advance();
        }
    }

    [[nodiscard]] bool atEndOfAnd() const
    {
        return m_token.kind == Token::Kind::Or || m_token.kind == Token::Kind::Close ||
               m_token.kind == Token::Kind::End;
    }

    Part readAnd()
    {
        std::vector<Node> children;
        do {
            if (!children.empty() && m_token.kind == Token::Kind::And)
                advance();
            Part child = m_error ? std::nullopt : readUnary();
            if (!child || m_error)
                return std::nullopt;
            children.push_back(*std::move(child));
        } while (!atEndOfAnd());
        return joinedNode(Node::Kind::And, std::move(children));
    }

    Part readUnary()
    {
        if (m_depth == kMaxDepth)
            return fail("this filter is nested more than 64 deep");
        ++m_depth;
        Part part = readUnaryWithin();
        --m_depth;
        return part;
    }

    Part readUnaryWithin()
    {
        switch (m_token.kind) {
        case Token::Kind::Minus:
        case Token::Kind::Not: {
            advance();
            Part child = m_error ? std::nullopt : readUnary();
            return child ? Part(notNode(*std::move(child))) : std::nullopt;
        }
        case Token::Kind::Open:
            return readParentheses();
        case Token::Kind::Text:
        case Token::Kind::Predicate:
            return readTerm();
        case Token::Kind::Close:
            return fail("there is nothing before this )");
        case Token::Kind::And:
        case Token::Kind::Or:
            return fail("there is nothing before this '" + std::string(m_text.substr(m_token.offset, m_token.length)) +
                            "'",
                        "put it in quotes if it is text");
        case Token::Kind::End:
            break;
        }
        return fail("the filter ends here, where a predicate or a text was to come");
    }

    Part readParentheses()
    {
        const Token open = m_token;
        advance();
        Part inner = m_error ? std::nullopt : readOr();
        if (!inner || m_error)
            return std::nullopt;
        if (m_token.kind != Token::Kind::Close) {
            m_token = open;
            return fail("there is no ) for this (");
        }
        advance();
        return inner;
    }

    Part readTerm()
    {
        if (++m_terms > kMaxTerms)
            return fail("this filter has more than 256 terms");
        auto term = m_token.kind == Token::Kind::Text ? textTermFrom(m_token) : termFrom(m_token);
        if (auto* const error = std::get_if<FilterError>(&term)) {
            m_error = std::move(*error);
            return std::nullopt;
        }
        advance();
        Node node{.kind = Node::Kind::Term, .term = std::get<Term>(std::move(term))};
        node.subject = node.term.predicate->subject;
        return node;
    }

    std::string_view m_text;
    Lexer m_lexer;
    Token m_token;
    std::optional<FilterError> m_error;
    std::size_t m_depth = 0;
    std::size_t m_terms = 0;
};
} // namespace

std::variant<Expression, FilterError> parse(std::string_view text)
{
    if (text.size() > kMaxBytes)
        return FilterError{kMaxBytes, text.size() - kMaxBytes, "this filter is longer than 4 KiB", {}};
    if (const std::size_t zero = text.find('\0'); zero != std::string_view::npos)
        return FilterError{zero, 1, "a filter is text: there is no U+0000 in it", {}};
    return Parser(text).parse();
}

std::string sentence(const FilterError& error)
{
    return error.suggestion.empty() ? error.message : error.message + "; " + error.suggestion;
}

Error toError(const FilterError& error, std::string_view text, std::string_view what)
{
    // Characters, not bytes: that is what a person counts.
    std::size_t character = 1;
    for (const char letter : text.substr(0, error.offset))
        character += (static_cast<unsigned char>(letter) & 0xC0U) != 0x80 ? 1 : 0;
    return {ErrorCode::InvalidInput, sentence(error),
            std::string(what) + ", at character " + std::to_string(character)};
}

Result<Expression> parseFilter(std::string_view text)
{
    auto parsed = parse(text);
    if (auto* const expression = std::get_if<Expression>(&parsed))
        return std::move(*expression);
    return toError(std::get<FilterError>(parsed), text, "filter");
}

} // namespace luthien::filter
