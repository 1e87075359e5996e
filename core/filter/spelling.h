// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace luthien::filter {

/// The candidate that was most likely meant: at most two letters wrong, missing, added or swapped, fewer in short
/// words. Empty = none is near.
[[nodiscard]] std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates);

} // namespace luthien::filter
