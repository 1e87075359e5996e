// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/glob.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace luthien::policy::builtin {

/// One replacement.
struct Replacement
{
    std::string from;
    std::string to;
    Pattern expression;          ///< null = from is literal
    bool matchesAnyCase = false; ///< literal only: any case is found, and the replacement takes the match's shape
};

/// A replacement at work on a text that comes in parts: whatever the parts, what comes out is what it makes of the
/// whole. Thread: one at a time.
class TextStage
{
public:
    virtual ~TextStage() = default;
    /// Appends to out what can no longer be part of a match.
    virtual void add(std::string_view part, std::string& out) = 0;
    /// The text is complete.
    virtual void end(std::string& out) = 0;
};

/// An expression sees one line at a time, without its line break, and of a line at most so many bytes.
inline constexpr std::size_t kMaxLineBytes = 4096;

/// The replacement outlives the stage. It keeps back at most from's length - 1, or a line.
[[nodiscard]] std::unique_ptr<TextStage> makeTextStage(const Replacement& replacement);

/// replacement in the shape of match: UPPER, lower or Title; another mixture letter by letter, letters beyond the
/// match's as they are.
[[nodiscard]] std::u32string withShapeOf(std::u32string_view match, std::u32string_view replacement);

} // namespace luthien::policy::builtin
