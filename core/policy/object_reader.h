// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <boost/json/object.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::policy {

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
    /// The position in names of the text, or nothing if there is no such member.
    [[nodiscard]] std::optional<std::size_t> choice(std::string_view name, std::span<const std::string_view> names);
    /// The list of texts, or nothing if there is no such member.
    [[nodiscard]] std::optional<std::vector<std::string>> texts(std::string_view name);
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

} // namespace luthien::policy
