// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <stop_token>
#include <string_view>
#include <vector>

namespace luthien::desktop {

/// Places of a JSON text where a name or a value says something, ascending; at most `most`, one for each name and
/// value. Letters of ASCII are found in either case; escapes are read first.
[[nodiscard]] std::vector<std::size_t> findInJson(std::string_view text, std::string_view wanted, std::size_t most,
                                                  const std::stop_token& stop = {});
/// The same in any text, one for each line.
[[nodiscard]] std::vector<std::size_t> findInLines(std::string_view text, std::string_view wanted, std::size_t most,
                                                   const std::stop_token& stop = {});

} // namespace luthien::desktop
