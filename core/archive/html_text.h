// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace luthien::archive {

/// From-to in bytes.
using ByteRange = std::pair<std::size_t, std::size_t>;

/// Text as the content of an element: whatever it says, it is shown and does nothing. Characters that are not seen
/// themselves stand as their code, and so does what is not UTF-8.
void appendHtml(std::string& out, std::string_view text);
/// The same with some ranges marked; they may come in any order, overlap, or lie outside.
void appendMarkedHtml(std::string& out, std::string_view text, std::vector<ByteRange> marked);

} // namespace luthien::archive
