// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <boost/json/object.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::policy {

/// Whether a list may hold "".
enum class EmptyTexts : std::uint8_t { Refused, Allowed };

/// Reads what a person wrote as one JSON object. The first thing that is wrong is kept, with its place ("rules[2].do");
/// what is read after it does not count. Thread: one at a time.
class ObjectReader
{
public:
    static constexpr std::size_t kMaxTextBytes = 4096;
    static constexpr std::size_t kMaxListItems = 1000;

    /// place = where the object is, e.g. "rules[2]"; empty = it is the whole.
    explicit ObjectReader(const boost::json::object& object, std::string place = {});

    /// The text, or nothing if there is no such member. A text is at most kMaxTextBytes long.
    [[nodiscard]] std::optional<std::string> text(std::string_view name);
    /// The same where there must be one that is not empty.
    [[nodiscard]] std::string requiredText(std::string_view name);
    /// The same for a longer text, such as instructions.
    [[nodiscard]] std::optional<std::string> text(std::string_view name, std::size_t maxBytes);
    /// The number, the whole number, the truth, or nothing if there is no such member. \{
    [[nodiscard]] std::optional<double> number(std::string_view name, double least, double most);
    [[nodiscard]] std::optional<std::int64_t> whole(std::string_view name, std::int64_t least, std::int64_t most);
    [[nodiscard]] std::optional<bool> truth(std::string_view name);
    /// \}
    /// "500ms", "20s", "5m" or "1h", or nothing if there is no such member.
    [[nodiscard]] std::optional<std::chrono::milliseconds>
    duration(std::string_view name, std::chrono::milliseconds least, std::chrono::milliseconds most);
    /// The position in names of the text, or nothing if there is no such member.
    [[nodiscard]] std::optional<std::size_t> choice(std::string_view name, std::span<const std::string_view> names);
    /// The list of texts, or nothing if there is no such member.
    [[nodiscard]] std::optional<std::vector<std::string>> texts(std::string_view name,
                                                                EmptyTexts empty = EmptyTexts::Refused);
    /// The list of objects, empty if there is no such member.
    [[nodiscard]] std::vector<const boost::json::object*> objects(std::string_view name);
    /// The object, or null if there is no such member.
    [[nodiscard]] const boost::json::object* object(std::string_view name);

    /// "rules[2].do"
    [[nodiscard]] std::string placeOf(std::string_view name) const;
    /// Remembers that a member's value will not do.
    void reject(std::string_view name, std::string message);
    /// To be called last. Errors: InvalidInput: what was wrong, or a member that nobody asked for.
    [[nodiscard]] Result<void> finish();

private:
    [[nodiscard]] const boost::json::value* member(std::string_view name);

    const boost::json::object& m_object;
    std::string m_place;
    std::vector<std::string_view> m_known;
    std::optional<Error> m_error;
};

/// "a, b or c"
[[nodiscard]] std::string joinedNames(std::span<const std::string_view> names);
/// "500ms", "20s", "5m" or "1h": the largest unit that says it exactly.
[[nodiscard]] std::string durationText(std::chrono::milliseconds duration);

} // namespace luthien::policy
