// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "guard/sql_phrases.h"

#include <span>
#include <string_view>

namespace luthien::guard {

/// Whether a phrase found in text of unknown kind is a statement rather than a sentence: it begins a line or follows
/// `;`, and goes on as the grammar asks ("Drop table reservations for Friday" does not).
[[nodiscard]] bool hasStatementShape(std::string_view text, std::span<const SqlToken> tokens, const SqlPhrase& phrase);

} // namespace luthien::guard
