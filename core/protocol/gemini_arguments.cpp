// SPDX-License-Identifier: Apache-2.0
#include "protocol/gemini_arguments.h"

#include "protocol/json_write.h"

#include <charconv>
#include <optional>
#include <variant>

namespace luthien::protocol::gemini {

namespace json = boost::json;

namespace {

constexpr std::size_t kMaxSteps = 64;

using Step = std::variant<std::string, std::size_t>;

Error badPath(std::string_view path)
{
    return {ErrorCode::InvalidInput, "A streamed argument's path cannot be followed.", std::string(path)};
}

/// "[0]", "['name']" or ["name"], without the brackets.
std::optional<Step> bracketStep(std::string_view inner)
{
    if (inner.size() >= 2 && (inner.front() == '\'' || inner.front() == '"') && inner.back() == inner.front())
        return std::string(inner.substr(1, inner.size() - 2));
    std::size_t index = 0;
    const auto [end, error] = std::from_chars(inner.data(), inner.data() + inner.size(), index);
    if (error != std::errc() || end != inner.data() + inner.size())
        return std::nullopt;
    return index;
}

/// Takes the next step off a path such as "$.recipe.steps[0]", whose "$" is gone.
std::optional<Step> takeStep(std::string_view& path)
{
    if (path.starts_with('.')) {
        const std::size_t end = path.find_first_of(".[", 1);
        const std::string_view name = path.substr(1, end == std::string_view::npos ? end : end - 1);
        path.remove_prefix(1 + name.size());
        return name.empty() ? std::nullopt : std::optional<Step>(std::string(name));
    }
    if (!path.starts_with('['))
        return std::nullopt;
    const bool isQuoted = path.size() > 1 && (path[1] == '\'' || path[1] == '"');
    std::size_t end = path.find(']');
    if (isQuoted) {
        const std::size_t quote = path.find(path[1], 2);
        end = quote == std::string_view::npos ? quote : path.find(']', quote);
    }
    if (end == std::string_view::npos)
        return std::nullopt;
    const auto step = bracketStep(path.substr(1, end - 1));
    path.remove_prefix(end + 1);
    return step;
}

/// The member or element, made if it is the next one; null if it cannot be.
json::value* child(json::value& parent, const Step& step)
{
    if (const auto* name = std::get_if<std::string>(&step)) {
        if (parent.is_null())
            parent = json::object();
        return parent.is_object() ? &parent.get_object()[toJsonText(*name)] : nullptr;
    }
    const std::size_t index = std::get<std::size_t>(step);
    if (parent.is_null())
        parent = json::array();
    json::array* list = parent.if_array();
    if (!list || index > list->size())
        return nullptr;
    if (index == list->size())
        list->emplace_back(nullptr);
    return &(*list)[index];
}

} // namespace

Result<json::value*> StreamedArguments::place(std::string_view path)
{
    if (!path.starts_with('$'))
        return badPath(path);
    std::string_view rest = path.substr(1);
    json::value* at = &m_root;
    for (std::size_t steps = 0; !rest.empty(); ++steps) {
        const auto step = takeStep(rest);
        at = step && steps < kMaxSteps ? child(*at, *step) : nullptr;
        if (!at)
            return badPath(path);
    }
    return at;
}

Result<void> StreamedArguments::add(const json::object& entry)
{
    const json::value* path = entry.if_contains("jsonPath");
    if (!path || !path->is_string())
        return badPath({});
    const std::string_view name = fromJsonText(path->get_string());
    const Result<json::value*> found = place(name);
    if (!found)
        return found.error();
    json::value& target = **found;
    const json::value* text = entry.if_contains("stringValue");
    const bool goesOn = !m_openText.empty() && m_openText == name;
    if (goesOn && text && text->is_string() && target.is_string()) {
        target.get_string().append(text->get_string());
    } else if (goesOn || !target.is_null()) {
        return badPath(name); // it has its value already
    } else {
        const json::value* value = text;
        for (const char* kind : {"numberValue", "boolValue"})
            value = value ? value : entry.if_contains(kind);
        if (value)
            target = *value;
    }
    const json::value* more = entry.if_contains("willContinue");
    const bool isOpen = more && more->is_bool() && more->get_bool();
    m_openText = isOpen ? std::string(name) : std::string();
    return {};
}

} // namespace luthien::protocol::gemini
