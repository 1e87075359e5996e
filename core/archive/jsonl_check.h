// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/sha256.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace luthien::archive {

/// What a check of an exported file found.
struct JsonlReport
{
    std::uint64_t lines = 0;     ///< looked at
    std::uint64_t decisions = 0; ///< whose links were computed again
    std::uint64_t unlinked = 0;  ///< decisions that carry no link
    std::uint64_t wrongLine = 0; ///< counted from 1
    std::string wrong;           ///< one sentence; empty = the file holds
};

/// Takes a JSONL export line by line: every decision must be what its link says, and the last line must count and hash
/// those before it. What is no decision is covered by that hash alone, which whoever changes the file can compute anew.
class JsonlCheck
{
public:
    /// The next line, without its end. False = something is wrong; the rest need not be read.
    [[nodiscard]] bool add(std::string_view line);
    /// There are no more lines.
    [[nodiscard]] const JsonlReport& finish();

private:
    [[nodiscard]] bool fails(std::string what);

    Sha256 m_sha256; ///< of the lines before this one
    bool m_hasEnded = false;
    JsonlReport m_report;
};

} // namespace luthien::archive
