// SPDX-License-Identifier: Apache-2.0
#include "policy/argument_value.h"

#include <boost/json/serialize.hpp>

namespace luthien::policy {

namespace json = boost::json;

bool isJsonPointer(std::string_view text) noexcept
{
    for (std::size_t tilde = text.find('~'); tilde != std::string_view::npos; tilde = text.find('~', tilde + 1)) {
        if (tilde + 1 == text.size() || (text[tilde + 1] != '0' && text[tilde + 1] != '1'))
            return false;
    }
    return text.empty() || text.front() == '/';
}

std::optional<ArgumentValue> argumentValue(const json::value* arguments, std::string_view freeText,
                                           std::string_view pointer, std::string& scratch)
{
    if (!arguments)
        return pointer.empty() ? std::optional(ArgumentValue{freeText, true}) : std::nullopt;
    boost::system::error_code error;
    const json::value* value = arguments->find_pointer(json::string_view(pointer.data(), pointer.size()), error);
    if (!value || error)
        return std::nullopt;
    if (const json::string* text = value->if_string())
        return ArgumentValue{{text->data(), text->size()}, true};
    scratch = json::serialize(*value);
    return ArgumentValue{scratch, false};
}

} // namespace luthien::policy
