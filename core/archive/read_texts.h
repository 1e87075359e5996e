// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/search_texts.h"

#include <string_view>
#include <vector>

namespace luthien::archive {

/// What can be searched in a content: see store::ReadTexts. A kind that says several things has them in lines of their
/// own.
[[nodiscard]] std::vector<store::SearchText> readTexts(const store::ContentSource& source, std::string_view bytes);

} // namespace luthien::archive
