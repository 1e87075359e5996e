// SPDX-License-Identifier: Apache-2.0
#include "protocol/json_tree.h"

#include <simdjson.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace luthien::protocol {

namespace ondemand = simdjson::ondemand;

namespace {
constexpr std::string_view kBlanks = " \t\r\n";

std::string_view withoutBlanksBehind(std::string_view json) noexcept
{
    const std::size_t last = json.find_last_not_of(kBlanks);
    return json.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

std::size_t digitsIn(std::string_view text) noexcept
{
    return std::min(text.find_first_not_of("0123456789"), text.size());
}

/// RFC 8259 section 6, of any size: what we do not change need not fit into a double.
bool isNumber(std::string_view json) noexcept
{
    if (json.starts_with('-'))
        json.remove_prefix(1);
    const std::size_t whole = digitsIn(json);
    if (whole == 0 || (whole > 1 && json.front() == '0'))
        return false;
    json.remove_prefix(whole);
    if (json.starts_with('.')) {
        json.remove_prefix(1);
        const std::size_t fraction = digitsIn(json);
        if (fraction == 0)
            return false;
        json.remove_prefix(fraction);
    }
    if (json.empty())
        return true;
    if (json.front() != 'e' && json.front() != 'E')
        return false;
    json.remove_prefix(1);
    if (json.starts_with('+') || json.starts_with('-'))
        json.remove_prefix(1);
    return !json.empty() && digitsIn(json) == json.size();
}
} // namespace

/// Visits every value once; simdjson checks only what is visited.
class JsonTree::Reader
{
public:
    Reader(JsonTree& tree, std::size_t maxDepth)
        : m_tree(tree)
        , m_maxDepth(maxDepth)
    {
    }

    Result<void> read()
    {
        // simdjson reads past the end, so it gets a copy with room behind.
        const simdjson::padded_string copy(m_tree.m_text);
        m_begin = copy.data();
        m_tree.m_unescaped.reserve(copy.size());
        if (isRead(copy))
            return {};
        const std::string where = m_tree.m_nodes.empty() ? "0" : std::to_string(m_tree.m_nodes.back().json.at);
        if (m_tree.m_nodes.size() >= kMaxNodes)
            return Error{ErrorCode::TooLarge, "This JSON has too many values.", "byte " + where};
        return Error{ErrorCode::InvalidInput,
                     std::string("This is not strict JSON: ") + (m_what ? m_what : "it is broken") + ".",
                     "near byte " + where};
    }

private:
    bool isRead(const simdjson::padded_string& copy)
    {
        ondemand::value root;
        if (m_parser.iterate(copy).get(m_document) || m_document.get_value().get(root) || !add(root, Piece(), 1))
            return false;
        if (m_document.current_location().error() == simdjson::OUT_OF_BOUNDS)
            return true;
        m_what = "something follows it";
        return false;
    }

    bool fail(const char* what)
    {
        m_what = what;
        return false;
    }

    bool add(ondemand::value& value, Piece key, std::size_t depth)
    {
        ondemand::json_type type{};
        if (value.type().get(type) || m_tree.m_nodes.size() >= kMaxNodes)
            return false;
        const std::string_view token = withoutBlanksBehind(value.raw_json_token());
        const std::size_t place = m_tree.m_nodes.size();
        m_tree.m_nodes.push_back(
            {.json = {offsetOf(token.data()), static_cast<std::uint32_t>(token.size())}, .key = key});
        const auto finish = [&](JsonNode::Kind kind) {
            Node& node = m_tree.m_nodes[place];
            node.kind = kind;
            node.next = static_cast<std::uint32_t>(m_tree.m_nodes.size());
            return true;
        };
        switch (type) {
        case ondemand::json_type::object:
            return depth <= m_maxDepth ? addMembers(value, place, depth) && finish(JsonNode::Kind::Object)
                                       : fail("it is nested too deep");
        case ondemand::json_type::array:
            return depth <= m_maxDepth ? addElements(value, place, depth) && finish(JsonNode::Kind::Array)
                                       : fail("it is nested too deep");
        case ondemand::json_type::string: {
            std::string_view text;
            if (value.get_string().get(text))
                return fail("a text is broken");
            m_tree.m_nodes[place].text = kept(text);
            return finish(JsonNode::Kind::String);
        }
        case ondemand::json_type::number:
            return isNumber(token) && finish(JsonNode::Kind::Number);
        case ondemand::json_type::boolean:
            return (token == "true" || token == "false") && finish(JsonNode::Kind::Boolean);
        case ondemand::json_type::null:
            return token == "null" && finish(JsonNode::Kind::Null);
        }
        return false;
    }

    bool addMembers(ondemand::value& value, std::size_t place, std::size_t depth)
    {
        ondemand::object object;
        if (value.get_object().get(object))
            return false;
        for (auto member : object) {
            std::string_view key;
            ondemand::value inner;
            if (member.unescaped_key().get(key))
                return fail("a name is broken");
            if (member.value().get(inner) || !add(inner, kept(key), depth + 1))
                return false;
        }
        close(place);
        return !hasDuplicates(place) || fail("a member occurs twice");
    }

    bool addElements(ondemand::value& value, std::size_t place, std::size_t depth)
    {
        ondemand::array array;
        if (value.get_array().get(array))
            return false;
        for (auto element : array) {
            ondemand::value inner;
            if (element.get(inner) || !add(inner, Piece(), depth + 1))
                return false;
        }
        close(place);
        return true;
    }

    /// Between a container's end and the next token there are only blanks.
    void close(std::size_t place)
    {
        const char* next = nullptr;
        const std::size_t after =
            m_document.current_location().get(next) ? m_tree.m_text.size() : static_cast<std::size_t>(next - m_begin);
        Piece& json = m_tree.m_nodes[place].json;
        json.size =
            static_cast<std::uint32_t>(withoutBlanksBehind(m_tree.m_text.substr(json.at, after - json.at)).size());
    }

    bool hasDuplicates(std::size_t place)
    {
        m_keys.clear();
        const auto count = m_tree.m_nodes.size();
        for (std::size_t child = place + 1; child < count; child = m_tree.m_nodes[child].next)
            m_keys.push_back(m_tree.unescaped(m_tree.m_nodes[child].key));
        std::ranges::sort(m_keys);
        return std::ranges::adjacent_find(m_keys) != m_keys.end();
    }

    Piece kept(std::string_view text)
    {
        const auto at = static_cast<std::uint32_t>(m_tree.m_unescaped.size());
        m_tree.m_unescaped += text;
        return {at, static_cast<std::uint32_t>(text.size())};
    }
    [[nodiscard]] std::uint32_t offsetOf(const char* at) const { return static_cast<std::uint32_t>(at - m_begin); }

    JsonTree& m_tree;
    const std::size_t m_maxDepth;
    const char* m_begin = nullptr;
    const char* m_what = nullptr;
    ondemand::parser m_parser;
    ondemand::document m_document;
    std::vector<std::string_view> m_keys;
};

Result<std::unique_ptr<const JsonTree>> JsonTree::read(std::string_view text, std::size_t maxDepth)
{
    if (text.size() > std::numeric_limits<std::uint32_t>::max() / 2)
        return Error{ErrorCode::TooLarge, "This JSON is too large.", {}};
    auto tree = std::make_unique<JsonTree>();
    tree->m_text = text;
    if (Result<void> done = Reader(*tree, maxDepth).read(); !done)
        return done.error();
    return std::unique_ptr<const JsonTree>(std::move(tree));
}

JsonNode::Kind JsonNode::kind() const noexcept
{
    return m_tree ? m_tree->m_nodes[m_index].kind : Kind::Absent;
}

std::string_view JsonNode::key() const noexcept
{
    return m_tree ? m_tree->unescaped(m_tree->m_nodes[m_index].key) : std::string_view();
}

std::string_view JsonNode::text() const noexcept
{
    return m_tree ? m_tree->unescaped(m_tree->m_nodes[m_index].text) : std::string_view();
}

std::string_view JsonNode::json() const noexcept
{
    return m_tree ? m_tree->m_text.substr(offset(), m_tree->m_nodes[m_index].json.size) : std::string_view();
}

std::size_t JsonNode::offset() const noexcept
{
    return m_tree ? m_tree->m_nodes[m_index].json.at : 0;
}

JsonNode JsonNode::operator[](std::string_view name) const noexcept
{
    if (!isObject())
        return {};
    for (const JsonNode member : *this) {
        if (member.key() == name)
            return member;
    }
    return {};
}

JsonNode::Iterator JsonNode::begin() const noexcept
{
    return isObject() || isArray() ? Iterator(m_tree, m_index + 1) : Iterator(nullptr, 0);
}

JsonNode::Iterator JsonNode::end() const noexcept
{
    return isObject() || isArray() ? Iterator(m_tree, m_tree->m_nodes[m_index].next) : Iterator(nullptr, 0);
}

bool JsonNode::isEmpty() const noexcept
{
    return begin() == end();
}

} // namespace luthien::protocol
