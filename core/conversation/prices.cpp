// SPDX-License-Identifier: Apache-2.0
#include "conversation/prices.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace luthien::conversation {

namespace {

constexpr double kNanoUsdPerTokenAndUsdPerMillion = 1000;

bool fits(std::string_view glob, std::string_view text) noexcept
{
    std::size_t i = 0;
    std::size_t star = std::string_view::npos; ///< the last one, and how much of text it stood for
    std::size_t taken = 0;
    std::size_t t = 0;
    while (t < text.size()) {
        if (i < glob.size() && glob[i] == '*') {
            star = i++;
            taken = t;
        } else if (i < glob.size() && glob[i] == text[t]) {
            ++i;
            ++t;
        } else if (star != std::string_view::npos) {
            i = star + 1;
            t = ++taken;
        } else {
            return false;
        }
    }
    return glob.find_first_not_of('*', i) == std::string_view::npos;
}

double count(const std::optional<std::int64_t>& tokens)
{
    return static_cast<double>(std::max<std::int64_t>(tokens.value_or(0), 0));
}

} // namespace

PriceTable::PriceTable(std::vector<ModelPrice> prices)
    : m_prices(std::move(prices))
{
}

const ModelPrice* PriceTable::find(std::string_view model) const noexcept
{
    const auto found =
        std::ranges::find_if(m_prices, [&](const ModelPrice& price) { return fits(price.model, model); });
    return found == m_prices.end() ? nullptr : &*found;
}

std::optional<std::int64_t> PriceTable::costOf(Api api, std::string_view model, const Usage& usage) const
{
    const ModelPrice* price = find(model);
    if (!price || (!usage.input && !usage.output))
        return std::nullopt;
    const double read = count(usage.cacheRead);
    const double written = count(usage.cacheWrite);
    // Anthropic counts what went through the cache beside the input, the others within it.
    const double input =
        api == Api::AnthropicMessages ? count(usage.input) : std::max(count(usage.input) - read - written, 0.0);
    const double usdPerMillion = input * price->input + count(usage.output) * price->output +
                                 read * price->cacheRead.value_or(price->input) +
                                 written * price->cacheWrite.value_or(price->input);
    return std::llround(usdPerMillion * kNanoUsdPerTokenAndUsdPerMillion);
}

} // namespace luthien::conversation
