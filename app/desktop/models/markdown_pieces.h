// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/text_piece.h"

#include <string_view>
#include <vector>

namespace luthien::desktop {

/// Markdown as rows: CommonMark with tables, struck text, task lists and bare addresses. HTML stays the text it is, an
/// image is named with its address, and nothing is ever loaded. Meant for a few KiB at a time. Thread: any.
[[nodiscard]] std::vector<TextPiece> readMarkdown(std::string_view utf8);

} // namespace luthien::desktop
