// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "conversation/prices.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace luthien::runtime {

/// A price table and the day it was written.
struct PriceFile
{
    std::string asOf; ///< YYYY-MM-DD
    conversation::PriceTable prices;
};

/// Reads the form of resources/prices.yaml. Errors: TooLarge, InvalidInput; context = name:LINE.
[[nodiscard]] Result<PriceFile> readPrices(std::string_view yaml, const std::string& name);
/// The file if there is one, else the table that comes with the program. Errors: as above, Io.
[[nodiscard]] Result<PriceFile> loadPrices(const std::filesystem::path& file);

} // namespace luthien::runtime
