// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::protocol {

class JsonTree;

/// A value of a JsonTree, or none: then it has no members, no text and no JSON. Valid as long as the tree.
class JsonNode
{
public:
    enum class Kind : std::uint8_t { Absent, Object, Array, String, Number, Boolean, Null };
    class Iterator;

    JsonNode() = default;

    [[nodiscard]] Kind kind() const noexcept;
    [[nodiscard]] explicit operator bool() const noexcept { return m_tree != nullptr; }
    [[nodiscard]] bool isObject() const noexcept { return kind() == Kind::Object; }
    [[nodiscard]] bool isArray() const noexcept { return kind() == Kind::Array; }
    [[nodiscard]] bool isString() const noexcept { return kind() == Kind::String; }
    [[nodiscard]] bool isNull() const noexcept { return kind() == Kind::Null; }
    [[nodiscard]] bool isTrue() const noexcept { return json() == "true"; }
    /// The name it has in its object, without escapes; empty for elements.
    [[nodiscard]] std::string_view key() const noexcept;
    /// A string's text without escapes; empty for anything else.
    [[nodiscard]] std::string_view text() const noexcept;
    /// Its bytes in the tree's text; offset says where they begin there.
    [[nodiscard]] std::string_view json() const noexcept;
    [[nodiscard]] std::size_t offset() const noexcept;
    /// A member of an object.
    [[nodiscard]] JsonNode operator[](std::string_view name) const noexcept;
    /// Members or elements, in the order of the text.
    [[nodiscard]] Iterator begin() const noexcept;
    [[nodiscard]] Iterator end() const noexcept;
    [[nodiscard]] bool isEmpty() const noexcept;

private:
    friend class JsonTree;
    JsonNode(const JsonTree& tree, std::uint32_t index) noexcept
        : m_tree(&tree)
        , m_index(index)
    {
    }

    const JsonTree* m_tree = nullptr;
    std::uint32_t m_index = 0;
};

/// A JSON object or list, read as strictly as parseStrictJson does, that knows where each value stands: what changes a
/// value replaces its bytes and leaves all others as they are.
class JsonTree
{
public:
    /// text outlives the tree. Errors: InvalidInput, as parseStrictJson; TooLarge for more than kMaxNodes values.
    [[nodiscard]] static Result<std::unique_ptr<const JsonTree>> read(std::string_view text,
                                                                      std::size_t maxDepth = 128);
    static constexpr std::size_t kMaxNodes = 4'000'000; ///< 32 bytes each

    [[nodiscard]] JsonNode root() const noexcept { return {*this, 0}; }

private:
    friend class JsonNode;
    friend class JsonNode::Iterator;
    class Reader;

    struct Piece
    {
        std::uint32_t at = 0;
        std::uint32_t size = 0;
    };
    struct Node
    {
        Piece json;
        Piece key;              ///< of m_unescaped
        Piece text;             ///< of m_unescaped
        std::uint32_t next = 0; ///< the first node that is not inside of this one
        JsonNode::Kind kind = JsonNode::Kind::Null;
    };

    [[nodiscard]] std::string_view unescaped(Piece piece) const noexcept
    {
        return std::string_view(m_unescaped).substr(piece.at, piece.size);
    }

    std::string_view m_text;
    std::string m_unescaped;   ///< names and texts, one after the other
    std::vector<Node> m_nodes; ///< in the order of the text
};

class JsonNode::Iterator
{
public:
    Iterator(const JsonTree* tree, std::uint32_t index) noexcept
        : m_tree(tree)
        , m_index(index)
    {
    }
    [[nodiscard]] JsonNode operator*() const noexcept { return {*m_tree, m_index}; }
    Iterator& operator++() noexcept
    {
        m_index = m_tree->m_nodes[m_index].next;
        return *this;
    }
    [[nodiscard]] bool operator==(const Iterator& other) const noexcept { return m_index == other.m_index; }

private:
    const JsonTree* m_tree;
    std::uint32_t m_index;
};

} // namespace luthien::protocol
