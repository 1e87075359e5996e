// SPDX-License-Identifier: Apache-2.0
#include "policy/object_reader.h"

#include <algorithm>
#include <utility>

namespace luthien::policy {

namespace {
namespace json = boost::json;

std::string_view view(json::string_view text)
{
    return {text.data(), text.size()};
}
} // namespace

ObjectReader::ObjectReader(const json::object& object, std::string place)
    : m_object(object)
    , m_place(std::move(place))
{
}

const json::value* ObjectReader::member(std::string_view name)
{
    m_known.push_back(name);
    return m_object.if_contains(json::string_view(name.data(), name.size()));
}

std::optional<std::string> ObjectReader::text(std::string_view name)
{
    const json::value* value = member(name);
    if (!value)
        return std::nullopt;
    const json::string* text = value->if_string();
    if (!text)
        reject(name, "This must be a text.");
    else if (text->size() > kMaxTextBytes)
        reject(name, "This text is longer than " + std::to_string(kMaxTextBytes) + " bytes.");
    else
        return std::string(text->data(), text->size());
    return std::nullopt;
}

std::string ObjectReader::requiredText(std::string_view name)
{
    std::string value = text(name).value_or(std::string());
    if (value.empty())
        reject(name, "This is missing or empty.");
    return value;
}

std::optional<std::size_t> ObjectReader::choice(std::string_view name, std::span<const std::string_view> names)
{
    const std::optional<std::string> value = text(name);
    if (!value)
        return std::nullopt;
    const auto found = std::find(names.begin(), names.end(), *value);
    if (found == names.end()) {
        reject(name, "This must be " + joinedNames(names) + ".");
        return std::nullopt;
    }
    return static_cast<std::size_t>(found - names.begin());
}

std::optional<std::vector<std::string>> ObjectReader::texts(std::string_view name)
{
    const json::value* value = member(name);
    if (!value)
        return std::nullopt;
    const json::array* list = value->if_array();
    if (!list || list->size() > kMaxListItems) {
        reject(name, "This must be a list of at most " + std::to_string(kMaxListItems) + " texts.");
        return std::nullopt;
    }
    std::vector<std::string> result;
    for (const json::value& item : *list) {
        const json::string* text = item.if_string();
        if (!text || text->empty() || text->size() > kMaxTextBytes) {
            reject(std::string(name) + "[" + std::to_string(result.size()) + "]",
                   "This must be a text of 1 to 4096 bytes.");
            return std::nullopt;
        }
        result.emplace_back(text->data(), text->size());
    }
    return result;
}

std::vector<const json::object*> ObjectReader::objects(std::string_view name)
{
    std::vector<const json::object*> result;
    const json::value* value = member(name);
    if (!value)
        return result;
    const json::array* list = value->if_array();
    if (!list || list->size() > kMaxListItems) {
        reject(name, "This must be a list of at most " + std::to_string(kMaxListItems) + " objects.");
        return result;
    }
    for (const json::value& item : *list) {
        if (!item.is_object()) {
            reject(std::string(name) + "[" + std::to_string(result.size()) + "]", "This must be an object.");
            return {};
        }
        result.push_back(&item.get_object());
    }
    return result;
}

const json::object* ObjectReader::object(std::string_view name)
{
    const json::value* value = member(name);
    if (value && !value->is_object())
        reject(name, "This must be an object.");
    return value ? value->if_object() : nullptr;
}

std::string ObjectReader::placeOf(std::string_view name) const
{
    return m_place.empty() ? std::string(name) : m_place + "." + std::string(name);
}

void ObjectReader::reject(std::string_view name, std::string message)
{
    if (!m_error)
        m_error = Error{ErrorCode::InvalidInput, std::move(message), placeOf(name)};
}

Result<void> ObjectReader::finish()
{
    for (const json::key_value_pair& pair : m_object) {
        const std::string_view name = view(pair.key());
        if (std::find(m_known.begin(), m_known.end(), name) == m_known.end())
            reject(name.substr(0, 64), m_known.empty()
                                           ? "There is no such member; this has no settings."
                                           : "There is no such member; it may be " + joinedNames(m_known) + ".");
    }
    return m_error ? Result<void>(*m_error) : Result<void>();
}

std::string joinedNames(std::span<const std::string_view> names)
{
    std::string result;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i > 0)
            result += i + 1 == names.size() ? " or " : ", ";
        result += names[i];
    }
    return result;
}

} // namespace luthien::policy
