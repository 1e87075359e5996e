// SPDX-License-Identifier: Apache-2.0
#include "policy/object_reader.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace luthien::policy {

namespace {
namespace json = boost::json;

std::string_view view(json::string_view text)
{
    return {text.data(), text.size()};
}

struct DurationUnit
{
    std::string_view name;
    std::int64_t millis;
};
// The largest first.
constexpr std::array<DurationUnit, 4> kDurationUnits{{{"h", 3'600'000}, {"m", 60'000}, {"s", 1000}, {"ms", 1}}};
constexpr std::int64_t kMaxDurationCount = 1'000'000'000;

std::optional<std::chrono::milliseconds> durationFrom(std::string_view text)
{
    std::int64_t count = 0;
    const auto [rest, failure] = std::from_chars(text.data(), text.data() + text.size(), count);
    const std::string_view name = text.substr(static_cast<std::size_t>(rest - text.data()));
    const auto* unit = std::ranges::find(kDurationUnits, name, &DurationUnit::name);
    if (failure != std::errc() || count < 0 || count > kMaxDurationCount || unit == kDurationUnits.end())
        return std::nullopt;
    return std::chrono::milliseconds(count * unit->millis);
}

/// "such as 20s or 5m": durations that are in bounds, as far as there are usual ones.
std::string exampleDurations(std::chrono::milliseconds least, std::chrono::milliseconds most)
{
    constexpr std::array kUsual{500, 20'000, 300'000, 3'600'000};
    constexpr std::size_t kEnough = 3;
    std::vector<std::string> examples;
    for (const int millis : kUsual) {
        const std::chrono::milliseconds usual(millis);
        if (usual >= least && usual <= most && examples.size() < kEnough)
            examples.push_back(durationText(usual));
    }
    std::vector<std::string_view> names(examples.begin(), examples.end());
    return names.empty() ? std::string() : ", such as " + joinedNames(names);
}

/// Without an exponent: "1000000", "0.5".
std::string plainNumber(double number)
{
    std::array<char, 64> text{};
    const auto [end, failure] = std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    return failure == std::errc() ? std::string(text.data(), end) : std::to_string(number);
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
    return text(name, kMaxTextBytes);
}

std::optional<std::string> ObjectReader::text(std::string_view name, std::size_t maxBytes)
{
    const json::value* value = member(name);
    if (!value)
        return std::nullopt;
    const json::string* text = value->if_string();
    if (!text)
        reject(name, "This must be a text.");
    else if (text->size() > maxBytes)
        reject(name, "This text is longer than " + std::to_string(maxBytes) + " bytes.");
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

std::optional<double> ObjectReader::number(std::string_view name, double least, double most)
{
    const json::value* value = member(name);
    if (!value)
        return std::nullopt;
    boost::system::error_code error;
    const auto number = value->is_number() ? value->to_number<double>(error) : std::nan("");
    if (number >= least && number <= most)
        return number;
    reject(name, "This must be a number from " + plainNumber(least) + " to " + plainNumber(most) + ".");
    return std::nullopt;
}

std::optional<std::int64_t> ObjectReader::whole(std::string_view name, std::int64_t least, std::int64_t most)
{
    const json::value* value = member(name);
    if (!value)
        return std::nullopt;
    if (const std::int64_t* number = value->if_int64(); number && *number >= least && *number <= most)
        return *number;
    reject(name, "This must be a whole number from " + std::to_string(least) + " to " + std::to_string(most) + ".");
    return std::nullopt;
}

std::optional<bool> ObjectReader::truth(std::string_view name)
{
    const json::value* value = member(name);
    if (value && !value->is_bool())
        reject(name, "This must be true or false.");
    return value && value->is_bool() ? std::optional(value->get_bool()) : std::nullopt;
}

std::optional<std::chrono::milliseconds> ObjectReader::duration(std::string_view name, std::chrono::milliseconds least,
                                                                std::chrono::milliseconds most)
{
    const std::optional<std::string> text = this->text(name);
    if (!text)
        return std::nullopt;
    const std::optional<std::chrono::milliseconds> duration = durationFrom(*text);
    if (duration && *duration >= least && *duration <= most)
        return duration;
    reject(name, "This must be a duration from " + durationText(least) + " to " + durationText(most) +
                     exampleDurations(least, most) + ".");
    return std::nullopt;
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

std::optional<std::vector<std::string>> ObjectReader::texts(std::string_view name, EmptyTexts empty)
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
        if (!text || (text->empty() && empty == EmptyTexts::Refused) || text->size() > kMaxTextBytes) {
            reject(std::string(name) + "[" + std::to_string(result.size()) + "]",
                   "This must be a text of " + std::string(empty == EmptyTexts::Refused ? "1 to" : "at most") +
                       " 4096 bytes.");
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

std::string durationText(std::chrono::milliseconds duration)
{
    const auto* unit = std::ranges::find_if(
        kDurationUnits, [&](const DurationUnit& candidate) { return duration.count() % candidate.millis == 0; });
    return std::to_string(duration.count() / unit->millis) + std::string(unit->name);
}

} // namespace luthien::policy
