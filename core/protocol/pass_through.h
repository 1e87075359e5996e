// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "protocol/dialect.h"

// Dialects of APIs whose replies are forwarded and recorded, not yet understood. Their requests are read far enough
// to show them in a list, and their errors and keep-alives have the right form.
namespace luthien::protocol::pass_through {

[[nodiscard]] const Dialect& gemini() noexcept;
[[nodiscard]] const Dialect& ollama() noexcept;
[[nodiscard]] const Dialect& other() noexcept;

/// A decoder to which every event is Framing. It always is complete: only the HTTP framing tells where a reply ends.
[[nodiscard]] std::unique_ptr<StreamDecoder> makeDecoder();

} // namespace luthien::protocol::pass_through
