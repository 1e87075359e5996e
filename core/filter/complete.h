// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::filter {

/// One way to go on.
struct Candidate
{
    std::string text; ///< stands in place of the bytes from Completion::offset on
    std::string help; ///< one line
    bool operator==(const Candidate&) const = default;
};

/// What may stand at the cursor.
struct Completion
{
    std::size_t offset = 0; ///< bytes
    std::size_t length = 0; ///< bytes that a candidate takes the place of
    std::vector<Candidate> candidates;
    bool operator==(const Completion&) const = default;
};

/// For a field in which a filter is typed: names of predicates that begin like the word at the cursor, or the fixed
/// values of its predicate; nothing within quotes and expressions. cursor: bytes, at most text.size(). Thread: any.
[[nodiscard]] Completion complete(std::string_view text, std::size_t cursor);

} // namespace luthien::filter
