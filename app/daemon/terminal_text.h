// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace luthien::daemon {

/// Text from outside as it may stand on a terminal: no control codes, nothing that reorders or hides, one line of at
/// most width characters.
[[nodiscard]] std::string terminalText(const std::string& text, int width);
/// The text with blanks behind it, for a column of so many bytes.
[[nodiscard]] std::string padded(std::string text, std::size_t width);

} // namespace luthien::daemon
