// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conversation/api.h"
#include "conversation/usage.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::conversation {

/// What a model's tokens cost, in USD for a million of them.
struct ModelPrice
{
    std::string model; ///< glob: '*' stands for any characters
    double input = 0;
    double output = 0;
    std::optional<double> cacheRead;  ///< absent = as input
    std::optional<double> cacheWrite; ///< absent = as input
    bool operator==(const ModelPrice&) const = default;
};

/// List prices of models. Discounts, batches and surcharges for long prompts are not in them. Immutable. Thread: any.
class PriceTable
{
public:
    PriceTable() = default;
    /// The first one that fits a model counts.
    explicit PriceTable(std::vector<ModelPrice> prices);

    [[nodiscard]] const ModelPrice* find(std::string_view model) const noexcept;
    /// In 1e-9 USD. The API tells what the numbers of usage include. Nullopt = the model is not in the table, or its
    /// provider did not say what was used.
    [[nodiscard]] std::optional<std::int64_t> costOf(Api api, std::string_view model, const Usage& usage) const;

private:
    std::vector<ModelPrice> m_prices;
};

} // namespace luthien::conversation
