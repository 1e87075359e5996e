// SPDX-License-Identifier: Apache-2.0
#include "base/strict_json.h"

#include <boost/json/basic_parser_impl.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace json = boost::json;

namespace luthien {

namespace {

// Builds the value while Boost.JSON's grammar calls, and stops at the first repeated member: their own parser keeps
// the last one silently. The parser itself refuses invalid UTF-8, lone surrogates and too deep nesting.
class Builder
{
public:
    [[nodiscard]] json::value takeRoot() { return std::move(m_root); }
    [[nodiscard]] bool foundDuplicate() const noexcept { return m_foundDuplicate; }

    // The names Boost.JSON calls.
    static constexpr std::size_t max_object_size = json::object::max_size();
    static constexpr std::size_t max_array_size = json::array::max_size();
    static constexpr std::size_t max_key_size = json::string::max_size();
    static constexpr std::size_t max_string_size = json::string::max_size();

    bool on_document_begin(json::error_code&) { return true; }
    bool on_document_end(json::error_code&) { return true; }
    bool on_object_begin(json::error_code& error) { return open(json::object(), error); }
    bool on_object_end(std::size_t, json::error_code&) { return close(); }
    bool on_array_begin(json::error_code& error) { return open(json::array(), error); }
    bool on_array_end(std::size_t, json::error_code&) { return close(); }
    bool on_key_part(json::string_view part, std::size_t, json::error_code&) { return append(m_key, part); }
    bool on_key(json::string_view part, std::size_t, json::error_code&) { return append(m_key, part); }
    bool on_string_part(json::string_view part, std::size_t, json::error_code&) { return append(m_text, part); }
    bool on_string(json::string_view part, std::size_t, json::error_code& error)
    {
        append(m_text, part);
        const bool added = add(json::string(m_text), error) != nullptr;
        m_text.clear();
        return added;
    }
    bool on_number_part(json::string_view, json::error_code&) { return true; }
    bool on_int64(std::int64_t number, json::string_view, json::error_code& error) { return add(number, error); }
    bool on_uint64(std::uint64_t number, json::string_view, json::error_code& error) { return add(number, error); }
    bool on_double(double number, json::string_view, json::error_code& error) { return add(number, error); }
    bool on_bool(bool truth, json::error_code& error) { return add(truth, error); }
    bool on_null(json::error_code& error) { return add(nullptr, error); }
    bool on_comment_part(json::string_view, json::error_code&) { return true; }
    bool on_comment(json::string_view, json::error_code&) { return true; }

private:
    static bool append(std::string& text, json::string_view part)
    {
        text.append(part.data(), part.size());
        return true;
    }
    bool open(json::value container, json::error_code& error)
    {
        json::value* added = add(std::move(container), error);
        if (added != nullptr)
            m_open.push_back(added);
        return added != nullptr;
    }
    bool close()
    {
        m_open.pop_back();
        return true;
    }
    // Where the value now lies; null if its name was taken.
    json::value* add(json::value value, json::error_code& error)
    {
        if (m_open.empty())
            return &(m_root = std::move(value));
        json::value& parent = *m_open.back();
        if (json::array* list = parent.if_array())
            return &list->emplace_back(std::move(value));
        const auto [member, inserted] = parent.get_object().emplace(m_key, std::move(value));
        m_key.clear();
        if (!inserted) {
            m_foundDuplicate = true;
            error = json::error::syntax;
            return nullptr;
        }
        return &member->value();
    }

    json::value m_root;
    std::vector<json::value*> m_open; ///< outermost first; an open container's parent does not grow, so they stay
    std::string m_key;
    std::string m_text;
    bool m_foundDuplicate = false;
};

} // namespace

Result<json::value> parseStrictJson(std::string_view text, std::size_t maxDepth)
{
    json::parse_options options;
    options.max_depth = maxDepth;
    json::basic_parser<Builder> parser(options);
    json::error_code error;
    const std::size_t taken = parser.write_some(false, text.data(), text.size(), error);
    if (!error && taken < text.size())
        error = json::error::extra_data;
    if (!error)
        return parser.handler().takeRoot();
    const std::string what = parser.handler().foundDuplicate() ? "a member occurs twice" : error.message();
    return Error{ErrorCode::InvalidInput, "This is not strict JSON: " + what + ".", "byte " + std::to_string(taken)};
}

} // namespace luthien
